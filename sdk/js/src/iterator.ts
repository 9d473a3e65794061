import type { Core } from "./core.js";
import type { Event, SomeTopic } from "./topics.js";

/** Subscribes, by receivers of whole events. */
export type Subscribe = <T extends SomeTopic>(topic: T, receive: (event: Event<T>) => void) => () => void;

/** Makes iterators. */
export type Events = <T extends SomeTopic>(topics: T | readonly T[], options?: { signal?: AbortSignal | undefined }) => AsyncIterableIterator<Event<T>>;

/** So many events wait for an iterator; who is further behind is cut off rather than shown a part. */
const mostWaiting = 4_096;
/** So many wait for one that has not been asked for its first: it may have been forgotten. */
const mostUnbegun = 64;

export const createSubscribe =
  (core: Core): Subscribe =>
  <T extends SomeTopic>(topic: T, receive: (event: Event<T>) => void) => {
    const id = core.hub.subscribe(topic, (error, full, response) => receive({ topic: full, error, response } as Event<T>));
    return () => void core.hub.unsubscribe(id);
  };

export const createEvents = (core: Core): Events => {
  const subscribe = createSubscribe(core);
  return <T extends SomeTopic>(topics: T | readonly T[], { signal }: { signal?: AbortSignal | undefined } = {}): AsyncIterableIterator<Event<T>> => {
    const waiting: Event<T>[] = [];
    const over = new AbortController();
    let most = mostUnbegun;
    let slow = false;
    let wake = (): void => {};
    const end = (): void => {
      over.abort();
      for (const stop of stops) stop();
      wake();
    };
    const take = (event: Event<T>): void => {
      slow = waiting.length === most;
      if (slow) end();
      else waiting.push(event);
      wake();
    };
    const stops: (() => void)[] = [];
    try {
      for (const topic of [topics].flat()) stops.push(subscribe(topic as T, take));
    } catch (cause) {
      end(); // those before one that is no topic
      throw cause;
    }
    for (const ends of [core.life.signal, signal]) {
      if (ends?.aborted) end();
      ends?.addEventListener("abort", end, { signal: over.signal });
    }
    const iterator = (async function* () {
      most = mostWaiting;
      try {
        for (;;) {
          while (waiting.length) yield waiting.shift()!;
          if (slow) throw new RangeError("too many events wait to be taken");
          if (over.signal.aborted) return;
          await new Promise<void>((resolve) => (wake = resolve));
        }
      } finally {
        end();
      }
    })();
    const leave = iterator.return.bind(iterator);
    // A generator that has not begun, or waits, would not notice.
    return Object.assign(iterator, { return: () => (end(), leave()) });
  };
};
