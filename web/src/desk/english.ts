/** All that the desk says, in English. */
export { en as app } from "../app/en.js";
export { en as presence } from "../presence/en.js";
export { en as desk } from "./en.js";
