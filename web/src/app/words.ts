import type { en } from "./en.js";
import { isText, texts } from "./locale.js";
import type { Refusal } from "./refusal.js";

/** The texts that all pages share. */
export const t = texts<typeof en>("app");

const known = (key: string): key is keyof typeof en => isText("app", key);

/** What went wrong and what to do about it, in a sentence or two. */
export const sayRefusal = ({ code, said, status }: Refusal): string => {
  const key = `problem.${code}`;
  if (known(key) && key !== "problem.other") return (t as (key: string) => string)(key);
  if (status === 401) return t("problem.token_expired");
  if (status === 403) return t("problem.forbidden");
  return said ? t("problem.other", { said }) : t("problem.internal");
};
