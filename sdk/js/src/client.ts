import { createCore } from "./core.js";
import { type Environment, browserEnvironment } from "./environment.js";
import { createModules, wakeUp } from "./modules.js";
import type { Event, ResponseOf, Topic } from "./topics.js";
import type { SdkError } from "./error.js";
import { version } from "./version.js";

/** Options of createClient. */
export interface ClientOptions {
  /** The server's address, such as "https://muster.example/v1/". A missing last slash is added. */
  baseUrl: string;
  /** Brings a fresh token when the present one expires or is refused. */
  token?: () => Promise<string> | string;
  /** "en-US" by default. */
  locale?: string;
  /** What the client calls itself to the server, for evidence and logs. */
  name?: string;
  transport?: "auto" | "socket" | "events";
  /** Is told what goes wrong and is published nowhere. No token and no value of a parameter is in it. */
  log?: { warn: (text: string) => void; error: (text: string, cause?: unknown) => void };
  /** For other runtimes than a page. */
  environment?: Environment;
}

/** So many events wait for an iterator; who is further behind is cut off rather than shown a part. */
const mostWaiting = 4_096;

export type Client = ReturnType<typeof createClient>;

/** The modern face of the SDK: the same modules, with types, for await and AbortSignal. */
export const createClient = (options: ClientOptions) => {
  if (!/^https?:\/\/[^/?#]+[^?#]*$/.test(options.baseUrl)) throw new TypeError("baseUrl must be an address like https://muster.example/v1/");
  const core = createCore(
    {
      base: options.baseUrl.replace(/\/?$/, "/"),
      name: options.name ?? `muster-js/${version}`,
      locale: options.locale ?? "en-US",
      environment: "prod",
      transport: options.transport ?? "auto",
      token: options.token,
      log: options.log ?? { warn: (text) => console.warn(text), error: (text, cause) => console.error(text, cause) },
    },
    options.environment ?? browserEnvironment(),
  );
  wakeUp(core);
  const { authentication, session, interactions, floor } = createModules(core);

  /** Calls `receive` with what is published on the topic and below it; returns what ends that. */
  const on = <T extends string>(topic: T, receive: (error: SdkError | null, response: ResponseOf<T> | null, topic: string) => void): (() => void) => {
    const id = core.hub.subscribe(topic, (error, full, response) => receive(error, response as ResponseOf<T> | null, full));
    return () => void core.hub.unsubscribe(id);
  };

  /** What is published on the topics from now on, until the signal aborts or the client is closed. */
  const events = <T extends Topic>(topics: T | readonly T[], signal?: AbortSignal): AsyncIterableIterator<Event<T>> => {
    const waiting: Event<T>[] = [];
    let wake: (() => void) | undefined;
    let slow = false;
    const over = (): boolean => slow || core.life.signal.aborted || !!signal?.aborted;
    const stops = (typeof topics === "string" ? [topics] : [...topics]).map((topic) =>
      on(topic, (error, response, full) => {
        if (waiting.length === mostWaiting) slow = true;
        else waiting.push({ topic: full, error, response } as Event<T>);
        wake?.();
      }),
    );
    const end = (): void => {
      stops.forEach((stop) => stop());
      wake?.();
    };
    signal?.addEventListener("abort", end, { once: true });
    core.life.signal.addEventListener("abort", end, { once: true });
    return {
      [Symbol.asyncIterator]() {
        return this;
      },
      async next() {
        while (!waiting.length && !over()) await new Promise<void>((resolve) => (wake = resolve));
        const value = waiting.shift();
        if (value) return { value, done: false };
        if (slow) throw new RangeError("too many events wait to be taken");
        return { value: undefined, done: true };
      },
      async return() {
        end();
        return { value: undefined, done: true };
      },
    };
  };

  return {
    version,
    authentication,
    session,
    interactions,
    floor,
    on,
    events,
    /** The server's time as far as the client knows. */
    now: (): Date => new Date(core.clock.now()),
    /** Ends everything that the client runs. The session on the server lives on until its lease ends: log out first to end it. */
    close: core.close,
  };
};
