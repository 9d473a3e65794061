import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { Announcer } from "./announce.js";
import { Button } from "./button.js";
import { t } from "./words.js";

interface DialogProps {
  title: string;
  /** The user wants it closed: Esc, the cross, or a click beside it. Take the dialog out of the page then. */
  onClose: () => void;
  /** Below the content, mostly buttons. */
  foot?: ComponentChildren;
  wide?: boolean;
  /** Cannot be closed; there is something that must be done first. */
  firm?: boolean;
  /** There is nothing in it but to read: the keyboard begins at the text, and scrolls it. */
  reading?: boolean;
  children: ComponentChildren;
}

/** A modal dialog: the browser's own, which keeps the keyboard inside and gives it back where it was. */
export const Dialog = ({ title, onClose, foot, wide = false, firm = false, reading = false, children }: DialogProps) => {
  const box = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const id = useId();

  // Before the effects of what is inside, which may choose another place for the keyboard.
  useLayoutEffect(() => {
    const dialog = box.current;
    // The browser gives the keyboard back only where the dialog is closed by itself, not where it leaves the page.
    const before = document.activeElement;
    dialog?.showModal();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  // A button may go with what it has done. The keyboard stays in the dialog: at what is to be done next, or at the title until there is such.
  const hadKeyboard = box.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    const at = document.activeElement;
    if (!hadKeyboard || (at !== document.body && at !== heading.current)) return;
    (box.current?.querySelector<HTMLElement>("footer .primary:enabled") ?? heading.current)?.focus();
  });

  return (
    <dialog
      ref={box}
      class={wide ? "dialog wide" : "dialog"}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        if (!firm) onClose();
      }}
      onMouseDown={(event) => {
        if (!firm && event.target === box.current) onClose(); // beside the content, which fills the box
      }}
    >
      {/* Beside an open dialog nothing of the page is read out. */}
      <Announcer />
      <div class="dialog-content">
        <header>
          <h2 id={id} ref={heading} tabIndex={-1}>
            {title}
          </h2>
          {!firm && <Button kind="quiet" icon="close" aria-label={t("close")} onClick={onClose} />}
        </header>
        <div class="dialog-body" {...(reading && { tabIndex: 0, autofocus: true, role: "document" })}>{children}</div>
        {foot !== undefined && <footer>{foot}</footer>}
      </div>
    </dialog>
  );
};
