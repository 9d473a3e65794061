import type { ComponentChildren, JSX, Ref } from "preact";
import { Icon, type IconName } from "./icon.js";

type ButtonProps = Omit<JSX.HTMLAttributes<HTMLButtonElement>, "icon" | "ref"> & {
  kind?: "plain" | "primary" | "danger" | "quiet";
  icon?: IconName;
  /** What was asked for is under way: the button stays where the keyboard is, and does nothing. */
  busy?: boolean;
  disabled?: boolean;
  type?: "button" | "submit";
  /** Keys that do the same, such as "Alt+R". They are announced and shown. */
  shortcut?: string;
  buttonRef?: Ref<HTMLButtonElement>;
  children?: ComponentChildren;
};

export const Button = ({ kind = "plain", icon, busy = false, disabled = false, type = "button", shortcut, buttonRef, children, onClick, class: more, ...rest }: ButtonProps) => (
  <button
    {...rest}
    ref={buttonRef ?? null}
    type={type}
    class={`button ${kind}${more ? ` ${String(more)}` : ""}`}
    disabled={disabled}
    aria-disabled={busy || undefined}
    aria-busy={busy || undefined}
    aria-keyshortcuts={shortcut}
    onClick={(event) => (busy ? event.preventDefault() : onClick?.(event))}
  >
    {icon && <Icon name={icon} />}
    {children !== undefined && <span class="label">{children}</span>}
    {shortcut && <kbd aria-hidden="true">{shortcut}</kbd>}
  </button>
);
