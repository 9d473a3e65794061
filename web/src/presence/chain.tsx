import type { Why } from "../app/wire.js";
import type { ZonedTime } from "../app/zone.js";
import { t } from "./texts.js";
import { type Listener, tellStep, tellTimer } from "./why.js";

interface Telling {
  why: Why;
  zone: ZonedTime;
  /** Whether it is told to the agent or of the agent. */
  listener: Listener;
}

/** What led to a state, from the first step to the last, or the other way round. */
export const Chain = ({ why, zone, listener, reversed = false }: Telling & { reversed?: boolean }) => {
  const steps = why.chain.map((step, index) => {
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
  });
  return (
    <ol class="chain" reversed={reversed}>
      {reversed ? steps.reverse() : steps}
    </ol>
  );
};

/** What happens by itself, and when; nothing where nothing does. */
export const Timers = ({ why, zone, listener }: Telling) =>
  why.timers.length === 0 ? null : (
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
  );
