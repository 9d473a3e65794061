import { useEffect, useRef } from "preact/hooks";

/** What does the same as a button, by the letter that goes with Alt. */
export const shortcuts = { ready: "R", notReady: "N", why: "W", logOut: "L" } as const;

export type Shortcut = keyof typeof shortcuts;

export const keysOf = (shortcut: Shortcut): string => `Alt+${shortcuts[shortcut]}`;

/**
 * Alt with a letter acts, wherever the keyboard is; not while a dialog is open. It goes by the key's place, since Alt makes other
 * letters of it on some keyboards.
 */
export const useShortcuts = (acts: Readonly<Partial<Record<Shortcut, () => void>>>): void => {
  const latest = useRef(acts);
  latest.current = acts;
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.repeat || document.querySelector("dialog[open]")) return;
      const found = (Object.keys(shortcuts) as Shortcut[]).find((name) => event.code === `Key${shortcuts[name]}`);
      const act = found && latest.current[found];
      if (!act) return;
      event.preventDefault();
      act();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
};
