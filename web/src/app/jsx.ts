/** What JSX becomes in the bundle: scripts/console puts these into each file with elements. */
export { Fragment, h } from "preact";
