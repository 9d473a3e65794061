import { useEffect, useState } from "preact/hooks";
import { Banner } from "../app/banner.js";
import { Button } from "../app/button.js";
import type { Intervals } from "../app/wire.js";
import { t as app } from "../app/words.js";
import type { ZonedTime } from "../app/zone.js";
import { DayStrip } from "../presence/day-strip.js";
import { t } from "./texts.js";

/** Intervals are made from the log a moment after a change. */
const settling = 400;
/** A day that nothing changes is read anew so often: it may have become another. */
const interval = 300_000;

interface DayCardProps {
  load: (signal: AbortSignal) => Promise<Intervals>;
  zone: ZonedTime;
  /** Another value: something has changed. */
  version: string;
  startedAt: string | null;
}

/** The agent's day so far. */
export const DayCard = ({ load, zone, version, startedAt }: DayCardProps) => {
  const [day, setDay] = useState<Intervals | null>(null);
  const [failed, setFailed] = useState(false);
  const [turn, setTurn] = useState(0);

  useEffect(() => {
    const life = new AbortController();
    const read = (): void =>
      void load(life.signal).then(
        (answer) => {
          if (life.signal.aborted) return;
          setDay(answer);
          setFailed(false);
        },
        () => life.signal.aborted || setFailed(true),
      );
    const soon = setTimeout(read, settling);
    const again = setInterval(read, interval);
    return () => {
      life.abort();
      clearTimeout(soon);
      clearInterval(again);
    };
  }, [version, turn]);

  return (
    <section class="card day-card" aria-labelledby="day-title">
      <div class="card-head">
        <h2 id="day-title">{t("day")}</h2>
        {startedAt && <span class="calm">{t("day.session", { time: zone.short(startedAt) })}</span>}
      </div>
      {failed && (
        <Banner kind="warning" actions={<Button onClick={() => setTurn(turn + 1)}>{app("retry")}</Button>}>
          {t("day.failed")}
        </Banner>
      )}
      {day ? <DayStrip day={day} zone={zone} /> : !failed && <p class="calm">{app("loading")}</p>}
    </section>
  );
};
