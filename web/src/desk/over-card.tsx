import { useEffect, useRef } from "preact/hooks";
import { Button } from "../app/button.js";
import { Icon } from "../app/icon.js";
import { t as app } from "../app/words.js";
import type { ZonedTime } from "../app/zone.js";
import type { Over } from "./desk.js";
import { t } from "./texts.js";

const titleOf = ({ how, by }: Over): string => {
  if (how !== "supervisor") return t(`over.${how}`);
  return by ? t("over.supervisor", { who: by }) : t("over.supervisorUnknown");
};

interface OverCardProps {
  over: Over;
  zone: ZonedTime;
  onAgain: () => void;
  /** Null where there is one tenant only. */
  onTenant: (() => void) | null;
  onSignOut: () => void;
}

/** How the session came to its end, and what can be done then. */
export const OverCard = ({ over, zone, onAgain, onTenant, onSignOut }: OverCardProps) => {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <main class={`card over ${over.how}`} id="content">
      <Icon name={over.how === "logged_out" ? "offline" : over.how === "superseded" ? "leave" : "warning"} size={32} />
      <h1 ref={heading} tabIndex={-1}>
        {titleOf(over)}
      </h1>
      <p>{t(`over.${over.how}.more`, { time: zone.exact(new Date(over.at)) })}</p>
      <div class="over-acts">
        <Button kind="primary" onClick={onAgain}>
          {over.how === "superseded" ? t("over.takeOver") : t("over.again")}
        </Button>
        {onTenant && <Button onClick={onTenant}>{t("over.tenant")}</Button>}
        <Button onClick={onSignOut}>{app("signOut")}</Button>
      </div>
    </main>
  );
};
