import { useEffect, useState } from "preact/hooks";

/** A value that is watched. */
export interface Cell<T> {
  readonly value: T;
  set: (next: T) => void;
  /** Calls when another value is there; returns what ends that. */
  watch: (see: (value: T) => void) => () => void;
}

export const cell = <T>(value: T): Cell<T> => {
  let now = value;
  const watchers = new Set<(value: T) => void>();
  return {
    get value() {
      return now;
    },
    set(next) {
      if (Object.is(next, now)) return;
      now = next;
      for (const see of [...watchers]) see(now);
    },
    watch(see) {
      watchers.add(see);
      return () => void watchers.delete(see);
    },
  };
};

/** The value of a cell; whoever uses it is drawn anew when it changes. */
export const useCell = <T>(source: Cell<T>): T => {
  const [value, setValue] = useState(() => source.value);
  useEffect(() => {
    // A function is a value like any other here, hence the wrapping.
    setValue(() => source.value); // it may have changed between drawing and now
    return source.watch((next) => setValue(() => next));
  }, [source]);
  return value;
};
