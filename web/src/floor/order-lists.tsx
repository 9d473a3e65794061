import { StateBadge } from "../app/badge.js";
import { Icon, type IconName } from "../app/icon.js";
import { sayRefusal } from "../app/words.js";
import type { Agent } from "./agent.js";
import type { Fate } from "./order.js";
import type { Answer } from "./order-dialog.js";
import { t } from "./parts-texts.js";
import { sayCount, sayWorkOf } from "./saying.js";

/** So many agents are listed of those with whom all is well; of more it is said how many they are. */
const mostWell = 100;

const fateKinds = ["refuse", "wait", "change", "same"] as const satisfies readonly Fate["kind"][];

const fateIcons = { refuse: "warning", wait: "clock", change: "check", same: "notready" } as const satisfies Record<Fate["kind"], IconName>;

const sayWhy = ({ why }: Fate, agent: Agent): string => {
  if (why === undefined) return "";
  return why === "workOpen" || why === "workLeft" ? t(`why.${why}`, { work: sayWorkOf(agent) }) : t(`why.${why}`);
};

/** Who is affected, and how, as far as that can be known before it is done. */
export const PreviewList = ({ fates }: { fates: readonly (readonly [Agent, Fate])[] }) => (
  <section class="fates" aria-label={t("order.preview")}>
    {fateKinds.map((kind) => {
      const those = fates.filter(([, fate]) => fate.kind === kind);
      if (those.length === 0) return null;
      const listed = kind === "refuse" ? those.length : mostWell;
      return (
        <details key={kind} class={`fate ${kind}`} open={fates.length <= 12 || kind === "refuse"}>
          <summary>
            <Icon name={fateIcons[kind]} />
            <strong>{t(`fate.${kind}`, { count: sayCount(those.length) })}</strong>
            {(kind === "same" || kind === "refuse") && <span class="calm">{t("fate.nothingSent")}</span>}
          </summary>
          <ul>
            {those.slice(0, listed).map(([agent, fate]) => (
              <li key={agent.id}>
                <span class="fate-name">{agent.row.name}</span>
                <StateBadge kind={agent.kind} />
                <span class="calm fate-why">{sayWhy(fate, agent)}</span>
              </li>
            ))}
            {those.length > listed && <li class="calm">{t("more", { count: sayCount(those.length - listed) })}</li>}
          </ul>
        </details>
      );
    })}
    <p class="calm">{t("order.changed")}</p>
  </section>
);

const answerIcons = { waiting: "unknown", sending: "unknown", stopped: "offline", done: "check", waits: "clock", held: "clock", failed: "warning" } as const satisfies Record<Answer["kind"], IconName>;

const answerOrder: readonly Answer["kind"][] = ["failed", "stopped", "sending", "waits", "held", "done", "waiting"];

const sayAnswer = (answer: Answer): string => (answer.kind === "failed" ? sayRefusal(answer.refusal) : t(`answer.${answer.kind}`));

/** What each was answered, what went wrong first. */
export const AnswerList = ({ agents, answers }: { agents: readonly Agent[]; answers: ReadonlyMap<string, Answer> }) => {
  const all = agents
    .map((agent) => ({ agent, answer: answers.get(agent.id)! }))
    .sort((a, b) => answerOrder.indexOf(a.answer.kind) - answerOrder.indexOf(b.answer.kind));
  const listed = Math.max(mostWell, all.findLastIndex(({ answer }) => answer.kind === "failed") + 1);
  return (
    <section aria-label={t("order.answers")}>
      <ul class="answers">
        {all.slice(0, listed).map(({ agent, answer }) => (
          <li key={agent.id} class={`answer ${answer.kind}`}>
            <Icon name={answerIcons[answer.kind]} />
            <span class="fate-name">{agent.row.name}</span>
            <StateBadge kind={agent.kind} />
            <span class="fate-why">{sayAnswer(answer)}</span>
          </li>
        ))}
        {all.length > listed && <li class="calm">{t("more", { count: sayCount(all.length - listed) })}</li>}
      </ul>
    </section>
  );
};
