import { texts } from "../app/locale.js";
import type { en } from "./en.js";

/** The texts about somebody's presence, which all pages share. */
export const t = texts<typeof en>("presence");
