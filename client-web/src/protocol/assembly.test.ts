import { expect, it } from "vitest";
import { Assembly } from "./assembly.ts";
import type { CellContent } from "./cell.ts";
import { codeOf } from "./testing.ts";

const part = (changes: Partial<CellContent>): CellContent => ({
  acknowledged: 2n,
  selective: 0n,
  recordType: 1,
  more: true,
  data: new Uint8Array(980).fill(0x61),
  ...changes,
});
const last = { more: false, data: Uint8Array.of(0x62) };
const empty = { recordType: 0, more: false, data: new Uint8Array(0) };

it("joins the cells of a record, and lets empty ones come between", () => {
  const assembly = new Assembly();
  expect(assembly.add(part(empty))).toBeUndefined();
  expect(assembly.add(part({}))).toBeUndefined();
  expect(assembly.add(part(empty))).toBeUndefined();
  const record = assembly.add(part(last));
  expect(record?.recordType).toBe(1);
  expect(record?.body).toHaveLength(981);
  expect(assembly.add(part(last))?.body).toHaveLength(1);
});

it("refuses a record that another one interrupts, and a cell without a byte", () => {
  for (const next of [
    { ...last, recordType: 2 },
    { more: false, data: new Uint8Array(0) },
  ]) {
    const assembly = new Assembly();
    assembly.add(part({}));
    expect(codeOf(() => assembly.add(part(next)))).toBe("malformed");
  }
  expect(codeOf(() => new Assembly().add(part({ more: false, data: new Uint8Array(0) })))).toBe("malformed");
});

it("refuses a record without end: 66 cells hold 64,680 bytes, the 67th would pass 65,536", () => {
  const assembly = new Assembly();
  for (let cell = 1; cell <= 66; cell += 1) assembly.add(part({}));
  expect(codeOf(() => assembly.add(part({})))).toBe("malformed");
});

it("wipes the parts of a record once they are joined, or given up", () => {
  const assembly = new Assembly();
  const [first, second, third] = [part({}), part(last), part({})];
  assembly.add(first);
  assembly.add(second);
  assembly.add(third);
  assembly.wipe();
  for (const { data } of [first, second, third]) expect(data.every((byte) => byte === 0)).toBe(true);
});
