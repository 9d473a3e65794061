/** What the floor needs when something is asked of it, in one file of its own: the first look is quicker without. */
export { AgentPanel } from "./agent-panel.js";
export { OrderDialog } from "./order-dialog.js";
export { SupersedeDialog, WorkPanel } from "./work-panel.js";
