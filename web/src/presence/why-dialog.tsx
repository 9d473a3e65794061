import { useEffect, useState } from "preact/hooks";
import { Banner } from "../app/banner.js";
import { Button } from "../app/button.js";
import { Dialog } from "../app/dialog.js";
import { sinceThen, spokenText } from "../app/duration.js";
import { locale } from "../app/locale.js";
import { type Refusal, refusalOf } from "../app/refusal.js";
import { useNow } from "../app/ticker.js";
import type { Why } from "../app/wire.js";
import { sayRefusal, t as app } from "../app/words.js";
import type { ZonedTime } from "../app/zone.js";
import { t } from "./texts.js";
import { type Listener, tellNow, tellStep, tellTimer } from "./why.js";

interface WhyDialogProps {
  load: (signal: AbortSignal) => Promise<Why>;
  zone: ZonedTime;
  /** Of whom it is told to somebody else; without it, it is told to the agent. */
  name?: string;
  onClose: () => void;
}

const Chain = ({ why, zone, listener }: { why: Why; zone: ZonedTime; listener: Listener }) => (
  <ol class="chain">
    {why.chain.map((step, index) => {
      const { text, evidence, foreign } = tellStep(step, listener, zone.exact);
      return (
        <li key={`${step.at} ${index}`} class={step.cause}>
          <time dateTime={step.at}>{zone.exact(step.at)}</time>
          <div>
            <p lang={foreign ? "en" : undefined}>{text}</p>
            {evidence.length > 0 && <p class="calm">{evidence.join(" ")}</p>}
            {index === 0 && why.truncated && <p class="calm">{t("why.before")}</p>}
          </div>
        </li>
      );
    })}
  </ol>
);

/** How things stand now; it goes on counting while the dialog is open. */
const Standing = ({ why, zone, listener }: { why: Why; zone: ZonedTime; listener: Listener }) => {
  const now = useNow();
  return <p>{tellNow(why, listener, zone.exact, spokenText(sinceThen(why.since, now), locale.value, "long"))}</p>;
};

/** What led to somebody's state, how things stand, and what happens by itself. */
export const WhyDialog = ({ load, zone, name, onClose }: WhyDialogProps) => {
  const [why, setWhy] = useState<Why | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [turn, setTurn] = useState(0);
  const listener: Listener = name === undefined ? "own" : "other";

  useEffect(() => {
    const life = new AbortController();
    setRefusal(null);
    load(life.signal).then(
      (answer) => life.signal.aborted || setWhy(answer),
      (cause: unknown) => life.signal.aborted || setRefusal(refusalOf(cause)),
    );
    return () => life.abort();
  }, [turn]);

  return (
    <Dialog title={name === undefined ? t("why.title") : t("why.titleOther", { name })} wide reading onClose={onClose}>
      {refusal && (
        <Banner kind="danger" actions={<Button onClick={() => setTurn(turn + 1)}>{app("retry")}</Button>}>
          {sayRefusal(refusal)}
        </Banner>
      )}
      {!why && !refusal && <p class="calm">{app("loading")}</p>}
      {why && (
        <>
          <section>
            <h3>{t("why.now")}</h3>
            <Standing why={why} zone={zone} listener={listener} />
          </section>
          <section>
            <h3>{t("why.chain")}</h3>
            <Chain why={why} zone={zone} listener={listener} />
          </section>
          {why.timers.length > 0 && (
            <section>
              <h3>{t(`why.timers.${listener}`)}</h3>
              <ol class="chain">
                {why.timers.map((timer) => (
                  <li key={timer.rule}>
                    <time dateTime={timer.at}>{zone.exact(timer.at)}</time>
                    <p>{tellTimer(timer)}</p>
                  </li>
                ))}
              </ol>
            </section>
          )}
        </>
      )}
    </Dialog>
  );
};
