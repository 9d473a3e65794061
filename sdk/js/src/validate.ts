import { isUuid } from "./uuid.js";

/** Parameters as they came, before anybody has looked at them. */
export type Params = Record<string, unknown>;

/** What is wrong with parameters: the field and the expected type, never a value. */
export type Problems = string[];

/** `of` is what stands before the names of fields. */
export type Check = (p: Params, problems: Problems, of?: string) => void;

/** Says what a field must be where its value is not that. */
type Field = (value: unknown) => string | false;

/** A field that must be something, or may be absent too where it is optional. */
export const field =
  (must: string, ok: (value: unknown) => boolean, optional = false): Field =>
  (value) =>
    (value == null ? !optional : !ok(value)) && must;

export const id = field("a uuid", isUuid);
export const optionalId = field("a uuid", isUuid, true);
export const text = field("a string that is not empty", (v) => typeof v === "string" && v !== "");
export const flag = field("a boolean", (v) => typeof v === "boolean", true);
export const oneOf = (...words: string[]): Field => field(words.join(", "), (v) => words.includes(v as string));

/** Checks fields by their names, then what else there is to check. */
export const fields =
  (checks: Record<string, Field>, ...more: Check[]): Check =>
  (p, problems, of = "") => {
    for (const [name, check] of Object.entries(checks)) {
      const must = check(p[name]);
      if (must) problems.push(`${of}${name} must be ${must}`);
    }
    for (const check of more) check(p, problems);
  };

const reasonFields = fields({ reason: text, reasonId: id, reasonListId: id });

/** All of a reason's fields, or none. */
export const reason: Check = (p, problems) => {
  if ((p["reason"] ?? p["reasonId"] ?? p["reasonListId"]) != null) reasonFields(p, problems);
};

/** All of a reason's fields in an object, or no such object. */
export const reasonInfo: Check = ({ reasonInfo: r }, problems) => {
  if (r == null) return;
  if (typeof r !== "object") return void problems.push("reasonInfo must be an object with reason, reasonId and reasonListId");
  reasonFields(r as Params, problems, "reasonInfo.");
};
