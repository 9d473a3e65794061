import { texts } from "../app/locale.js";
import type { en } from "./parts-en.js";

/** The texts of what stands beside the floor or over it. */
export const t = texts<typeof en>("parts");
