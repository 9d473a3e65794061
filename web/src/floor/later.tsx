import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Banner } from "../app/banner.js";
import { Button } from "../app/button.js";
import { t } from "./texts.js";

type Parts = typeof import("./parts.js");

let parts: Parts | undefined;

/** Loads the parts. When they do not come, they are asked for again when they are needed. */
const load = async (): Promise<void> => {
  parts ??= await import("./parts.js");
};

/** Loads the parts when the page has nothing else to do. */
export const loadAhead = (): void => {
  const run = (): void => void load().catch(() => {});
  if ("requestIdleCallback" in window) window.requestIdleCallback(run, { timeout: 5_000 });
  else setTimeout(run, 2_000);
};

/** Shown where a part is not to be had: mostly the server has become a newer one, which has other parts. */
const Outdated = () => (
  <div class="outdated">
    <Banner kind="warning" actions={<Button onClick={() => window.location.reload()}>{t("outdated.reload")}</Button>}>
      {t("outdated")}
    </Banner>
  </div>
);

/** A part of the page that is loaded when it is needed for the first time, if not ahead of that. */
export const later =
  <P extends object>(choose: (parts: Parts) => ComponentType<P>): ComponentType<P> =>
  (props: P) => {
    const [, redraw] = useState({});
    const [failed, setFailed] = useState(false);
    useEffect(() => {
      if (parts) return;
      let here = true;
      load().then(
        () => here && redraw({}),
        () => here && setFailed(true),
      );
      return () => void (here = false);
    }, []);
    if (failed) return <Outdated />;
    if (!parts) return null;
    const Part = choose(parts);
    return <Part {...props} />;
  };
