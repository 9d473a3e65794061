import { expect, test } from "vitest";
import { zonedTime } from "../../src/app/zone.js";
import { sayChange } from "../../src/desk/desk-announcements.js";
import { type Desk, type Presence, emptyDesk, withNetwork } from "../../src/desk/desk.js";

const now = Date.parse("2026-11-25T12:00:00Z");
const zone = zonedTime("UTC", "en");
const bySam = { state: "offline", reason: null, reasonId: null, reasonListId: null, since: "2026-11-25T11:59:58.000Z", byId: "s", byName: "Sam Supervisor" } as const;
const presence: Presence = { state: "ready", reason: null, reasonId: null, reasonListId: null, since: "2026-11-25T11:00:00.000Z", direction: "inbound", pending: null, cause: "agent", by: null };
const empty = emptyDesk(now, true);
const desk: Desk = { ...empty, session: { id: "one", startedAt: "2026-11-25T11:00:00.000Z" }, presence, hearing: { ...empty.hearing, connected: true } };

const said = (before: Desk, after: Desk) => sayChange(before, after, "a", zone);

test("a log-out that a supervisor lets wait is read out at once, and once", () => {
  const waiting = { ...desk, presence: { ...presence, pending: bySam } };
  expect(said(desk, waiting)).toEqual({ text: "You will be logged out when your open work is done; Sam Supervisor asked for it at 11:59:58.", urgent: true });
  expect(said(waiting, { ...waiting, presence: { ...waiting.presence, pending: { ...bySam } } })).toBeNull();
});

test("a log-out of one's own that waits is read out as one's own", () => {
  const waiting = { ...desk, presence: { ...presence, pending: { ...bySam, byId: "a", byName: "Avery Agent" } } };
  expect(said(desk, waiting)?.text).toBe("You will be logged out when your open work is done. You asked for it at 11:59:58.");
});

test("what the banner says of a lost connection is read out: of the server, or of the computer's own network", () => {
  const lost = { ...desk, hearing: { ...desk.hearing, connected: false } };
  expect(said(desk, lost)?.text).toMatch(/^The server cannot be reached since 12:00:00\./);
  expect(said(desk, withNetwork(lost, false, now))?.text).toMatch(/^This computer has no network since 12:00:00\./);
  expect(said(lost, lost)).toBeNull();
});
