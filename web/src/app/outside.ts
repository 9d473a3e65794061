import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

/** Calls when the pointer goes down beside an element that is open. */
export const useOutside = (element: RefObject<HTMLElement>, open: boolean, leave: () => void): void =>
  useEffect(() => {
    if (!open) return;
    const outside = (event: Event): void => {
      if (!element.current?.contains(event.target as Node)) leave();
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open]);
