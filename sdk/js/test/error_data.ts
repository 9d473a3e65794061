import ts from "typescript";
import errors from "../src/error.ts?raw";
import * as codes from "../src/codes.js";
import { type Fields, isObject } from "./values.js";

/** By code, what src/error.ts says that an error always has. */
const dataByCode = new Map<number, string[]>(Object.values(codes).flatMap((fault) => (Array.isArray(fault) ? [[fault[0] as number, ["apiResponse"]]] : [])));

for (const statement of ts.createSourceFile("error.ts", errors, ts.ScriptTarget.ES2022, true).statements) {
  if (!ts.isInterfaceDeclaration(statement) || statement.name.text !== "DataByCode") continue;
  for (const member of statement.members) {
    const names = [...(member as ts.PropertySignature).type!.getText().matchAll(/"(\w+)"/g)].map(([, name]) => name!);
    dataByCode.set(Number(member.name!.getText()), names);
  }
}

/** What an error of the SDK should have among its data and has not. */
export const missingData = (error: Fields): string[] => {
  const { code, data } = error;
  return (dataByCode.get(code as number) ?? []).filter((name) => !isObject(data) || data[name] == null);
};
