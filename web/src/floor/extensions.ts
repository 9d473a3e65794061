import { type Rest, path } from "../app/rest.js";
import type { Extension } from "../app/wire.js";
import type { Agent } from "./agent.js";
import { together } from "./together.js";
import { createWatchers } from "./watchers.js";

interface User {
  activeExtension: Extension | null;
}

/** The extensions at which agents work. Rows do not say them: they are read for who is in sight. */
export interface Extensions {
  /** Null for none; undefined while it is not known. */
  of: (agent: Agent) => Extension | null | undefined;
  /** Reads those that are wanted now and not known; who was wanted before and is not any more is left out. */
  want: (agents: readonly Agent[]) => void;
  /** Reads them before anything is decided by them. */
  readAll: (agents: readonly Agent[], signal: AbortSignal) => Promise<void>;
  /** Calls when one has become known. */
  watch: (id: string, see: () => void) => () => void;
}

const atOnce = 4;
/** The floor has come to rest: what is in sight now is read. */
const restTime = 250;

/** An agent may change the extension with every going ready, so what was read holds for that long. */
const stamp = ({ row }: Agent): string => `${row.sessionId} ${row.state === "ready" ? row.stateSince : ""}`;

export const createExtensions = (rest: Rest, tenantId: string, signal: AbortSignal): Extensions => {
  const known = new Map<string, { stamp: string; extension: Extension | null }>();
  const watchers = createWatchers();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let run: AbortController | undefined;

  const isKnown = (agent: Agent): boolean => agent.row.sessionId === null || known.get(agent.id)?.stamp === stamp(agent);

  const read = async (agent: Agent, over: AbortSignal): Promise<void> => {
    if (isKnown(agent)) return;
    try {
      const { activeExtension } = await rest.get<User>(path`tenants/${tenantId}/users/${agent.id}`, over);
      const before = known.get(agent.id);
      known.set(agent.id, { stamp: stamp(agent), extension: activeExtension });
      if (before?.extension?.id !== activeExtension?.id || !before) watchers.tell(agent.id);
    } catch {
      // It stays unknown, and is asked for again when it is wanted again.
    }
  };

  return {
    of: (agent) => (agent.row.sessionId === null ? null : known.get(agent.id)?.extension),
    want(agents) {
      clearTimeout(timer);
      run?.abort();
      const missing = agents.filter((agent) => !isKnown(agent));
      if (missing.length === 0 || signal.aborted) return;
      timer = setTimeout(() => {
        run = new AbortController();
        void together(missing, atOnce, (agent) => read(agent, signal), AbortSignal.any([signal, run.signal]));
      }, restTime);
    },
    readAll: (agents, over) => together(agents, atOnce, (agent) => read(agent, over), over),
    watch: watchers.watch,
  };
};
