import { expect, it } from "vitest";
import { CLOSE, closeName } from "./close.ts";

it("names every code of the table, and no other", () => {
  for (const [name, code] of Object.entries(CLOSE)) expect(closeName(code)).toBe(name);
  for (const code of [0, 1005, 1006, 3999, 4099]) expect(closeName(code)).toBeUndefined();
});

it("uses no code twice", () => {
  const codes = Object.values(CLOSE);
  expect(new Set(codes).size).toBe(codes.length);
});
