import { expect, test } from "vitest";
import { LineDisplay } from "./line-display.ts";

test("shows what lasts, and what works at once", () => {
  const display = new LineDisplay();
  expect(display.see("reconnecting", 1_000)).toBe("joined");
  expect(display.see("reconnecting", 2_400)).toBe("joined");
  expect(display.see("reconnecting", 2_500)).toBe("reconnecting");
  expect(display.see("joined", 2_600)).toBe("joined");
});

test("starts to count anew when the cause is another one", () => {
  const display = new LineDisplay();
  display.see("reconnecting", 0);
  expect(display.see("advisor-away", 1_400)).toBe("joined");
  expect(display.see("advisor-away", 2_800)).toBe("joined");
  expect(display.see("advisor-away", 2_900)).toBe("advisor-away");
  expect(display.minutes(61_300)).toBe(0);
  expect(display.minutes(61_400)).toBe(1);
});

test("forgets a blink", () => {
  const display = new LineDisplay();
  display.see("offline", 0);
  display.see("joined", 1_000);
  expect(display.see("offline", 2_000)).toBe("joined");
  expect(display.see("offline", 3_400)).toBe("joined");
});
