import type { ComponentChildren } from "preact";
import { Button } from "./button.js";
import { Icon, type IconName } from "./icon.js";
import { t } from "./words.js";

interface BannerProps {
  kind: "info" | "warning" | "danger";
  icon?: IconName;
  /** Buttons. */
  actions?: ComponentChildren;
  onDismiss?: () => void;
  children: ComponentChildren;
}

/** Something that the user should know, in the page. Whoever shows it lets a screen reader say it too: see announce. */
export const Banner = ({ kind, icon = kind === "info" ? "info" : "warning", actions, onDismiss, children }: BannerProps) => (
  <div class={`banner ${kind}`}>
    <Icon name={icon} />
    <div class="banner-text">{children}</div>
    {actions !== undefined && <div class="banner-actions">{actions}</div>}
    {onDismiss && <Button kind="quiet" icon="close" aria-label={t("dismiss")} onClick={onDismiss} />}
  </div>
);
