import { useContext, useLayoutEffect, useRef } from "preact/hooks";
import { clockText } from "../app/duration.js";
import { TickerContext } from "../app/ticker.js";

/** Drawn like this once somebody is longer than the limit as they are, and once it is twice as long. */
const marks = ["late", "very-late"] as const;

/**
 * A running time. It writes its own text: a floor shows dozens of them, and drawing rows anew every second would cost more than
 * everything else. `limit` is how long it may run before it is marked, in milliseconds.
 */
export const Lasting = ({ since, limit = 0, title }: { since: number; limit?: number; title?: string }) => {
  const ticker = useContext(TickerContext);
  const place = useRef<HTMLSpanElement>(null);

  useLayoutEffect(() => {
    let shown = "";
    const write = (): void => {
      const span = place.current;
      if (!span) return;
      const lasted = ticker.now().getTime() - since;
      const text = clockText(lasted);
      if (text !== shown) span.textContent = shown = text;
      const late = limit > 0 && lasted >= limit;
      span.classList.toggle(marks[0], late);
      span.classList.toggle(marks[1], late && lasted >= 2 * limit);
      const mark = late ? title : undefined;
      if (span.title !== (mark ?? "")) span.title = mark ?? "";
    };
    write();
    return ticker.watch(write);
  }, [since, limit, title, ticker]);

  return <span ref={place} class="lasting numeric" />;
};
