import { useEffect } from "preact/hooks";
import { announce } from "../app/announce.js";
import { Banner } from "../app/banner.js";
import { Button } from "../app/button.js";
import { useCell } from "../app/cell.js";
import { sayRefusal } from "../app/words.js";
import { sayChannel } from "../presence/said.js";
import { Lasting } from "./lasting.js";
import { useModel } from "./model.js";
import { holderOf } from "./open-work.js";
import { t } from "./texts.js";

/** Says for as long as somebody listens to whom; and how it ended where it did so by itself. */
export const MonitorBanner = () => {
  const model = useModel();
  const listening = useCell(model.monitor.listening);
  useCell(model.roster.arrangement); // whoever has the work may hand it on
  const holder = listening.kind === "on" ? holderOf(model.roster.agents.values(), listening.interactionId) : undefined;

  useEffect(() => {
    if (listening.kind === "on" && holder) announce(t("listen.onSaid", { name: holder.agent.row.name }));
    else if (listening.kind === "over") announce(t(`listen.over.${listening.why}`), "assertive");
    else if (listening.kind === "failed") announce(t("listen.failed", { why: sayRefusal(listening.refusal) }), "assertive");
  }, [listening]);

  switch (listening.kind) {
    case "none":
      return null;
    case "starting":
      return (
        <Banner kind="info" icon="listen">
          {t("listen.starting")}
        </Banner>
      );
    case "on":
    case "stopping":
      return (
        <Banner
          kind="info"
          icon="listen"
          actions={
            <Button icon="close" busy={listening.kind === "stopping"} onClick={() => void model.monitor.stop()}>
              {t("listen.stop")}
            </Button>
          }
        >
          {listening.kind === "on" && (
            <>
              {holder ? t("listen.on", { name: holder.agent.row.name, channel: sayChannel(holder.work.channel), extension: listening.extension }) : t("listen.onGone", { extension: listening.extension })} <Lasting since={listening.since} />
            </>
          )}
        </Banner>
      );
    case "over":
      return (
        <Banner kind="info" onDismiss={model.monitor.dismiss}>
          {t(`listen.over.${listening.why}`)}
        </Banner>
      );
    case "failed":
      return (
        <Banner kind="danger" onDismiss={model.monitor.dismiss}>
          {t("listen.failed", { why: sayRefusal(listening.refusal) })}
        </Banner>
      );
  }
};
