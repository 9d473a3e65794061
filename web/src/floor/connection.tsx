import { useEffect, useRef, useState } from "preact/hooks";
import { announce } from "../app/announce.js";
import { Banner } from "../app/banner.js";
import { useCell } from "../app/cell.js";
import { ConnectionLight, type Hearing, lasted, linkOf } from "../app/light.js";
import { useNow } from "../app/ticker.js";
import { connectedOf } from "./connected.js";
import { useModel } from "./model.js";
import { t } from "./texts.js";

/** The floor's stream says itself when the server is not heard, so it is never mute. */
const never = Number.POSITIVE_INFINITY;

/** How it stands with the stream of rows, looked at every second and when the first rows come. */
const useHearing = (): Hearing => {
  const { open, roster, now } = useModel();
  const at = useNow().getTime();
  const connected = connectedOf(open.connected, useCell(roster.loaded));
  const online = navigator.onLine;
  const [hearing, setHearing] = useState<Hearing>(() => ({ connected, since: now(), heard: now(), patience: never, online }));
  useEffect(() => {
    if (connected !== hearing.connected || online !== hearing.online) setHearing({ connected, since: now(), heard: now(), patience: never, online });
  }, [at, connected, online]);
  return hearing;
};

/** A reconnect is mostly quicker than this, in milliseconds, and then not worth a banner. */
const bannerPause = 2_500;

export const FloorLight = () => {
  const hearing = useHearing();
  const now = useNow().getTime();
  const link = linkOf(hearing, now);
  return <ConnectionLight link={link} lastedMs={lasted(hearing, link, now)} />;
};

/** Says that what is shown is not of now. */
export const LostBanner = () => {
  const model = useModel();
  const hearing = useHearing();
  const now = useNow().getTime();
  const lost = hearing.connected === false && now - hearing.since >= bannerPause;
  const said = useRef(false);
  useEffect(() => {
    if (lost === said.current) return;
    said.current = lost;
    announce(t(lost ? "link.lostSaid" : "link.backSaid"), lost ? "assertive" : "polite");
  }, [lost]);
  if (!lost) return null;
  return <Banner kind="warning">{t("link.lost", { time: model.zone().exact(new Date(hearing.since)) })}</Banner>;
};
