import ts from "typescript";
import { book, fullTopic } from "./format.js";

// Writes the tables of docs/sdk-js.md out of the types of src/ with their comments, and of api/scenarios/vocabulary.yaml. What has no
// comment, or no row in the vocabulary, is an error: the reference is whole or there is none.

const src = new URL("../src/", import.meta.url).pathname;

const parsed = new Map<string, ts.SourceFile>();
const file = (name: string): ts.SourceFile => {
  const known = parsed.get(name);
  if (known) return known;
  const text = ts.sys.readFile(src + name);
  if (text === undefined) throw new Error(`there is no src/${name}`);
  const read = ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true);
  parsed.set(name, read);
  return read;
};

const interfaceOf = (name: string, within: string): ts.InterfaceDeclaration => {
  const found = file(within).statements.find((s) => ts.isInterfaceDeclaration(s) && s.name.text === name);
  if (!found) throw new Error(`src/${within} declares no interface ${name}`);
  return found as ts.InterfaceDeclaration;
};

const nameOf = (member: ts.TypeElement): string => (ts.isStringLiteral(member.name!) ? member.name.text : member.name!.getText());

/** The comment of a declaration on one line; "" without one. */
const commentOf = (node: ts.Node): string =>
  ts
    .getJSDocCommentsAndTags(node)
    .map((c) => ts.getTextOfJSDocComment(c.comment) ?? "")
    .join(" ")
    .replace(/\s+/g, " ")
    .trim();

const must = (text: string, what: string): string => {
  if (!text) throw new Error(`${what} has no comment that says what it is`);
  return text;
};

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();

/** A type as it is written, on one line. `null` and `undefined` beside a parameter's type say nothing that is not true of all parameters. */
const written = (type: ts.TypeNode): string => oneLine(type.getText()).replace(/components\["schemas"\]\["(\w+)"\]/g, "$1").replace(/;? }/g, " }");

const code = (text: string): string => "`" + text.replace(/\|/g, "\\|") + "`";

const row = (...cells: string[]): string => `| ${cells.join(" | ")} |`;

const table = (head: string[], rows: string[]): string => [row(...head), "|---".repeat(head.length) + "|", ...rows].join("\n");

// --- functions ---

interface Function {
  name: string;
  about: string;
  /** `name?: type`, of each way to call it. */
  parameters: string[][];
  /** What a field of the parameters is, where that is said. */
  fields: string[];
  response: string;
  topic: string;
  errors: number[];
  sync: boolean;
}

/** Those that may be given: one that is always undefined keeps two ways to call a function apart. */
const saying = (members: ts.NodeArray<ts.TypeElement>): ts.TypeElement[] => members.filter((member) => (member as ts.PropertySignature).type?.getText() !== "undefined");

/** The fields of parameters, of each way to call a function. */
const fieldsOf = (params: ts.TypeNode, within: string): ts.TypeElement[][] => {
  if (ts.isTypeLiteralNode(params)) return [saying(params.members)];
  if (ts.isUnionTypeNode(params)) return params.types.flatMap((type) => fieldsOf(type, within));
  const name = params.getText();
  if (name.startsWith("Record<")) return [];
  const imported = file(within).text.match(new RegExp(`\\b${name}\\b[^;]*from "\\./([\\w.]+)\\.js"`));
  const home = imported ? `${imported[1]}.ts` : within;
  const alias = file(home).statements.find((s) => ts.isTypeAliasDeclaration(s) && s.name.text === name) as ts.TypeAliasDeclaration | undefined;
  return alias ? fieldsOf(alias.type, home) : [saying(interfaceOf(name, home).members)];
};

const parameter = (member: ts.TypeElement): string => {
  const type = (member as ts.PropertySignature).type!;
  const plain = ts.isUnionTypeNode(type) ? type.types.map(written).filter((t) => t !== "null" && t !== "undefined").join(" | ") : written(type);
  return `${nameOf(member)}${member.questionToken ? "?" : ""}: ${plain}`;
};

