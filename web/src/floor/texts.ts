import { texts } from "../app/locale.js";
import { de } from "./de.js";
import { en } from "./en.js";

/** The floor's own texts. */
export const t = texts(en, de);
