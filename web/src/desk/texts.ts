import { texts } from "../app/locale.js";
import { de } from "./de.js";
import { en } from "./en.js";

/** The desk's texts. */
export const t = texts(en, de);
