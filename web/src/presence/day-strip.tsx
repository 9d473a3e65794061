import { useMemo } from "preact/hooks";
import { badgeText } from "../app/badge.js";
import { clockText, spokenText } from "../app/duration.js";
import { locale } from "../app/locale.js";
import { useNow } from "../app/ticker.js";
import type { Intervals } from "../app/wire.js";
import { t as app } from "../app/words.js";
import type { ZonedTime } from "../app/zone.js";
import { sayReason, sayState } from "./said.js";
import { type Segment, stripOf, totalsOf } from "./strip.js";
import { t } from "./texts.js";

/** So often the open piece grows, in milliseconds: finer is not to be seen. */
const growth = 5_000;

const Totals = ({ day }: { day: Intervals }) => {
  const now = useNow().getTime();
  const { states, reasons } = totalsOf(day, now);
  return (
    <ul class="totals">
      {states.map(({ state, ms }) => (
        <li key={state}>
          <span class={`swatch ${state}`} aria-hidden="true" />
          <span>{badgeText(state)}</span> <strong class="numeric">{clockText(ms)}</strong>
          <span class="calm">
            {reasons
              .filter((r) => r.state === state)
              .slice(0, 3)
              .map((r) => `${sayReason(r.reason ?? "")} ${clockText(r.ms)}`)
              .join(" · ")}
          </span>
        </li>
      ))}
    </ul>
  );
};

/** An agent's day so far: a strip of pieces that differ in colour and height, and the same as a table. */
export const DayStrip = ({ day, zone }: { day: Intervals; zone: ZonedTime }) => {
  const now = Math.floor(useNow().getTime() / growth) * growth;
  const { segments, ticks } = useMemo(() => stripOf(day, Math.max(now, Date.parse(day.timestamp))), [day, now]);
  const tell = ({ interval, from, to }: Segment): string =>
    t("day.piece", { from: zone.short(new Date(from)), to: interval.to === null ? t("day.now") : zone.short(new Date(to)), state: sayState(interval.state, interval.reason), time: spokenText(to - from, locale.value) });

  if (segments.length === 0) return <p class="calm">{t("day.empty")}</p>;
  return (
    <div class="day">
      <div class="strip" role="img" aria-label={t("day.label", { count: segments.length })}>
        {segments.map((segment) => (
          <span
            key={segment.interval.from}
            class={`piece ${segment.interval.state}`}
            title={tell(segment)}
            style={{ left: `${segment.left * 100}%`, width: `${segment.width * 100}%` }}
          />
        ))}
      </div>
      <div class="ticks numeric" aria-hidden="true">
        {ticks.map(({ at, left }) => (
          <span key={at} style={{ left: `${left * 100}%` }}>
            {zone.short(new Date(at))}
          </span>
        ))}
      </div>
      <Totals day={day} />
      <details>
        <summary>{t("day.table", { count: segments.length })}</summary>
        <div class="table-box" tabIndex={0} role="region" aria-label={t("day.title")}>
          <table class="table">
            <thead>
              <tr>
                <th scope="col">{t("day.from")}</th>
                <th scope="col">{t("day.to")}</th>
                <th scope="col">{t("day.state")}</th>
                <th scope="col" class="direction">{t("day.direction")}</th>
                <th scope="col" class="end">
                  {t("day.time")}
                </th>
              </tr>
            </thead>
            <tbody>
              {[...segments].reverse().map(({ interval, from, to }) => (
                <tr key={interval.from}>
                  <td>{zone.exact(new Date(from))}</td>
                  <td>{interval.to === null ? t("day.now") : zone.exact(new Date(to))}</td>
                  <td>{sayState(interval.state, interval.reason)}</td>
                  <td class="direction">{app(`direction.${interval.direction}`)}</td>
                  <td class="end">{clockText(to - from)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </div>
  );
};
