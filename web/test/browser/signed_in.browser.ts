import { type Server as HttpServer, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, inject } from "vitest";
import { test } from "../../../sdk/js/browser/fixtures.js";
import { password } from "../../../sdk/js/browser/provisioning.js";
import { ConsolePage, secondsOf } from "./console_page.js";
import { Demo, demoPassword } from "./demo.js";

const state = ".state-card .badge .label";

/** A page of another site's with the desk in a frame: localhost is not 127.0.0.1. */
const framing = async (address: () => string): Promise<{ http: HttpServer; origin: string }> => {
  const http = createServer((_, answer) => answer.setHeader("Content-Type", "text/html").end(`<!doctype html><title>CRM</title><iframe src="${address()}" width="360" height="700"></iframe>`));
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  return { http, origin: `http://localhost:${(http.address() as AddressInfo).port}` };
};

test("a reload keeps the session, the state and its time, and the view of the floor, by a cookie that no script reads", async ({ context, deployment: { server, agent, supervisor } }) => {
  const desk = await ConsolePage.open(context, `${server.origin}/`);
  await desk.signIn(agent.username, password);
  await desk.button(/^Desk/).click();
  await desk.button(/^Go ready/).click();
  await desk.seenAt(state, /^Ready$/);
  const timer = desk.page.getByRole("timer", { name: "in this state" });
  await expect.poll(async () => secondsOf(await timer.textContent())).toBeGreaterThanOrEqual(2);
  const before = await agent.presence();

  await desk.page.reload();
  await desk.seenAt(state, /^Ready$/);
  expect(secondsOf(await timer.textContent())).toBeGreaterThanOrEqual(2);
  expect(await agent.presence()).toMatchObject({ sessionId: before.sessionId, stateSince: before.stateSince });

  const cookies = await context.cookies();
  expect(cookies.map(({ httpOnly, sameSite, path }) => ({ httpOnly, sameSite, path }))).toEqual([{ httpOnly: true, sameSite: "Strict", path: "/console/" }]);
  const kept = await desk.page.evaluate(() => JSON.stringify([document.cookie, location.href, { ...localStorage }, { ...sessionStorage }]));
  expect(kept).not.toMatch(/eyJ/); // no token, which is a JWT

  // The floor in the same browser is somebody else's.
  const floor = await ConsolePage.open(context, `${server.origin}/floor`);
  await floor.signIn(supervisor.username, password);
  await floor.button(/^Desk/).click();
  await floor.button(/^Ready/).click();
  await floor.page.getByRole("searchbox").fill("agent");
  await expect.poll(() => floor.page.locator(".agent-row .agent-name").allTextContents()).toEqual(["Test Agent"]);
  await floor.page.reload();
  await expect.poll(() => floor.page.locator(".agent-row .agent-name").allTextContents()).toEqual(["Test Agent"]);
  expect(await floor.page.getByRole("searchbox").inputValue()).toBe("agent");
  expect(await floor.page.getAttribute(".count.ready", "aria-pressed")).toBe("true");

  expect([...desk.asked, ...floor.asked]).toSatisfy((origins: string[]) => origins.every((origin) => new URL(origin).host === new URL(server.origin).host));
  expect([...desk.complaints, ...floor.complaints]).toEqual([]);
});

test("an address leads to the tenant that it names, whatever tenant the tab was in; who changes it then stays there over a reload", async ({ context, deployment: { server, agent } }) => {
  const desk = await ConsolePage.open(context, `${server.origin}/`);
  const tenant = ".head-name .calm";
  await desk.signIn(agent.username, password);
  await desk.button(/^Desk/).click();
  await desk.seenAt(tenant, /^Desk$/);
  await desk.page.goto(`${server.origin}/?tenant=Annex`);
  await desk.seenAt(tenant, /^Annex$/);
  await desk.seenAt(state, /Not ready/);

  await desk.choose("Change tenant");
  await desk.button(/^Desk/).click();
  await desk.seenAt(tenant, /^Desk$/);
  await desk.page.reload();
  await desk.seenAt(tenant, /^Desk$/);
});

test("signing out ends the cookie: a reload shows the sign-in, and the agent is offline", async ({ context, deployment: { server, agent } }) => {
  const desk = await ConsolePage.open(context, `${server.origin}/`);
  await desk.signIn(agent.username, password);
  await desk.button(/^Desk/).click();
  await desk.seenAt(state, /Not ready/);
  await desk.choose("Sign out");
  await desk.button("Sign in").waitFor();
  await expect.poll(() => agent.presence()).toMatchObject({ state: "offline" });
  await desk.page.reload();
  await desk.button("Sign in").waitFor();
  expect(await context.cookies()).toEqual([]);
});

test("a wrong password is said, and nothing is kept", async ({ context, deployment: { server, agent } }) => {
  const desk = await ConsolePage.open(context, `${server.origin}/`);
  await desk.signIn(agent.username, "not-the-password");
  await desk.page.locator(".banner.danger").getByText("User name or password is wrong.").waitFor();
  expect(await context.cookies()).toEqual([]);
});

test("in a frame of another site the user signs in again, works, and leaves no cookie; a site that is not allowed shows nothing", async ({ context }) => {
  let address = "";
  const crm = await framing(() => address);
  const demo = await Demo.start(inject("muster"), "--agents", "0", "--allow-frame", crm.origin);
  const stranger = await framing(() => address);
  try {
    address = `${demo.origin}/`;
    const alone = await ConsolePage.open(context, address);
    await alone.signIn("agent@demo.example", demoPassword);
    await alone.button(/^Demo/).click();
    await alone.seenAt(state, /Not ready/);
    const cookies = await context.cookies();
    expect(cookies).toHaveLength(1);
    await alone.page.close();

    const page = await context.newPage();
    await page.goto(crm.origin);
    const frame = page.frameLocator("iframe");
    await frame.getByLabel("User name").fill("agent@demo.example"); // the cookie of the page alone does not count here
    await frame.getByLabel("Password", { exact: true }).fill(demoPassword);
    await frame.getByRole("button", { name: "Sign in" }).click();
    await frame.getByRole("button", { name: /^Demo/ }).click();
    await frame.getByRole("button", { name: /^Go ready/ }).click();
    await frame.locator(state).getByText("Ready", { exact: true }).waitFor();
    expect(await context.cookies()).toEqual(cookies);
    await page.reload();
    await frame.getByRole("button", { name: "Sign in" }).waitFor();

    const refused = context.waitForEvent("console", (message) => /frame-ancestors/.test(message.text()));
    await page.goto(stranger.origin);
    await refused;
    expect(await frame.getByRole("button").count()).toBe(0);
  } finally {
    await demo.close();
    crm.http.close();
    stranger.http.close();
  }
});
