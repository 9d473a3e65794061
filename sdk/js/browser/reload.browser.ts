import { describe, expect } from "vitest";
import { test as base } from "./fixtures.js";
import { Tab } from "./tab.js";

// The network is slow, and across origins the log-out needs two ways: nobody is to be lost meanwhile.
const test = base.override("settings", { lostAfter: "5s" });

/** It is a race with the page's end: once is not enough. */
const rounds = 8;

describe.for(["home", "abroad"] as const)("logout() and location.reload() in the same tick, %s", (where) => {
  // Across origins a browser asks before it sends: who has been ready has asked already, who has not still has to.
  test.for([
    ["ready", true],
    ["just logged in", false],
  ] as const)("end the session of an agent who is %s", async ([, ready], { context, deployment }) => {
    const { agent, home, supervisor } = deployment;
    const tab = await Tab.open(context, deployment[where], "reload.html", agent, { desk: { ready, baseUrl: `${home.origin}/v1/` } });
    for (let round = 0; round < rounds; round++) {
      await tab.page.click("#login");
      await tab.seen("entered");
      const { sessionId } = await supervisor.presence(agent);
      expect(sessionId).not.toBeNull();
      // A page's requests go on until the one that is loaded in its place has come: on a quick network any log-out would arrive before that.
      home.latency = 300;
      await tab.page.click("#logout");
      await tab.until(() => (globalThis as unknown as { seen?: { loaded: string; entered?: true } }).seen?.entered === undefined);
      expect(await tab.seen("loaded")).toBe("reload");
      await expect.poll(() => supervisor.presence(agent)).toMatchObject({ state: "offline", sessionId: null });
      home.latency = 0;
      // Nothing but the agent's own log-out came at the session's end: it was not lost first.
      const { chain, timers } = await supervisor.why(agent);
      expect(chain.at(-1), JSON.stringify(chain)).toMatchObject({ cause: "agent", byId: agent.userId, rule: null });
      expect(chain.filter(({ rule }) => rule)).toEqual([]);
      expect(timers).toEqual([]);
    }
    expect(tab.errors).toEqual([]);
  });
});
