import { expect, it } from "vitest";
import { holderOf, openWork } from "../../src/floor/open-work.js";
import { agent, ago, workOf } from "./floor-rows.js";

const floor = [
  agent("Ann Ford", { work: [workOf({ interactionId: "new", since: ago(1) })] }),
  agent("Bo Lührs", { work: [workOf({ interactionId: "old", since: ago(9), channel: "chat" }), workOf({ interactionId: "mid", since: ago(5) })], groups: ["Sales"] }),
  agent("Cy"),
];

it("lists open work, the oldest first, and finds it by its agent, channel or group", () => {
  const ids = (search: string): string[] => openWork(floor, search).map(({ work }) => work.interactionId);
  expect(ids("")).toEqual(["old", "mid", "new"]);
  expect(ids("luhrs")).toEqual(["old", "mid"]);
  expect(ids("sales voice")).toEqual(["mid"]);
});

it("knows who has an interaction", () => {
  expect(holderOf(floor, "mid")?.agent.row.name).toBe("Bo Lührs");
  expect(holderOf(floor, "gone")).toBeUndefined();
});
