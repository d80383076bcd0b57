import { describe, expect, it } from "vitest";
import { cardBlocks } from "./card-text.ts";

describe("card text", () => {
  it("has headings, lists and paragraphs", () => {
    const body = "## Сразу\n- Звоните 112\n- Налоксон\n\nНе уходите.\nМы рядом.\n\n## مرحبا\nنص";
    expect(cardBlocks(body)).toEqual([
      { type: "heading", text: "Сразу" },
      { type: "list", items: ["Звоните 112", "Налоксон"] },
      { type: "paragraph", text: "Не уходите.\nМы рядом." },
      { type: "heading", text: "مرحبا" },
      { type: "paragraph", text: "نص" },
    ]);
  });

  it("begins a new block with an empty line, or with a line of another kind", () => {
    expect(cardBlocks("one\n- a\ntwo\n\n- b\n \n- c\nthree")).toEqual([
      { type: "paragraph", text: "one" },
      { type: "list", items: ["a"] },
      { type: "paragraph", text: "two" },
      { type: "list", items: ["b"] },
      { type: "list", items: ["c"] },
      { type: "paragraph", text: "three" },
    ]);
  });

  it("knows no other markup", () => {
    const lines = [
      "# one",
      "### three",
      "##two",
      "-item",
      "* star",
      "**bold**",
      "[a](https://x)",
      "<b>x</b>",
    ];
    for (const line of lines) expect(cardBlocks(line)).toEqual([{ type: "paragraph", text: line }]);
  });

  it("takes both kinds of line end, and loses no other character", () => {
    expect(cardBlocks("\r\n## a\r\n- b\r\nc\r\n")).toEqual([
      { type: "heading", text: "a" },
      { type: "list", items: ["b"] },
      { type: "paragraph", text: "c" },
    ]);
    expect(cardBlocks("")).toEqual([]);
  });
});
