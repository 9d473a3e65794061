/** The wire contract's types under their own names. They are generated from api/openapi.yaml. */
import type { components } from "./wire.gen.js";

type S = components["schemas"];

export type AgentNotificationMessage = S["AgentNotificationMessage"];
export type AuthInfo = S["AuthInfo"];
export type Config = S["Config"];
export type Direction = S["Direction"];
export type DirectionChangeMessage = S["DirectionChangeMessage"];
export type EndCode = S["EndCode"];
export type Extension = S["Extension"];
export type FloorRow = S["FloorRow"];
export type HeartbeatResponse = S["HeartbeatResponse"];
export type LogLine = S["LogLine"];
export type Member = S["Member"];
export type PresenceState = S["PresenceState"];
export type ReasonList = S["ReasonList"];
export type Region = S["Region"];
export type SelfRow = S["SelfRow"];
export type Session = S["Session"];
export type State = S["State"];
export type StateChangeMessage = S["StateChangeMessage"];
export type Tenant = S["Tenant"];
export type TenantDetails = S["TenantDetails"];
export type TenantMembership = S["TenantMembership"];
export type TokenResponse = S["TokenResponse"];
export type User = S["User"];
export type UserIdentity = S["UserIdentity"];
export type Work = S["Work"];
export type WorkChangeMessage = S["WorkChangeMessage"];
