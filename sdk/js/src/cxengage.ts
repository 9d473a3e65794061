/** The classic script: it sets the global `CxEngage` before the next script runs. */
import { createGlobal } from "./global.js";

(globalThis as { CxEngage?: unknown }).CxEngage = createGlobal();
