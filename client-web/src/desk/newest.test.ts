import { describe, expect, it } from "vitest";
import { type DeskState, find } from "./model.ts";
import { LAID_OUT, laidOutFrom } from "./newest.ts";
import { said as words } from "./samples.ts";
import type { DeskEvent } from "./state.ts";
import { play, talking, told, typed } from "./testing.ts";

const earlier: DeskEvent = { type: "earlier", consultation: 1 };
const leaves: DeskEvent = { type: "scrolled", consultation: 1, atEnd: false };
const comesBack: DeskEvent = { type: "scrolled", consultation: 1, atEnd: true };

describe("of a long consultation", () => {
  it("the newest messages are laid out, and the state keeps all", () => {
    const few = said(talking(), LAID_OUT);
    expect(from(few)).toBe(0);
    const many = said(few, 7);
    expect(from(many)).toBe(7);
    expect(find(many, 1)?.messages).toHaveLength(LAID_OUT + 7);
  });

  it("earlier ones come when they are asked for, down to the first", () => {
    const many = said(talking(), 2 * LAID_OUT + 5);
    const once = play(many, leaves, earlier);
    expect(from(once)).toBe(5);
    expect(from(play(once, earlier))).toBe(0);
    expect(from(play(once, earlier, earlier))).toBe(0);
  });

  it("what is being read stays, whatever is said below, until the worker comes back to the end", () => {
    const reading = said(play(said(talking(), LAID_OUT + 10), leaves), 20);
    expect(from(reading)).toBe(10);
    expect(from(said(play(reading, earlier), 5))).toBe(0);
    expect(from(play(reading, comesBack))).toBe(30);
    expect(from(play(reading, typed("I am here"), { type: "send", consultation: 1 }))).toBe(30);
  });
});

function from(state: DeskState): number {
  const it = find(state, 1);
  if (it === undefined) throw new Error("no consultation");
  return laidOutFrom(it);
}

/** So many more words of the client. */
function said(state: DeskState, count: number): DeskState {
  const known = find(state, 1)?.messages.length ?? 0;
  const more = Array.from({ length: count }, (_, at) =>
    told({ type: "message", consultation: 1, message: words(known + at + 1, "client", "…", 0) }),
  );
  return play(state, ...more);
}
