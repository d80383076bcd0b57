import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Press } from "./press.ts";

let page: EventTarget;
let press: Press;
let done: string[];

beforeEach(() => {
  vi.useFakeTimers();
  page = new EventTarget();
  press = new Press(page);
  done = [];
});

afterEach(() => vi.useRealTimers());

describe("what would move the page", () => {
  it("is done at once while nothing is pressed", () => {
    press.after(() => done.push("turned"));
    expect(done).toEqual(["turned"]);
  });

  it("waits until a press has done what it does", () => {
    happen("pointerdown", "mousedown");
    press.after(() => done.push("turned"));
    expect(done).toEqual([]);
    happen("pointerup", "mouseup");
    done.push("clicked");
    vi.runAllTimers();
    press.after(() => done.push("turned again"));
    expect(done).toEqual(["clicked", "turned", "turned again"]);
  });

  it("waits for a finger's press, which comes as that of a mouse when it is over", () => {
    happen("pointerdown", "pointerup");
    vi.runAllTimers();
    happen("mousedown");
    press.after(() => done.push("turned"));
    happen("mouseup");
    done.push("clicked");
    vi.runAllTimers();
    expect(done).toEqual(["clicked", "turned"]);
  });

  it("does not wait for ever when a press becomes a drag", () => {
    happen("pointerdown", "mousedown");
    press.after(() => done.push("turned"));
    happen("pointercancel");
    vi.runAllTimers();
    expect(done).toEqual(["turned"]);
  });
});

function happen(...names: readonly string[]): void {
  for (const name of names) page.dispatchEvent(new Event(name));
}
