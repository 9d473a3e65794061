import { Icon, isIconName } from "../app/icon.js";
import type { Work } from "../app/wire.js";
import { t as app } from "../app/words.js";
import type { ZonedTime } from "../app/zone.js";
import { sayChannel } from "../presence/said.js";
import { Timer } from "./state-card.js";
import { t } from "./texts.js";

export const WorkList = ({ work, zone }: { work: readonly Work[]; zone: ZonedTime }) => (
  <ul class="work">
    {work.map(({ interactionId, channel, direction, state, since }) => (
      <li key={interactionId} class={state}>
        <Icon name={isIconName(channel) ? channel : "work"} />
        <span class="work-name">
          <strong>{sayChannel(channel)}</strong>
          <span class="calm">
            {app(`direction.${direction}`)} · {t("state.since", { time: zone.short(since) })}
          </span>
        </span>
        <span class={`work-state ${state}`}>{app(`work.${state}`)}</span>
        <Timer since={since} label={t("work.running")} />
      </li>
    ))}
  </ul>
);

/** The interactions that the agent has. */
export const WorkCard = ({ work, ready, zone }: { work: readonly Work[]; ready: boolean; zone: ZonedTime }) => (
  <section class="card work-card" aria-labelledby="work-title">
    <h2 id="work-title">
      {t("work")} {work.length > 0 && <span class="tag">{work.length}</span>}
    </h2>
    {work.length === 0 ? <p class="calm">{ready ? t("work.noneReady") : t("work.none")}</p> : <WorkList work={work} zone={zone} />}
  </section>
);
