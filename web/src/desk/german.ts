/** All that the desk says, in German. */
export { de as app } from "../app/de.js";
export { de as presence } from "../presence/de.js";
export { de as desk } from "./de.js";