const functionsOf = (module: string, name: string, within: string): Function[] => {
  const declaration = interfaceOf(name, within);
  const [variable] = declaration.typeParameters ?? []; // what the faces answer differently
  return declaration.members.map((member) => {
    const full = `${module}.${nameOf(member)}`;
    const declared = (member as ts.PropertySignature).type!;
    const type = ts.isIntersectionTypeNode(declared) ? declared.types.at(-1)! : declared; // the general signature comes last
    let parameters: string[][];
    let fields: string[] = [];
    let response: ts.TypeNode;
    const sync = ts.isFunctionTypeNode(type);
    if (ts.isFunctionTypeNode(type)) {
      parameters = [type.parameters.map((p) => oneLine(p.getText()).replace(/(\?)?: (.*?)( \| null)*$/, "$1: $2"))];
      response = type.type;
    } else if (ts.isTypeReferenceNode(type) && type.typeArguments?.length === 2) {
      const [params, answer] = type.typeArguments;
      const ways = fieldsOf(params!, within);
      parameters = ways.map((members) => members.map(parameter));
      fields = ways.flat().flatMap((m) => (commentOf(m) ? [`${code(nameOf(m))}: ${commentOf(m)}`] : []));
      response = answer!;
    } else {
      throw new Error(`${full} has a type that the reference cannot read: ${type.getText()}`);
    }
    const words = book.words.functions[full];
    if (!words) throw new Error(`${full} is not in api/scenarios/vocabulary.yaml`);
    // Scenarios do not fix every topic; then the topic's comment says whose answer it carries.
    const topic = words.topic ?? topics().find((t) => t.about.includes(code(full)))?.name ?? "";
    if (!topics().some((t) => t.name === fullTopic(topic))) throw new Error(`${full} publishes ${topic}, which is not in src/topics.ts`);
    return {
      name: full,
      about: must(commentOf(member), full),
      parameters,
      fields,
      response: written(response.getText() === variable?.name.text ? variable.default! : response),
      topic,
      errors: (words.errors ?? []).filter((e) => e > 1004),
      sync,
    };
  });
};

let listed: Function[] | undefined;
const functions = (): Function[] =>
  (listed ??= [
    ...functionsOf("session", "SessionModule", "session.ts"),
    ...functionsOf("authentication", "Authentication", "authentication.ts"),
    ...functionsOf("interactions.voice", "Voice", "voice.ts"),
    ...functionsOf("reporting", "Reporting", "reporting.ts"),
  ]);

const functionTable = (): string =>
  table(
    ["function", "what it does", "parameters", "response", "topic", "errors"],
    functions().map((f) =>
      row(
        code(f.name),
        [f.about, ...f.fields].join(" "),
        f.parameters.map((way) => way.map(code).join(", ")).join(" or "),
        code(f.response) + (f.sync ? ", at once" : ""),
        code(f.topic.replace("cxengage/session/", "")),
        f.errors.join(" "),
      ),
    ),
  );

// --- topics ---

interface Topic {
  name: string;
  payload: string;
  about: string;
}

const topics = (): Topic[] =>
  interfaceOf("Topics", "topics.ts").members.map((member) => ({
    name: nameOf(member),
    payload: written((member as ts.PropertySignature).type!),
    about: commentOf(member),
  }));

const topicTable = (): string =>
  table(
    ["topic", "response", "when"],
    topics().map(({ name, payload, about }) => {
      const by = functions().filter((f) => fullTopic(f.topic) === name && !about.includes(code(f.name)));
      const answers = by.length ? `Answer of ${by.map((f) => code(f.name)).join(", ")}.` : "";
      const shown = payload === "never" ? "–" : code(payload);
      return row(code(name.replace("cxengage/session/", "")), shown, must([answers, about].filter(Boolean).join(" "), name));
    }),
  );

// --- codes ---

interface Fault {
  number: string;
  says: string;
  about: string;
}

/** Those of src/codes.ts, such as `export const tenantUnread = [2010, "the tenant could not be read"] as const`. */
const faults = (): Fault[] =>
  file("codes.ts").statements.flatMap((s) => {
    const made = ts.isVariableStatement(s) ? s.declarationList.declarations[0]!.initializer! : undefined;
    if (!made || ts.isArrowFunction(made) || !/^export/.test(s.getText())) return [];
    if (!ts.isAsExpression(made) || !ts.isArrayLiteralExpression(made.expression)) throw new Error(`src/codes.ts exports what is no fault: ${s.getText()}`);
    const [number, says] = made.expression.elements;
    return [{ number: number!.getText(), says: (says as ts.StringLiteral).text, about: commentOf(s) }];
  });

