import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { announce } from "../app/announce.js";
import { Banner } from "../app/banner.js";
import { Button } from "../app/button.js";
import { useCell } from "../app/cell.js";
import { Dialog } from "../app/dialog.js";
import { type Refusal, refusalOf } from "../app/refusal.js";
import { t as app } from "../app/words.js";
import type { Agent } from "./agent.js";
import { useModel } from "./model.js";
import { type Fate, type Order, type Outcome, foresee, outcomeOf } from "./order.js";
import { OrderChoice } from "./order-choice.js";
import { type Facts, noFacts, readFacts } from "./order-facts.js";
import { AnswerList, PreviewList } from "./order-lists.js";
import { t } from "./parts-texts.js";
import { sayCount } from "./saying.js";
import type { Act } from "./selection-bar.js";
import { createSend } from "./sending.js";
import { together } from "./together.js";

/** What has become of an order to one agent. */
export type Answer = { readonly kind: "waiting" | "sending" | "stopped" } | { readonly kind: Outcome } | { readonly kind: "failed"; readonly refusal: Refusal };

const isAnswered = ({ kind }: Answer): boolean => kind !== "waiting" && kind !== "sending";

const isMissed = ({ kind }: Answer): boolean => kind === "failed" || kind === "stopped";

const sayDone = (answers: ReadonlyMap<string, Answer>): string => {
  const failed = [...answers.values()].filter(isMissed).length;
  return t("order.doneSaid", { done: sayCount(answers.size - failed), failed: sayCount(failed) });
};

/** So many requests are under way at a time: the server puts them in one commit, and others have room beside them. */
const atOnce = 8;

const firstOrder = (act: Act): Order => {
  if (act === "state") return { kind: "state", state: "ready" };
  if (act === "direction") return { kind: "direction", direction: "inbound" };
  return { kind: "logout", now: false };
};

/** Wants something of agents: shows who is affected first, and then what each was answered. */
export const OrderDialog = ({ act, ids, onClose }: { act: Act; ids: readonly string[]; onClose: () => void }) => {
  const model = useModel();
  const { roster } = model;
  const [order, setOrder] = useState(() => firstOrder(act));
  const [facts, setFacts] = useState<Facts | null>(act === "state" ? null : noFacts);
  const [answers, setAnswers] = useState<ReadonlyMap<string, Answer> | null>(null);
  const [running, setRunning] = useState<AbortController | null>(null);
  useCell(roster.arrangement); // so that the preview keeps up with the floor
  const life = useRef(new AbortController());
  const sendTo = useMemo(() => createSend(model.account, model.tenant.id), [model]);

  // The names stay as they were when the dialog was opened.
  const named = useMemo(() => ids.flatMap((id) => roster.agents.get(id) ?? []), [ids]);
  const agents = named.map((agent) => roster.agents.get(agent.id) ?? agent);
  const fates = agents.map((agent): [Agent, Fate] => [agent, foresee(order, agent, { ...facts?.known.get(agent.id), offlineWithWork: model.tenant.offlineWithWork })]);
  const sendable = fates.filter(([, { kind }]) => kind === "change" || kind === "wait").map(([agent]) => agent);

  useEffect(() => {
    void readFacts(act, named, model.account.rest, model.tenant.id, model.extensions, life.current.signal).then(
      (read) => life.current.signal.aborted || setFacts(read),
      () => life.current.signal.aborted || setFacts(noFacts),
    );
    return () => life.current.abort();
  }, []);

  const send = async (to: readonly Agent[]): Promise<void> => {
    const run = new AbortController();
    const all = new Map(answers ?? []);
    let drawing = 0;
    /** Many answers come within a frame; they are drawn once. */
    const put = (id: string, answer: Answer): void => {
      all.set(id, answer);
      drawing ||= requestAnimationFrame(() => {
        drawing = 0;
        if (!life.current.signal.aborted) setAnswers(new Map(all));
      });
    };
    for (const { id } of to) all.set(id, { kind: "waiting" });
    setAnswers(new Map(all));
    setRunning(run);
    await together(
      to,
      atOnce,
      async (agent) => {
        put(agent.id, { kind: "sending" });
        try {
          put(agent.id, { kind: outcomeOf(order, await sendTo(order, roster.agents.get(agent.id) ?? agent)) });
        } catch (cause) {
          put(agent.id, { kind: "failed", refusal: refusalOf(cause) });
        }
      },
      run.signal,
    );
    for (const { id } of to) if (all.get(id)?.kind === "waiting") all.set(id, { kind: "stopped" });
    if (life.current.signal.aborted) return;
    setAnswers(new Map(all));
    setRunning(null);
    announce(sayDone(all));
  };

  const count = named.length;
  const title = count === 1 ? t(`order.${act}.one`, { name: named[0]!.row.name }) : t(`order.${act}.other`, { count: sayCount(count) });
  const failed = answers ? agents.filter(({ id }) => answers.has(id) && isMissed(answers.get(id)!)) : [];
  const done = answers ? [...answers.values()].filter(isAnswered).length : 0;

  const foot = answers ? (
    <>
      <span class="calm numeric order-progress">{running ? t("order.progress", { done: sayCount(done), all: sayCount(answers.size) }) : sayDone(answers)}</span>
      {running && <Button onClick={() => running.abort()}>{t("order.stop")}</Button>}
      {!running && failed.length > 0 && <Button onClick={() => void send(failed)}>{t("order.retry", { count: sayCount(failed.length) })}</Button>}
      {!running && (
        <Button kind="primary" onClick={onClose}>
          {app("close")}
        </Button>
      )}
    </>
  ) : (
    <>
      <Button onClick={onClose}>{app("cancel")}</Button>
      <Button kind={act === "logout" ? "danger" : "primary"} disabled={facts === null || sendable.length === 0} onClick={() => void send(sendable)}>
        {sendable.length === 0 && facts ? t("order.nobody") : t(act === "logout" ? "order.confirm.logout" : "order.confirm.change", { count: sayCount(sendable.length) })}
      </Button>
    </>
  );

  return (
    <Dialog title={title} wide firm={running !== null} onClose={onClose} foot={foot}>
      {answers ? (
        <AnswerList agents={agents.filter(({ id }) => answers.has(id))} answers={answers} />
      ) : (
        <>
          <OrderChoice order={order} lists={facts?.lists ?? []} onChange={setOrder} />
          {facts?.withoutReasons && order.kind === "state" && order.state === "notready" && <Banner kind="warning">{t("order.reasonsForbidden")}</Banner>}
          {facts && order.kind === "state" && facts.sample < agents.filter(({ row }) => row.sessionId !== null).length && <p class="calm">{t("order.sample", { count: facts.sample })}</p>}
          {facts ? <PreviewList fates={fates} /> : <p class="calm">{t("order.checking")}</p>}
        </>
      )}
    </Dialog>
  );
};
