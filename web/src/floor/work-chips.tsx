import { Icon, isIconName } from "../app/icon.js";
import type { Work } from "../app/wire.js";
import { Lasting } from "./lasting.js";
import { sayWork } from "./saying.js";
import { t } from "./texts.js";

/** The drawing of a channel. */
export const ChannelIcon = ({ channel }: { channel: string }) => <Icon name={isIconName(channel) ? channel : "work"} size={14} />;

const shownAtMost = 2;

/** The work that somebody has, the oldest with its time. */
export const WorkChips = ({ work, limit, listening }: { work: readonly Work[]; limit: number; listening: string | null }) => (
  <span class="work-chips">
    {work.slice(0, shownAtMost).map((each, at) => (
      <span key={each.interactionId} class={`work-chip ${each.state}${each.interactionId === listening ? " listened" : ""}`} title={sayWork(each)}>
        <ChannelIcon channel={each.channel} />
        <span class="heard-only">{sayWork(each)}</span>
        {at === 0 && <Lasting since={Date.parse(each.since)} limit={limit} />}
        {each.interactionId === listening && (
          <>
            <Icon name="listen" size={14} />
            <span class="heard-only">{t("row.listening")}</span>
          </>
        )}
      </span>
    ))}
    {work.length > shownAtMost && <span class="calm">{t("work.more", { count: work.length - shownAtMost })}</span>}
  </span>
);
