import { expect, it } from "vitest";
import type { Rest } from "../../src/app/rest.js";
import type { Extension, ReasonList } from "../../src/app/wire.js";
import type { Agent } from "../../src/floor/agent.js";
import { createExtensions } from "../../src/floor/extensions.js";
import { readFacts } from "../../src/floor/order-facts.js";
import { away, onBreak } from "./floor-rows.js";

const lists = [{ id: "breaks", name: "Breaks", reasons: [{ reasonId: "lunch", name: "Lunch" }] }] as ReasonList[];

/** A server at which people whose name begins with N have no extension. */
class Server implements Rest {
  readonly asked: string[] = [];

  async get<T>(path: string): Promise<T> {
    this.asked.push(path);
    const name = path.split("/")[3]!;
    return (path.endsWith("/reason-lists") ? lists : { activeExtension: name.startsWith("N") ? null : ({ id: "e" } as Extension) }) as T;
  }
}

const floor = (count: number, name = "A"): Agent[] => Array.from({ length: count }, (_, at) => onBreak(`${name}${at}`));
const life = new AbortController().signal;

it("what a state depends on is read for a bounded part of a large selection", async () => {
  const server = new Server();
  const agents = [away("Off"), ...floor(300)];
  const facts = await readFacts("state", agents, server, "t", createExtensions(server, "t", life), life);
  expect(facts.sample).toBe(60);
  expect(server.asked).toHaveLength(120);
  expect(facts.known.get("A59")).toEqual({ reasons: new Set(["lunch"]), extension: true });
  expect(facts.known.get("A60")).toEqual({ extension: undefined });
});

it("who was in sight is foreseen however large the selection is, without being asked for again", async () => {
  const server = new Server();
  const extensions = createExtensions(server, "t", life);
  const seen = floor(2, "N");
  await extensions.readAll(seen, life);
  const before = server.asked.length;
  const facts = await readFacts("state", [...floor(60), ...seen], server, "t", extensions, life);
  expect(facts.known.get("N1")).toEqual({ extension: false });
  expect(server.asked.slice(before).filter((path) => path.includes("/N"))).toEqual([]);
});

it("a direction and a log-out depend on nothing that is not in the rows", async () => {
  const server = new Server();
  for (const kind of ["direction", "logout"] as const) expect((await readFacts(kind, floor(3), server, "t", createExtensions(server, "t", life), life)).sample).toBe(0);
  expect(server.asked).toEqual([]);
});
