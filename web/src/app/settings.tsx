import { useCell } from "./cell.js";
import { type Locale, locale, locales, setLocale } from "./locale.js";
import { Menu, type MenuGroup } from "./menu.js";
import { setTheme, theme, themes } from "./theme.js";
import { t } from "./words.js";

const localeNames = Object.entries(locales) as [Locale, string][];

/** Language and colours, and what a page has besides. */
export const Settings = ({ head, more = [] }: { head?: string; more?: readonly MenuGroup[] }) => {
  const colours = useCell(theme);
  const language = useCell(locale);
  return (
    <Menu
      label={t("settings")}
      icon="settings"
      iconOnly
      align="end"
      head={head}
      groups={[
        { heading: t("settings.language"), items: localeNames.map(([key, name]) => ({ label: name, checked: key === language, act: () => setLocale(key) })) },
        { heading: t("settings.theme"), items: themes.map((key) => ({ label: t(`theme.${key}`), checked: key === colours, act: () => setTheme(key) })) },
        ...more,
      ]}
    />
  );
};
