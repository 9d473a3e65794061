/** Functions of the original that Muster does not serve: they are absent. They have names here so that a page can test for them. */
import type { Callback } from "./callback.js";

/** A function of the original, where there is one: `(params?, callback?)` or `(callback)`. */
export interface Unserved {
  (callback: Callback<unknown>): Promise<unknown>;
  (params?: object | null, callback?: Callback<unknown> | null): Promise<unknown>;
}

type Absent<Name extends string> = { readonly [K in Name]?: Unserved };

/** A module without functions of Muster's, for whatever the original has there. */
export interface UnservedModule {
  readonly [name: string]: Unserved | undefined;
}

export type UnservedVoice = Absent<
  | "customerHold" | "customerResume" | "mute" | "unmute" | "startRecording" | "stopRecording" | "getRecordings"
  | "dial" | "cancelDial" | "sendDigits" | "resourceHold" | "resourceResume" | "resumeAll"
>;

export type UnservedInteractions = Absent<
  | "accept" | "end" | "reject" | "assignContact" | "unassignContact" | "enableWrapup" | "disableWrapup" | "endWrapup"
  | "focus" | "unfocus" | "createNote" | "updateNote" | "getNote" | "getAllNotes" | "sendScript" | "sendCustomInterrupt"
  | "transferToResource" | "transferToQueue" | "transferToExtension" | "cancelResourceTransfer" | "cancelQueueTransfer"
  | "cancelExtensionTransfer" | "selectDispositionCode" | "deselectDispositionCode"
> & { readonly [K in "email" | "messaging" | "smoochMessaging"]?: UnservedModule };

export type UnservedReporting = Absent<
  | "bulkAddStatSubscription" | "triggerBatch" | "getCapacity" | "statQuery" | "bulkStatQuery" | "getInteraction"
  | "getContactInteractionHistory" | "getCrmInteractions" | "getTranscripts" | "getEmailTranscripts"
>;

/** Whole modules of the original that Muster does not have, not even as objects. */
export interface UnservedModules {
  readonly zendesk?: UnservedModule;
  readonly salesforceClassic?: UnservedModule;
  readonly salesforceLightning?: UnservedModule;
  readonly twilio?: UnservedModule;
  readonly testing?: UnservedModule;
}
