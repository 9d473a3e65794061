import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Icon, type IconName } from "../app/icon.js";
import { useOutside } from "../app/outside.js";

interface PopoverProps {
  label: string;
  icon?: IconName;
  /** What the content is called. */
  title: string;
  wide?: boolean;
  children: ComponentChildren;
}

/** A button with a box below it that stays while something in it is used. Esc, or a click beside it, closes it. */
export const Popover = ({ label, icon, title, wide = false, children }: PopoverProps) => {
  const [open, setOpen] = useState(false);
  const whole = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();

  useEffect(() => {
    if (open) whole.current?.querySelector<HTMLElement>(".popover-box :is(input, select, button)")?.focus();
  }, [open]);
  useOutside(whole, open, () => setOpen(false));

  return (
    <div
      class="popover"
      ref={whole}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        event.stopPropagation();
        setOpen(false);
        button.current?.focus();
      }}
      onFocusOut={(event) => {
        const next = event.relatedTarget as Node | null;
        if (next && !whole.current?.contains(next)) setOpen(false);
      }}
    >
      <button ref={button} type="button" class="button quiet" aria-haspopup="dialog" aria-expanded={open} aria-controls={open ? id : undefined} onClick={() => setOpen(!open)}>
        {icon && <Icon name={icon} />}
        <span class="label">{label}</span>
        <Icon name="chevron" />
      </button>
      {open && (
        <div id={id} role="dialog" aria-label={title} class={wide ? "popover-box wide" : "popover-box"}>
          {children}
        </div>
      )}
    </div>
  );
};
