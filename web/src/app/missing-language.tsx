import { useEffect } from "preact/hooks";
import { announce } from "./announce.js";
import { Banner } from "./banner.js";
import { Button } from "./button.js";
import { useCell } from "./cell.js";
import { locales, missing } from "./locale.js";
import { t } from "./words.js";

/** Over the page, when the texts of the language that is wished for do not come. The wish is kept: the page that is loaded anew is in it. */
export const MissingLanguage = () => {
  const language = useCell(missing);
  const said = language && t("settings.missing", { language: locales[language] });
  useEffect(() => {
    if (said) announce(said, "assertive");
  }, [said]);
  if (!said) return null;
  return (
    <div class="missing-language">
      <Banner kind="warning" actions={<Button onClick={() => window.location.reload()}>{t("reload")}</Button>} onDismiss={() => missing.set(null)}>
        {said}
      </Banner>
    </div>
  );
};
