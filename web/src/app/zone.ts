/** Times in a tenant's zone, in the words of a locale. */
export interface ZonedTime {
  /** 14:03 */
  short: (moment: string | Date) => string;
  /** 14:03:22 */
  exact: (moment: string | Date) => string;
  /** Wednesday, 25 November 2026 */
  day: (moment: string | Date) => string;
  /** 25 Nov, 14:03 */
  dated: (moment: string | Date) => string;
  /** The name of the zone. */
  readonly zone: string;
}

/** The zone, or the browser's where it does not know that name. */
const known = (zone: string): string => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return Intl.DateTimeFormat().resolvedOptions().timeZone;
  }
};

/** English that writes 24 hours and the day first, as a floor's clocks do. */
const regional = (locale: string): string => (locale === "en" ? "en-GB" : locale);

export const zonedTime = (zone: string, locale: string): ZonedTime => {
  const timeZone = known(zone);
  const format = (options: Intl.DateTimeFormatOptions): ((moment: string | Date) => string) => {
    const formatter = new Intl.DateTimeFormat(regional(locale), { timeZone, ...options });
    return (moment) => formatter.format(typeof moment === "string" ? new Date(moment) : moment);
  };
  return {
    zone: timeZone,
    short: format({ hour: "2-digit", minute: "2-digit" }),
    exact: format({ hour: "2-digit", minute: "2-digit", second: "2-digit" }),
    day: format({ weekday: "long", day: "numeric", month: "long", year: "numeric" }),
    dated: format({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }),
  };
};
