import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Icon, type IconName } from "./icon.js";
import { useOutside } from "./outside.js";

export interface MenuItem {
  label: string;
  icon?: IconName;
  /** Of a choice: whether it is the one. */
  checked?: boolean;
  disabled?: boolean;
  danger?: boolean;
  act: () => void;
}

/** Items under a heading, or under none. */
export interface MenuGroup {
  heading?: string;
  items: readonly MenuItem[];
}

interface MenuProps {
  /** What the button says, or what it is called where it shows an icon only. */
  label: string;
  icon?: IconName;
  iconOnly?: boolean;
  groups: readonly MenuGroup[];
  /** Which edges meet. */
  align?: "start" | "end";
  /** Above the items. */
  head?: ComponentChildren;
}

/** A button with a menu: arrow keys move, letters find, Enter takes, Esc leaves. */
export const Menu = ({ label, icon, iconOnly = false, groups, align = "start", head }: MenuProps) => {
  const [open, setOpen] = useState(false);
  const whole = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();

  const items = (): HTMLElement[] => [...(whole.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]:not([aria-disabled])') ?? [])];
  const focus = (at: number): void => {
    const all = items();
    all[(at + all.length) % all.length]?.focus();
  };
  const leave = (): void => {
    setOpen(false);
    button.current?.focus();
  };

  useEffect(() => {
    if (open) focus(Math.max(0, items().findIndex((item) => item.getAttribute("aria-checked") === "true")));
  }, [open]);
  useOutside(whole, open, () => setOpen(false));

  const press = (event: KeyboardEvent): void => {
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const key = event.key;
    if (key === "ArrowDown") focus(at + 1);
    else if (key === "ArrowUp") focus(at - 1);
    else if (key === "Home") focus(0);
    else if (key === "End") focus(-1);
    else if (key === "Escape") leave();
    else if (key === "Tab") return setOpen(false);
    else if (key.length === 1 && key !== " " && !event.altKey && !event.ctrlKey && !event.metaKey) {
      const found = [...all.slice(at + 1), ...all.slice(0, at + 1)].find((item) => item.textContent?.trim().toLowerCase().startsWith(key.toLowerCase()));
      found?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div class="menu" ref={whole}>
      <button
        ref={button}
        type="button"
        class="button quiet"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        aria-label={iconOnly ? label : undefined}
        title={iconOnly ? label : undefined}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown" || open) return;
          event.preventDefault();
          setOpen(true);
        }}
      >
        {icon && <Icon name={icon} />}
        {!iconOnly && <span class="label">{label}</span>}
        {!iconOnly && <Icon name="chevron" />}
      </button>
      {open && (
        <div class={`menu-items ${align}`}>
          {head !== undefined && <div class="menu-head">{head}</div>}
          <div role="menu" id={id} aria-label={label} onKeyDown={press}>
            {groups.map((group, index) => (
              <div key={index} role="group" aria-label={group.heading} class="menu-group">
                {group.heading && (
                  <div class="menu-heading" aria-hidden="true">
                    {group.heading}
                  </div>
                )}
                {group.items.map((item) => (
                  <div
                    key={item.label}
                    role={item.checked === undefined ? "menuitem" : "menuitemradio"}
                    aria-checked={item.checked}
                    aria-disabled={item.disabled || undefined}
                    tabIndex={-1}
                    class={item.danger ? "menu-item danger" : "menu-item"}
                    onClick={() => {
                      if (item.disabled) return;
                      leave();
                      item.act();
                    }}
                    onKeyDown={(event) => {
                      if (event.key !== "Enter" && event.key !== " ") return;
                      event.preventDefault();
                      event.stopPropagation();
                      leave();
                      item.act();
                    }}
                  >
                    {item.checked !== undefined ? <span class="menu-mark">{item.checked && <Icon name="check" />}</span> : item.icon && <Icon name={item.icon} />}
                    <span class="label">{item.label}</span>
                  </div>
                ))}
              </div>
            ))}
          </div>
        </div>
      )}
    </div>
  );
};
