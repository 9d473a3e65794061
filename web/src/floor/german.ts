/** All that the floor says, in German. */
export { de as app } from "../app/de.js";
export { de as presence } from "../presence/de.js";
export { de as floor } from "./de.js";
export { de as parts } from "./parts-de.js";
