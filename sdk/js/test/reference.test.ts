import { expect, test } from "vitest";
import page from "../../../docs/sdk-js.md?raw";
import { withReference } from "./reference.js";

/** Run `npm run reference` to write them anew. */
test("the tables of docs/sdk-js.md are made of the types, their comments and the vocabulary", async () => {
  await expect(withReference(page)).toMatchFileSnapshot("../../../docs/sdk-js.md");
});
