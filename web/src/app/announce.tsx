import { useState } from "preact/hooks";
import { cell, useCell } from "./cell.js";

interface Said {
  text: string;
  /** Rises, so that the same text is said again. */
  turn: number;
}

const polite = cell<Said>({ text: "", turn: 0 });
const assertive = cell<Said>({ text: "", turn: 0 });

/** Lets a screen reader say the text when it has finished its sentence; or at once, where the user must act. */
export const announce = (text: string, how: "polite" | "assertive" = "polite"): void => {
  const region = how === "polite" ? polite : assertive;
  region.set({ text, turn: region.value.turn + 1 });
};

/** The regions that are read out. They are in the page, or in the dialog, from the beginning: readers pass over one that comes with its text. */
export const Announcer = () => {
  const calm = useCell(polite);
  const urgent = useCell(assertive);
  const [before] = useState([calm, urgent]); // what a dialog was opened after is nothing new in it
  return (
    <div class="heard-only">
      <div role="status" aria-live="polite">
        <span key={calm.turn}>{before.includes(calm) || calm.text}</span>
      </div>
      <div role="alert" aria-live="assertive">
        <span key={urgent.turn}>{before.includes(urgent) || urgent.text}</span>
      </div>
    </div>
  );
};
