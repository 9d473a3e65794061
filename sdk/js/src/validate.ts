import { isUuid } from "./uuid.js";

/** Parameters as they came, before anybody has looked at them. */
export type Params = Record<string, unknown>;

/** What is wrong with parameters: the field and the expected type, never a value. */
export type Problems = string[];

export type Check = (p: Params, problems: Problems) => void;

const absent = (value: unknown): boolean => value == null;

const field =
  (name: string, must: string, ok: (value: unknown) => boolean, optional = false): Check =>
  (p, problems) => {
    if (absent(p[name]) ? !optional : !ok(p[name])) problems.push(`${name} must be ${must}`);
  };

const isText = (value: unknown): boolean => typeof value === "string" && value !== "";

export const id = (name: string): Check => field(name, "a uuid", isUuid);
export const optionalId = (name: string): Check => field(name, "a uuid", isUuid, true);
export const text = (name: string): Check => field(name, "a string that is not empty", isText);
export const optionalText = (name: string): Check => field(name, "a string", (v) => typeof v === "string", true);
export const flag = (name: string): Check => field(name, "a boolean", (v) => typeof v === "boolean", true);
export const oneOf = (name: string, ...words: string[]): Check => field(name, words.join(", "), (v) => words.includes(v as string));

/** All of the checks. */
export const all =
  (...checks: Check[]): Check =>
  (p, problems) =>
    checks.forEach((check) => check(p, problems));

/** All of a reason's fields or none, under a name of their own where they stand in another object. */
export const reason =
  (within?: string): Check =>
  (p, problems) => {
    const r = within ? p[within] : p;
    if (absent(r)) return;
    if (typeof r !== "object") return void problems.push(`${within} must be an object with reason, reasonId and reasonListId`);
    const fields = r as Params;
    if (!within && absent(fields["reason"]) && absent(fields["reasonId"]) && absent(fields["reasonListId"])) return;
    const prefix = within ? `${within}.` : "";
    const found: string[] = [];
    all(text("reason"), id("reasonId"), id("reasonListId"))(fields, found);
    problems.push(...found.map((problem) => prefix + problem));
  };
