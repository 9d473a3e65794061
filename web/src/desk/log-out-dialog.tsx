import { Button } from "../app/button.js";
import { Dialog } from "../app/dialog.js";
import type { Work } from "../app/wire.js";
import type { ZonedTime } from "../app/zone.js";
import { t } from "./texts.js";
import { WorkList } from "./work-card.js";

/** Shown when the server refuses a log-out for the sake of open work. */
export const LogOutDialog = ({ work, zone, onForce, onClose }: { work: readonly Work[]; zone: ZonedTime; onForce: () => void; onClose: () => void }) => (
  <Dialog
    title={t("logOut.workTitle")}
    onClose={onClose}
    foot={
      <>
        <Button autofocus onClick={onClose}>{t("logOut.stay")}</Button>
        <Button kind="danger" onClick={onForce}>
          {t("logOut.anyway")}
        </Button>
      </>
    }
  >
    <p>{t("logOut.work")}</p>
    <WorkList work={work} zone={zone} />
  </Dialog>
);
