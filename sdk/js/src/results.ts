import type { Authentication } from "./authentication.js";
import { type Call, quiet } from "./call.js";
import type { Changes, ReasonInfo, SetPresenceStateParams } from "./session.js";
import type { Over } from "./topics.js";
import type { PresenceState, State } from "./wire.js";

/** The state is what was asked for. */
export interface Applied extends PresenceState {
  status: "applied";
  pending: null;
}

/** The log-out waits for open work to end. The agent's next own request replaces it. */
export interface Waiting extends PresenceState {
  status: "pending";
  pending: NonNullable<PresenceState["pending"]>;
}

/** The system holds the agent not ready. What was asked for shows when the cause of that is gone. */
export interface Held extends PresenceState {
  status: "held";
  pending: null;
}

/** What has become of a request for a state. */
export type StateResult = Applied | Waiting | Held;

/** There was no session any more to end. */
export interface WasOver extends Over {
  status: "applied";
}

/** What has become of a request that may be for the end. */
export type EndResult = StateResult | WasOver;

export interface ClientLogin extends Pick<Authentication, "login"> {
  /** Ends the session, also one that is being started. The request is sent in the same tick and outlives the page. The token stays. */
  logout: Call<Record<never, never>, EndResult>;
}

export interface ClientChanges extends Pick<Changes, "setDirection"> {
  /** Makes the agent ready at an extension, named by its value or its id. Another one than the active one is saved first. */
  goReady: Call<{ extensionValue: string }, StateResult>;
  /** Makes the agent not ready, with a reason of the user's lists or without one. */
  goNotReady: Call<{ reasonInfo?: ReasonInfo | null | undefined }, StateResult>;
  /** Changes the state, for oneself, or with the right to for another agent. `offline` ends the session. */
  setPresenceState: Call<SetPresenceStateParams, EndResult>;
}

/** A function that asks for a state, with a result that says what has become of it. */
const discriminated =
  <P extends object, R extends PresenceState | Over>(ask: Call<P, R>, wanted: (params: P) => State): Call<P, StateResult | (Over extends R ? WasOver : never)> =>
  (...given) => {
    const to = wanted((given[0] ?? {}) as P); // the page may use its object again at once
    return quiet(ask(...given).then((state) => ({ ...state, status: state.pending ? "pending" : state.state === to ? "applied" : "held" }) as StateResult));
  };

/** Log-in and log-out, with such results. */
export const tellLogout = ({ login, logout }: Pick<Authentication, "login" | "logout">): ClientLogin => ({
  login,
  logout: discriminated(logout, () => "offline"),
});

/** A session's changes, with such results. */
export const tellStates = (changes: Changes): ClientChanges => ({
  ...changes,
  goReady: discriminated(changes.goReady, () => "ready"),
  goNotReady: discriminated(changes.goNotReady, () => "notready"),
  setPresenceState: discriminated(changes.setPresenceState, ({ state }) => state),
});
