/** What the browser keeps for this page: settings, never a token. Storage may be full or forbidden: then nothing is kept, and nothing else is wrong. */
export interface Shelf {
  get: (name: string) => string | null;
  put: (name: string, value: string | null) => void;
}

const prefix = "muster/console/1/";

const shelfOn = (storage: () => Storage): Shelf => ({
  get(name) {
    try {
      return storage().getItem(prefix + name);
    } catch {
      return null;
    }
  },
  put(name, value) {
    try {
      if (value === null) storage().removeItem(prefix + name);
      else storage().setItem(prefix + name, value);
    } catch {
      // nothing is kept
    }
  },
});

/** Outlives the tab. */
export const lasting: Shelf = shelfOn(() => globalThis.localStorage);

/** Of this tab only; it outlives a reload. */
export const ofTab: Shelf = shelfOn(() => globalThis.sessionStorage);
