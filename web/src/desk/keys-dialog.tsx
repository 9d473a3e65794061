import { Dialog } from "../app/dialog.js";
import { type Shortcut, keysOf } from "./shortcuts.js";
import { t } from "./texts.js";

const meaning = (shortcut: Shortcut): string => {
  if (shortcut === "ready") return t("go.ready");
  if (shortcut === "notReady") return t("go.notReady");
  return shortcut === "why" ? t("why") : t("logOut");
};

export const KeysDialog = ({ onClose }: { onClose: () => void }) => (
  <Dialog title={t("keys.title")} onClose={onClose}>
    <dl class="keys">
      {(["ready", "notReady", "why", "logOut"] as const).map((shortcut) => (
        <div key={shortcut}>
          <dt>
            <kbd>{keysOf(shortcut)}</kbd>
          </dt>
          <dd>{meaning(shortcut)}</dd>
        </div>
      ))}
    </dl>
    <p class="calm">{t("keys.more")}</p>
  </Dialog>
);
