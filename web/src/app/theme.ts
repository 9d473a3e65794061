import { cell } from "./cell.js";
import { lasting } from "./shelf.js";

export const themes = ["system", "light", "dark"] as const;

export type Theme = (typeof themes)[number];

const kept = lasting.get("theme");

/** Which colours were chosen. */
export const theme = cell<Theme>(themes.find((t) => t === kept) ?? "system");

const show = (): void => {
  const dark = theme.value === "dark" || (theme.value === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset["theme"] = dark ? "dark" : "light";
};

export const setTheme = (next: Theme): void => {
  lasting.put("theme", next === "system" ? null : next);
  theme.set(next);
};

/** Shows the chosen colours, and from now on what is chosen here or in the system. The style sheet needs to know one list of dark colours only. */
export const showTheme = (): void => {
  show();
  theme.watch(show);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
};
