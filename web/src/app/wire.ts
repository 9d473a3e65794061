/** Types of the documented REST that the SDK does not export under names of its own. */
import type { components } from "../../../sdk/js/src/wire.gen.js";

type S = components["schemas"];

export type Intervals = S["Intervals"];
export type Interval = S["Interval"];
export type Counts = S["Counts"];
export type CountPoint = S["CountPoint"];
export type Why = S["Why"];
export type WhyStep = S["WhyStep"];
export type WhyTimer = S["WhyTimer"];
export type Permission = S["Permission"];
export type ErrorResponse = S["ErrorResponse"];

export type { Config, Direction, Extension, FloorRow, PresenceState, ReasonList, State, Tenant, TenantMembership, Work } from "../../../sdk/js/src/index.js";
