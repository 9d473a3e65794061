import { texts } from "../app/locale.js";
import type { en } from "./en.js";

/** The floor's own texts. */
export const t = texts<typeof en>("floor");
