import type { Permission } from "./wire.js";

export type PageName = "desk" | "floor";

export const addresses: Readonly<Record<PageName, string>> = { desk: "/", floor: "/floor" };

/** Which right a page needs, so that it is offered to whom it serves. */
export const rightOf = { desk: "ARTIFACTS_CREATE_ALL", floor: "VIEW_ALL_PRESENCE" } as const satisfies Record<PageName, Permission>;
