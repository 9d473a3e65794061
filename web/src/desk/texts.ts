import { texts } from "../app/locale.js";
import type { en } from "./en.js";

/** The desk's texts. */
export const t = texts<typeof en>("desk");
