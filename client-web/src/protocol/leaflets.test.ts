import { describe, expect, it } from "vitest";
import { encodeUtf8 } from "./bytes.ts";
import { openLeaflets } from "./leaflets.ts";
import { AUTHORITY, codeOf, damaged, SHIFT_KEY, signCard, signLeaflets } from "./testing.ts";

const card = { id: "overdose_1", kind: "checklist", topic: "danger", title: "Передоз", body: "- 112" };
const fields = { version: 1, issued: 1_795_000_000, language: "ru", cards: [card] };
const sign = (value: unknown): Uint8Array => signLeaflets(encodeUtf8(JSON.stringify(value)));
const codeWith = (changes: object): string =>
  codeOf(() => openLeaflets(sign({ ...fields, ...changes }), AUTHORITY));
const codeWithCard = (changes: object): string => codeWith({ cards: [{ ...card, ...changes }] });

describe("leaflets", () => {
  it("are read member by member, and unknown members are ignored", () => {
    const { version, ...leaflets } = fields;
    const later = { ...fields, later: 1, cards: [{ ...card, later: 2 }] };
    expect(openLeaflets(sign(later), AUTHORITY)).toEqual(leaflets);
    expect(version).toBe(1);
  });

  it("are refused with any byte damaged, under another authority, or signed as something else", () => {
    for (const { at, bytes } of damaged(sign(fields))) {
      // The signature is over all of the JSON: some bytes of it stand for the rest.
      if (at > 64 && at % 8 !== 0) continue;
      expect(
        codeOf(() => openLeaflets(bytes, AUTHORITY)),
        `byte ${at}`,
      ).toBe("wrong_authority");
    }
    expect(codeOf(() => openLeaflets(sign(fields), SHIFT_KEY))).toBe("wrong_authority");
    const asCard = signCard(encodeUtf8(JSON.stringify(fields)));
    expect(codeOf(() => openLeaflets(asCard, AUTHORITY))).toBe("wrong_authority");
  });

  it("have at most 65,536 bytes and 64 cards", () => {
    const room = 65_536 - sign({ ...fields, padding: "" }).length;
    expect(codeWith({ padding: "x".repeat(room) })).toBe("accepted");
    expect(codeWith({ padding: "x".repeat(room + 1) })).toBe("malformed");
    const cards = Array.from({ length: 65 }, (_, i) => ({ ...card, id: `card-${i}` }));
    expect(codeWith({ cards: cards.slice(1) })).toBe("accepted");
    expect(codeWith({ cards })).toBe("malformed");
    expect(codeWith({ cards: [] })).toBe("accepted");
  });

  it("have a known version, a time, a language of the list and a list of cards", () => {
    for (const version of [0, 2, "1", undefined]) expect(codeWith({ version })).toBe("malformed");
    for (const issued of [-1, 0.5, "1", undefined]) expect(codeWith({ issued })).toBe("malformed");
    for (const language of ["de", "RU", 2, undefined]) expect(codeWith({ language })).toBe("malformed");
    for (const cards of [{}, "cards", null, [null], [[]]]) expect(codeWith({ cards })).toBe("malformed");
  });

  it("name each card once, in letters that every language has", () => {
    expect(codeWith({ cards: [card, card] })).toBe("malformed");
    for (const name of ["", "A", "a b", "ж", "a".repeat(41), 1, undefined]) {
      expect(codeWithCard({ id: name })).toBe("malformed");
      expect(codeWithCard({ topic: name })).toBe("malformed");
    }
    expect(codeWithCard({ id: "a".repeat(40) })).toBe("accepted");
  });

  it("hold cards as a worker could give them", () => {
    for (const kind of ["poster", "", 1]) expect(codeWithCard({ kind })).toBe("malformed");
    for (const text of ["", 1, undefined, "\ud83d"]) {
      expect(codeWithCard({ title: text })).toBe("malformed");
      expect(codeWithCard({ body: text })).toBe("malformed");
    }
    expect(codeWithCard({ title: "я".repeat(240), body: "я".repeat(8000) })).toBe("accepted");
    expect(codeWithCard({ title: `${"я".repeat(240)}!` })).toBe("malformed");
    expect(codeWithCard({ body: `${"я".repeat(8000)}!` })).toBe("malformed");
  });
});
