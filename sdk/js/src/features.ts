import { type Alarm, createAlarm } from "./alarm.js";
import type { Core, Log } from "./core.js";
import { type OpenEvents, openEvents } from "./events.js";
import { type Renewal, createRenewal } from "./renewal.js";
import { type Resumption, resumption } from "./resume.js";
import { type CreateShare, createShare } from "./tabs.js";
import { type Uploads, createUploads } from "./uploads.js";

/** What a client can do beyond requests, sockets and heartbeats: those of its features. */
export interface Features {
  /** Timers that ring in hidden pages. */
  createAlarm?: (log: Log, life: AbortSignal) => Alarm;
  /** Tabs that share a session. */
  createShare?: CreateShare;
  /** Sessions that are taken up when the page is loaded anew. */
  resumption?: Resumption;
  /** Tokens that are asked for before the present one expires. */
  createRenewal?: (whose: () => Core) => Renewal;
  /** Published errors in the server's logs. */
  createUploads?: (whose: () => Core) => Uploads;
  /** The stream without sockets. */
  openEvents?: OpenEvents;
}

declare const can: unique symbol;

/** What a client can do by itself: in bad weather, in hidden pages, and beside other tabs. */
export interface Feature {
  readonly [can]: never;
}

function feature(part: Features): Feature {
  return part as unknown as Feature;
}

/**
 * Heartbeats of a hidden page that has no socket come in time, by a worker's timers. Without it the server's beats ring for them where events
 * come; elsewhere they are as late as the browser makes a hidden page's timers: a second in Chromium. Where it is more, the agent is not
 * offered work, and may be held not ready.
 */
export const worker: Feature = /* @__PURE__ */ feature({ createAlarm });

/**
 * Tabs of one browser share an agent's session. Without it each tab's session supersedes the one before. All pages of an origin should have
 * it or none; of those that share, the features of the one that leads count.
 */
export const tabs: Feature = /* @__PURE__ */ feature({ createShare });

/** A page that is loaded anew takes its session up again: `resume` of setActiveTenant. Without it a new session begins. */
export const resume: Feature = /* @__PURE__ */ feature({ resumption });

/** `token` of the options is asked for another before the present one expires. Without it, when the server refuses that. */
export const renewal: Feature = /* @__PURE__ */ feature({ createRenewal });

/** Errors that are published are uploaded into the server's logs. */
export const uploads: Feature = /* @__PURE__ */ feature({ createUploads });

/**
 * Where no socket gets through, Server-Sent Events take its place. Without it the session goes on by heartbeats: of one's own changes the
 * answers tell, of others' nothing, and a floor stays empty.
 */
export const serverSentEvents: Feature = /* @__PURE__ */ feature({ openEvents });

/** Whether it is a feature of this package: its one name is one of those of Features. */
export const isFeature = (part: unknown): boolean => /^(create|open|resump)/.test(String(Object.keys(part ?? {})));

/** Features of a client, as its parts look for them. */
export const featuresOf = (features: readonly Feature[]): Features => Object.assign({}, ...features);
