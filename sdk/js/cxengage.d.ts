import type { CxEngage as Global } from "./dist/index.js";

declare global {
  /** What the classic script sets. Before `initialize` it has that function only. */
  var CxEngage: Global;
}
