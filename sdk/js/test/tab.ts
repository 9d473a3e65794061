import type { Environment } from "../src/environment.js";
import { type CxEngage, createGlobal } from "../src/global.js";
import { type FakeBrowser, leftBy, sharedBy, storageOf } from "./browser.js";
import type { FakeServer } from "./server.js";
import { socketOf } from "./stream.js";

/** Where a page keeps what another may resume. */
const resumeKey = "muster/1/resume";

/** A tab of the fake browser, with the SDK loaded into it. */
export class Tab {
  readonly name: string;
  readonly global: CxEngage;
  readonly storage = new Map<string, string>();
  closed = false;
  private readonly server: FakeServer;
  private readonly browser: FakeBrowser;

  constructor(name: string, server: FakeServer, browser: FakeBrowser, remembered: unknown) {
    this.name = name;
    this.server = server;
    this.browser = browser;
    if (remembered !== undefined) this.storage.set(resumeKey, JSON.stringify(remembered));
    this.global = createGlobal(this.environment(), undefined);
  }

  /** What a later page could resume, null for nothing. */
  remembers(): unknown {
    return JSON.parse(this.storage.get(resumeKey) ?? "null");
  }

  /** Ends the tab as a browser does: nothing of it goes on, and nobody asks it. */
  close(): void {
    this.closed = true;
    this.server.leftBy(this);
    leftBy(this.browser, this);
  }

  private environment(): Environment {
    return {
      fetch: (input, init = {}) => this.server.fetch(this, String(input), init),
      WebSocket: socketOf(this.server, this) as unknown as Environment["WebSocket"], // which has of it what a page needs
      ...sharedBy(this.browser, this),
      sessionStorage: storageOf(this.storage),
    };
  }
}
