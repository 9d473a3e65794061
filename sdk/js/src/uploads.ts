import { logsNotSaved } from "./codes.js";
import type { Core } from "./core.js";
import type { MusterError } from "./error.js";
import type { LogLine } from "./wire.js";
import { line } from "./rest.js";

/** So many lines wait to be uploaded; what comes beyond says the same again. */
const mostLines = 100;
/** Lets lines gather, and keeps far below what the server takes in a minute. */
const uploadPause = 2_000;

export interface Uploads {
  put: (topic: string, error: MusterError) => void;
  /** Goes on with what waited for a fresh token, or for the tenant. */
  resume: () => void;
}

/** A line, and who was logged in: it is uploaded as nobody else's. */
interface Waiting {
  user: string | null;
  entry: LogLine;
}

/** Brings published errors into the server's logs, once user and tenant are known: until then they wait. What cannot be uploaded is not tried again. */
export const createUploads = (whose: () => Core): Uploads => {
  let waiting: Waiting[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  const stop = (): void => clearTimeout(timer);

  const start = (): void => {
    const over = whose().life.signal;
    if (timer !== undefined || !waiting.length || over.aborted) return;
    timer = setTimeout(() => void run(), uploadPause);
    over.addEventListener("abort", stop); // once, however often it is said
  };

  const run = async (): Promise<void> => {
    timer = undefined;
    const core = whose();
    const { user, tenant } = core;
    if (core.life.signal.aborted || core.credentials.useless() || !user || !tenant) return;
    const logs = waiting.filter((its) => !its.user || its.user === user).map(({ entry }) => entry);
    waiting = [];
    if (!logs.length) return;
    const page = globalThis.location?.href.split(/[?#]/)[0];
    const agent = globalThis.navigator?.userAgent;
    const body = {
      logs,
      "app-name": core.options.name,
      context: page && { "client-url": page },
      device: agent && { "user-agent": agent },
    };
    const topic = "cxengage/logging/logs-saved";
    const { signal } = core.life;
    try {
      core.publish(topic, await core.rest.ask(logsNotSaved, line`POST tenants/${tenant}/users/${user}/logs`, { body, single: true, token: core.credentials.token(), signal, data: { logs } }));
    } catch (cause) {
      if (!signal.aborted) core.hub.publish(topic, cause as MusterError, null); // and uploads no more
    }
    start();
  };

  return {
    put(topic, error) {
      if (waiting.length === mostLines) return;
      const answer = error.data.apiResponse;
      const said = { topic, code: error.code, status: answer?.status, failure: answer?.apiResponse.failure, message: error.message };
      waiting.push({ user: whose().user, entry: { level: error.level, message: JSON.stringify(said), timestamp: whose().clock.now() } });
      start();
    },
    resume: start,
  };
};
