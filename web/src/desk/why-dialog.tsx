import { useEffect, useState } from "preact/hooks";
import { Banner } from "../app/banner.js";
import { Button } from "../app/button.js";
import { Dialog } from "../app/dialog.js";
import { sinceThen, spokenText } from "../app/duration.js";
import { locale } from "../app/locale.js";
import { type Refusal, refusalOf } from "../app/refusal.js";
import { useNow } from "../app/ticker.js";
import type { Why } from "../app/wire.js";
import { sayRefusal, t as app } from "../app/words.js";
import type { ZonedTime } from "../app/zone.js";
import { Chain, Timers } from "../presence/chain.js";
import { tellNow } from "../presence/why.js";
import { t } from "./texts.js";

interface WhyDialogProps {
  load: (signal: AbortSignal) => Promise<Why>;
  zone: ZonedTime;
  onClose: () => void;
}

/** How things stand now; it goes on counting while the dialog is open. */
const Standing = ({ why, zone }: { why: Why; zone: ZonedTime }) => {
  const now = useNow();
  return <p>{tellNow(why, "own", zone.exact, spokenText(sinceThen(why.since, now), locale.value, "long"))}</p>;
};

/** What led to the agent's own state, how things stand, and what happens by itself. */
export const WhyDialog = ({ load, zone, onClose }: WhyDialogProps) => {
  const [why, setWhy] = useState<Why | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [turn, setTurn] = useState(0);

  useEffect(() => {
    const life = new AbortController();
    setRefusal(null);
    load(life.signal).then(
      (answer) => life.signal.aborted || setWhy(answer),
      (cause: unknown) => life.signal.aborted || setRefusal(refusalOf(cause)),
    );
    return () => life.abort();
  }, [turn]);

  return (
    <Dialog title={t("why.title")} wide reading onClose={onClose}>
      {refusal && (
        <Banner kind="danger" actions={<Button onClick={() => setTurn(turn + 1)}>{app("retry")}</Button>}>
          {sayRefusal(refusal)}
        </Banner>
      )}
      {!why && !refusal && <p class="calm">{app("loading")}</p>}
      {why && (
        <>
          <section>
            <h3>{t("why.now")}</h3>
            <Standing why={why} zone={zone} />
          </section>
          <section>
            <h3>{t("why.chain")}</h3>
            <Chain why={why} zone={zone} listener="own" />
          </section>
          <Timers why={why} zone={zone} listener="own" />
        </>
      )}
    </Dialog>
  );
};
