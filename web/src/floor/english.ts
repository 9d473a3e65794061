/** All that the floor says, in English. */
export { en as app } from "../app/en.js";
export { en as presence } from "../presence/en.js";
export { en as floor } from "./en.js";
export { en as parts } from "./parts-en.js";
