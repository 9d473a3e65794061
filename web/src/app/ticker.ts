import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";

/** The server's clock, and one tick a second for all who show a running time. */
export interface Ticker {
  now: () => Date;
  /** Calls at every full second of the server's clock; returns what ends that. */
  watch: (tick: () => void) => () => void;
}

/**
 * One timer for the whole page. It is aligned to the server's seconds, so that all pages, wherever they are, turn their timers over at
 * the same moment. It rests while nobody watches.
 */
export const createTicker = (now: () => Date): Ticker => {
  const watchers = new Set<() => void>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = (): void => {
    // A few milliseconds late rather than early: an early tick would show the second that is over.
    timer = setTimeout(tick, 1005 - (now().getTime() % 1000));
  };
  const tick = (): void => {
    for (const see of [...watchers]) see();
    timer = undefined;
    if (watchers.size) wait();
  };
  return {
    now,
    watch(see) {
      watchers.add(see);
      if (timer === undefined) wait();
      return () => {
        watchers.delete(see);
        if (watchers.size) return;
        clearTimeout(timer);
        timer = undefined;
      };
    },
  };
};

/** The page's ticker; there is one, from mountPage. */
export const TickerContext = createContext<Ticker>({ now: () => new Date(), watch: () => () => {} });

/** The server's time, every second. Only the smallest part that shows a running time should use it. */
export const useNow = (): Date => {
  const ticker = useContext(TickerContext);
  const [now, setNow] = useState(ticker.now);
  useEffect(() => ticker.watch(() => setNow(ticker.now())), [ticker]);
  return now;
};
