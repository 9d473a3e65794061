import { texts } from "../app/locale.js";
import { de } from "./parts-de.js";
import { en } from "./parts-en.js";

/** The texts of the parts of the floor that are loaded later. */
export const t = texts(en, de);
