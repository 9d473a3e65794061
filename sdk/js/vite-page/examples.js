// Writes each block of code of the documents that are named as a file of src/examples/, for tsc to compile against the package: on the
// document's own lines, which is where tsc says then what is wrong.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";

/** What an author would have to tell TypeScript of a page. Nothing of it is about the SDK. */
const told = new Map([
  ["(id) => document.getElementById(id);", "<Id extends keyof Elements>(id: Id) => document.getElementById(id) as unknown as Elements[Id];"],
  ["(...words) =>", "(...words: unknown[]) =>"],
  ["(signal) =>", "(signal: AbortSignal) =>"],
  ["(act) =>", "(act: () => Promise<unknown>) =>"],
  ['"http://127.0.0.1:8080/sdk/muster.js"', '"muster-sdk"'],
  ['"https://muster.example/sdk/VERSION/muster.js"', '"muster-sdk"'],
]);
const unused = new Set(told.keys());

const typed = (code) => {
  for (const [plain, annotated] of told) {
    if (!code.includes(plain)) continue;
    unused.delete(plain);
    code = code.replace(plain, annotated);
  }
  return code;
};

/** The text without everything that is no script's; lines stay. */
const scriptsOf = (page) => {
  const blank = (text) => text.replace(/[^\n]/g, "");
  const script = /(<script(?: type="module")?>)(.*?)<\/script>/gs;
  let code = "";
  let from = 0;
  for (const found of page.matchAll(script)) {
    code += blank(page.slice(from, found.index)) + found[2];
    from = found.index + found[0].length;
  }
  return code;
};

const kinds = { ts: (code) => code, js: (code) => code, html: scriptsOf, "": () => "" };

mkdirSync("src/examples", { recursive: true });
let written = 0;
for (const path of process.argv.slice(2)) {
  const text = readFileSync(path, "utf8");
  for (const { 1: indent, 2: kind, 3: block, index } of text.matchAll(/^( *)```(\w*)\n(.*?)^\1```$/gms)) {
    const line = text.slice(0, index).split("\n").length;
    if (!kinds[kind]) throw new Error(`${path}:${line}: nobody knows how to compile ${kind}`);
    const code = typed(kinds[kind](block));
    if (!code.trim()) {
      if (kind) throw new Error(`${path}:${line}: there is no code in it`);
      continue;
    }
    const global = code.includes("CxEngage") ? 'import "muster-sdk/cxengage.js"; ' : "";
    writeFileSync(`src/examples/${basename(path, ".md")}.${line}.ts`, `${global}export {};${"\n".repeat(line)}${code}`);
    written++;
  }
}
if (!written) throw new Error("there are no examples in these documents");
if (unused.size) throw new Error(`no page has these any more: ${[...unused].join(" ")}`);
console.log(`compiling ${written} examples of ${process.argv.slice(2).map((path) => basename(path)).join(" and ")}`);
