/** A length of time as a clock shows it: 0:07, 12:34, 1:02:03. What is negative, because clocks differ, is 0:00. */
export const clockText = (milliseconds: number): string => {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (n: number): string => String(n).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
};

/** The same as people say it, in the locale's words, with its two largest units: "1 h 2 min", "12 min 34 s". */
export const spokenText = (milliseconds: number, locale: string, style: "short" | "long" = "short"): string => {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const parts: [number, "hour" | "minute" | "second"][] = [
    [Math.floor(seconds / 3600), "hour"],
    [Math.floor(seconds / 60) % 60, "minute"],
    [seconds % 60, "second"],
  ];
  const first = Math.max(0, parts.findIndex(([n]) => n > 0));
  const said = seconds === 0 ? parts.slice(2) : parts.slice(first, first + 2).filter(([n]) => n > 0);
  return said.map(([n, unit]) => new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: style }).format(n)).join(" ");
};

/** How long ago a moment was, in milliseconds; 0 for no moment. */
export const sinceThen = (then: string | null | undefined, now: Date): number => (then ? Math.max(0, now.getTime() - Date.parse(then)) : 0);
