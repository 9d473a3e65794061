import type { Work } from "../app/wire.js";
import type { Agent } from "./agent.js";
import { sayWork } from "./saying.js";
import { fold, wordsOf } from "./search.js";

/** An interaction with the agent who has it. */
export interface OpenWork {
  readonly work: Work;
  readonly agent: Agent;
  readonly since: number;
}

/** The open work of all agents that has all the words in it, the oldest first. */
export const openWork = (agents: Iterable<Agent>, search: string): OpenWork[] => {
  const words = wordsOf(search);
  const found: OpenWork[] = [];
  for (const agent of agents) {
    for (const work of agent.row.work) {
      if (words.length > 0) {
        const text = fold(`${agent.row.name} ${sayWork(work)} ${agent.row.groups.join(" ")}`);
        if (!words.every((word) => text.includes(word))) continue;
      }
      found.push({ work, agent, since: Date.parse(work.since) });
    }
  }
  return found.sort((a, b) => a.since - b.since || (a.work.interactionId < b.work.interactionId ? -1 : 1));
};

/** Whether there is somebody to listen to. */
export const isCall = ({ channel, state }: Work): boolean => channel === "voice" && state === "active";

/** Who has an interaction now. */
export const holderOf = (agents: Iterable<Agent>, interactionId: string): OpenWork | undefined => {
  for (const agent of agents) {
    const work = agent.row.work.find((each) => each.interactionId === interactionId);
    if (work) return { work, agent, since: Date.parse(work.since) };
  }
  return undefined;
};
