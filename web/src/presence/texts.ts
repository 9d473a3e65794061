import { texts } from "../app/locale.js";
import { de } from "./de.js";
import { en } from "./en.js";

/** The texts about somebody's presence, which all pages share. */
export const t = texts(en, de);
