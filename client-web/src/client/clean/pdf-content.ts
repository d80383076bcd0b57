// A content stream, made anew from its drawing operators (ISO 32000-1, annex A): no comments, no marks for machines,
// nothing that only another program knows.

import { check } from "./errors.ts";
import { fromLatin1 } from "./input.ts";
import type { Filters } from "./pdf-filters.ts";
import { inlineImage } from "./pdf-inline-image.ts";
import { Lexer } from "./pdf-lexer.ts";
import { isDict, Keyword, type Value, write } from "./pdf-values.ts";
import type { Report } from "./removed.ts";

/** All but marked content (BMC, BDC, EMC, MP, DP) and compatibility sections (BX, EX), which draw nothing. */
const OPERATORS = new Set(
  (
    "b B b* B* BT c cm CS cs d d0 d1 Do ET f F f* G g gs h i J j K k l M m n q Q re RG rg ri s S SC sc SCN scn sh " +
    "T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W* y ' \""
  ).split(" "),
);
const MARKS = new Set(["BDC", "DP"]);
const OPERANDS_MAX = 2000;

export function rewriteContent(bytes: Uint8Array, filters: Filters, report: Report): Uint8Array<ArrayBuffer> {
  const lexer = new Lexer(bytes, 0, false);
  const lines: string[] = [];
  let operands: Value[] = [];
  for (let token = lexer.next(); token !== undefined; token = lexer.next()) {
    if (!(token instanceof Keyword)) {
      operands.push(token);
      check(operands.length <= OPERANDS_MAX);
      continue;
    }
    if (token.text === "BI") lines.push(inlineImage(lexer, filters, report));
    else if (OPERATORS.has(token.text)) lines.push([...operands.map(write), token.text].join(" "));
    else if (MARKS.has(token.text) && operands.some(hasText)) report.add("description");
    operands = [];
  }
  if (lexer.sawComment) report.add("description");
  return fromLatin1(lines.join("\n"));
}

/** Character maps and calculating functions: all of their words count, and only comments go. */
export function rewriteTokens(bytes: Uint8Array, report: Report): Uint8Array<ArrayBuffer> {
  const lexer = new Lexer(bytes, 0, false);
  const words: string[] = [];
  for (let token = lexer.next(); token !== undefined; token = lexer.next()) words.push(write(token));
  if (lexer.sawComment) report.add("description");
  return fromLatin1(words.join("\n"));
}

function hasText(value: Value): boolean {
  return isDict(value) && [...value.values()].some((one) => one instanceof Uint8Array);
}