const codeTable = (): string => {
  return table(
    ["code", "level", "message", "what is known and what to do"],
    faults().map(({ number, says, about }) => {
      const words = book.words.codes[number];
      if (!words) throw new Error(`${number} is not in api/scenarios/vocabulary.yaml`);
      return row(number, words.level, says, must(about, `code ${number}`));
    }),
  );
};

// --- types ---

/** Types that the tables name, and what these name in turn, as they are declared. */
const typeList = (): string => {
  const schemas = interfaceOf("components", "wire.gen.ts").members.find((m) => nameOf(m) === "schemas") as ts.PropertySignature;
  const declared = new Map<string, string>();
  const add = (name: string, type: string, variables = ""): void => void declared.set(name, `type ${name}${variables} = ${type};`);
  for (const member of (schemas.type as ts.TypeLiteralNode).members) add(nameOf(member), shape((member as ts.PropertySignature).type!));
  for (const name of ["topics.ts", "codes.ts", "error.ts", "session.ts", "floor.ts", "results.ts"]) {
    for (const s of file(name).statements) {
      if (ts.isInterfaceDeclaration(s) && s.name.text !== "Topics") add(s.name.text, [...bases(s), members(s.members)].join(" & "), s.typeParameters && `<${s.typeParameters.map((p) => p.getText()).join(", ")}>`);
      if (ts.isTypeAliasDeclaration(s) && !s.typeParameters) add(s.name.text, shape(s.type));
    }
  }
  const found = new Set<string>();
  const look = (text: string): void => {
    for (const [name] of text.replace(/"[^"]*"/g, "").matchAll(/\b[A-Z]\w+\b/g)) {
      const type = declared.get(name);
      if (!type || found.has(name)) continue;
      found.add(name);
      look(type.slice(type.indexOf("=")));
    }
  };
  for (const f of functions()) look([...f.parameters.flat(), f.response].join(" "));
  for (const t of topics()) look(t.payload);
  look("SdkError FloorRow EndResult");
  return "```ts\n" + [...found].sort().map((name) => declared.get(name)).join("\n") + "\n```";
};

const bases = (declaration: ts.InterfaceDeclaration): string[] => declaration.heritageClauses?.flatMap((c) => c.types.map((t) => t.getText())) ?? [];

/** A type on one line, without comments. */
const shape = (type: ts.TypeNode): string => {
  if (ts.isTypeLiteralNode(type)) return members(type.members);
  if (ts.isIntersectionTypeNode(type)) return type.types.map(shape).join(" & ");
  if (ts.isUnionTypeNode(type)) return type.types.map(shape).join(" | ");
  if (ts.isArrayTypeNode(type)) return `${shape(type.elementType)}[]`;
  if (ts.isParenthesizedTypeNode(type)) return `(${shape(type.type)})`;
  return written(type);
};

const members = (list: ts.NodeArray<ts.TypeElement>): string =>
  `{ ${list.map((m) => (ts.isPropertySignature(m) ? `${nameOf(m)}${m.questionToken ? "?" : ""}: ${shape(m.type!)}` : written(m as unknown as ts.TypeNode).replace(/;$/, ""))).join("; ")} }`;

const parts: Record<string, () => string> = { functions: functionTable, topics: topicTable, codes: codeTable, types: typeList };

/** The page with its tables made anew. Each stands between two comments that name it. */
export const withReference = (page: string): string => {
  let whole = page;
  for (const [name, make] of Object.entries(parts)) {
    const begin = `<!-- ${name}: made by npm run reference in sdk/js -->\n\n`;
    const end = `\n\n<!-- end of ${name} -->`;
    const from = whole.indexOf(begin);
    const to = whole.indexOf(end);
    if (from < 0 || to < from) throw new Error(`docs/sdk-js.md has no place for ${name}`);
    whole = whole.slice(0, from + begin.length) + make() + whole.slice(to);
  }
  return whole;
};
