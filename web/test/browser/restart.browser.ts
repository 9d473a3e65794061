import { expect } from "vitest";
import { test } from "../../../sdk/js/browser/fixtures.js";
import { password } from "../../../sdk/js/browser/provisioning.js";
import { ConsolePage } from "./console_page.js";

test.for(["SIGTERM", "SIGKILL"] as const)("a stop of the server (%s) shows on both pages and its start heals them, with nothing lost", { timeout: 120_000 }, async (signal, { context, deployment: { server, agent, supervisor } }) => {
  const desk = await ConsolePage.open(context, `${server.origin}/?tenant=${agent.tenantId}`);
  await desk.signIn(agent.username, password);
  await desk.button(/^Go ready/).click();
  await desk.seenAt(".state-card .badge .label", /^Ready$/);
  const floor = await ConsolePage.open(context, `${server.origin}/floor?tenant=${agent.tenantId}`);
  await floor.signIn(supervisor.username, password);
  const row = `[data-id="${agent.userId}"]`;
  await floor.seenAt(`${row} .cell-state`, /^Ready$/);
  await Promise.all([desk.seenAt(".light", /^Live$/), floor.seenAt(".light", /^Live$/)]);
  const before = await agent.presence();

  await server.stop(signal);
  await Promise.all([desk.seenAt(".light", /^Lost$/), floor.seenAt(".light", /^Lost$/)]);
  await desk.seenAt(".banner.danger", /The server cannot be reached/);
  await floor.seenAt(".banner.warning", /The connection is lost/);

  await server.start();
  await Promise.all([desk.seenAt(".light", /^Live$/), floor.seenAt(".light", /^Live$/)]);
  await desk.seenAt(".banner", /The connection is back after/);
  expect(await desk.page.locator(".banner.danger").count()).toBe(0);
  await expect.poll(() => floor.page.locator(".banner").count()).toBe(0);
  expect(await agent.presence()).toMatchObject({ state: "ready", sessionId: before.sessionId, stateSince: before.stateSince });

  // Both go on as before.
  await desk.button(/^Go not ready/).click();
  await desk.dialog.getByRole("treeitem", { name: "Lunch" }).click();
  await floor.seenAt(`${row} .cell-reason`, /^Lunch$/);
});
