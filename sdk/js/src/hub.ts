import { copy } from "./copy.js";
import type { MusterError, SdkError } from "./error.js";
import type { Below, SomeTopic, Told } from "./topics.js";

/** Gets what is published: the error or the response, always with the full topic. */
export type Receiver = (error: SdkError | null, topic: string, response: unknown, subscriptionId: string) => void;

/** Subscribes, by receivers of the global. Where `error` is null, the response is the topic's. */
export interface SubscribeReceiver {
  // By how many of its arguments a receiver looks at: to TypeScript one of fewer is none of a union of tuples.
  <T extends SomeTopic>(topic: T, receive: (...told: SubscribedTold<Told<T>>) => void): string;
  <T extends SomeTopic>(topic: T, receive: (...told: Told<T>) => void): string;
  <T extends SomeTopic>(topic: T, receive: (error: SdkError | null, topic: Below<T>) => void): string;
  /** Of a topic that is not known before the page runs nothing more is known. */
  (topic: string, receive: Receiver): string;
}

/** Each of a union of tuples, with the subscription's id. */
type SubscribedTold<T extends unknown[]> = T extends unknown[] ? [...T, subscriptionId: string] : never;

const root = "cxengage";
/** What topics of the session begin with. */
export const sessionTopic = "cxengage/session/";

export type Hub = ReturnType<typeof createHub>;

/**
 * Publishes to subscribers, short topics before long ones, then in order of subscription. One that throws harms nobody else. What is
 * secret reaches subscribers of the exact topic only, and without a response.
 */
export const createHub = (log: { warn: (text: string) => void; error: (text: string, cause: unknown) => void }, secret?: RegExp) => {
  const subscriptions = new Map<string, [topic: string, receive: Receiver]>();
  let last = 0;
  return {
    subscribe(topic: string, receive: Receiver): string {
      if (typeof topic !== "string" || (topic !== root && !topic.startsWith(root + "/"))) {
        throw new TypeError(`topic must be "${root}" or begin with "${root}/"`);
      }
      if (typeof receive !== "function") throw new TypeError("receive must be a function");
      const id = `subscription-${++last}`;
      subscriptions.set(id, [topic, receive]);
      return id;
    },

    unsubscribe: (id: string): boolean => subscriptions.delete(id),

    publish(topic: string, error: MusterError | SdkError | null, response: unknown): void {
      const alone = secret?.test(topic);
      const told = alone ? null : response;
      [...subscriptions]
        .filter(([, [subscribed]]) => subscribed === topic || (!alone && topic.startsWith(subscribed + "/")))
        .sort(([, [a]], [, [b]]) => a.length - b.length)
        .forEach(([id, [subscribed, receive]]) => {
          if (!subscriptions.has(id)) return; // unsubscribed by one before
          try {
            receive(copy(error) as SdkError | null, topic, copy(told), id);
          } catch (cause) {
            log.error(`a subscriber of ${subscribed} throws`, cause);
          }
        });
    },
  };
};
