import type { Alarm } from "./alarm.js";
import type { Core, Log } from "./core.js";
import type { OpenEvents } from "./events.js";
import type { Renewal } from "./renewal.js";
import type { Resumption } from "./resume.js";
import type { CreateShare } from "./tabs.js";
import type { Uploads } from "./uploads.js";

/** What a client can do beyond requests, sockets and heartbeats. A client that is composed has those of them that it is given. */
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
