/** Who wants to know when something of an agent has changed, by the agent. */
export interface Watchers {
  /** Calls when the agent has changed; returns what ends that. */
  watch: (id: string, see: () => void) => () => void;
  tell: (id: string) => void;
  tellAll: () => void;
}

export const createWatchers = (): Watchers => {
  const watched = new Map<string, Set<() => void>>();
  const tell = (id: string): void => {
    for (const see of [...(watched.get(id) ?? [])]) see();
  };
  return {
    watch(id, see) {
      let seers = watched.get(id);
      if (!seers) watched.set(id, (seers = new Set()));
      seers.add(see);
      return () => {
        seers.delete(see);
        if (seers.size === 0 && watched.get(id) === seers) watched.delete(id);
      };
    },
    tell,
    tellAll: () => [...watched.keys()].forEach(tell),
  };
};
