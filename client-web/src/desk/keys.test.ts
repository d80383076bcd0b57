import { describe, expect, it } from "vitest";
import { commandOf, LETTERS } from "./keys.ts";

const alt = { altKey: true, ctrlKey: false, metaKey: false, shiftKey: false };

describe("a key of the desk", () => {
  it("is meant by its place, whatever letter stands on it", () => {
    for (const [code, type] of Object.entries(LETTERS)) expect(commandOf({ ...alt, code })).toEqual({ type });
    expect(commandOf({ ...alt, code: "Digit1" })).toEqual({ type: "consultation", at: 0 });
    expect(commandOf({ ...alt, code: "Numpad8" })).toEqual({ type: "consultation", at: 7 });
  });

  it("leaves the browser and the keyboard layout their own", () => {
    for (const held of [{ altKey: false }, { ctrlKey: true }, { metaKey: true }, { shiftKey: true }]) {
      expect(commandOf({ ...alt, ...held, code: "KeyA" })).toBeNull();
    }
    for (const code of ["KeyZ", "Digit9", "toString", "", "ArrowLeft"]) {
      expect(commandOf({ ...alt, code })).toBeNull();
    }
  });
});
