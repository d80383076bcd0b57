import { beforeEach, describe, expect, it } from "vitest";
import type { Bytes } from "./bytes.ts";
import { ABSENT_AFTER_MS, Pacer, retryDelayMs, SILENT_AFTER_MS } from "./pacer.ts";
import type { Session } from "./session.ts";
import { drain, NOW, pseudoRandom, sessionPair, take } from "./testing.ts";

let client: Session;
let worker: Session;

beforeEach(() => {
  ({ client, worker } = sessionPair());
});

const say = (length: number): number => client.say({ type: "text", text: "x".repeat(length) });

/** A line that has begun: the greeting has arrived. */
function begun(cover: "steady" | "sparing"): Pacer {
  const pacer = new Pacer(cover);
  const greeting = pacer.cells(client, 0, 0.5);
  expect(greeting).toHaveLength(1);
  take(worker, greeting);
  return pacer;
}

const chances = pseudoRandom("chance")(32);
/** One that looks random. */
const chanceAt = (call: number): number => (chances[call % chances.length] ?? 0) / 255;

describe("a steady end", () => {
  it("sends one cell in every slot and none between, whatever it has to say", () => {
    const pacer = begun("steady");
    say(40_000);
    let slots = 0;
    for (let elapsed = 0; elapsed < 120_000; elapsed += 50) {
      if (elapsed === 50_000) say(40_000);
      if (elapsed === 60_000) worker.say({ type: "text", text: "arrives" });
      const isSlot = elapsed >= pacer.wakesAt;
      const cells = pacer.cells(client, elapsed, chanceAt(elapsed / 50));
      expect(cells).toHaveLength(isSlot ? 1 : 0);
      slots += cells.length;
      take(worker, cells);
      take(client, drain(worker));
    }
    expect(slots).toBeGreaterThan(120_000 / 2500 - 1);
    expect(slots).toBeLessThan(120_000 / 1500);
  });

  it("waits 1.5 to 2.5 seconds from one slot to the next", () => {
    for (const [drawn, wait] of [
      [0, 1500],
      [0.5, 2000],
      [1, 2500],
    ] as const) {
      const pacer = begun("steady");
      const elapsed = pacer.wakesAt + 7;
      pacer.cells(client, elapsed, drawn);
      expect(pacer.wakesAt - elapsed).toBe(wait);
    }
  });

  it("fills a slot with what is due, else an empty cell, else the lowest one again", () => {
    const pacer = begun("steady");
    const slot = (): Bytes | undefined => pacer.cells(client, pacer.wakesAt, 0)[0];
    say(1);
    expect(take(worker, [slot() ?? new Uint8Array(0)])).toHaveLength(1);
    const empty = slot() ?? new Uint8Array(0);
    expect(worker.openCell(empty, NOW)).toEqual({ records: [], isNew: true });
    const sent: (Bytes | undefined)[] = [];
    for (let slots = 0; slots < 50; slots += 1) sent.push(slot());
    const again = sent.slice(45);
    expect(again.every((cell) => cell !== undefined && worker.openCell(cell, NOW).isNew === false)).toBe(
      true,
    );
  });

  it("does not make up for slots that it slept through", () => {
    const pacer = begun("steady");
    say(40_000);
    expect(pacer.cells(client, 3_600_000, 0)).toHaveLength(1);
    expect(pacer.wakesAt).toBe(3_601_500);
  });
});

describe("a sparing end", () => {
  it("sends at once what is due", () => {
    const pacer = begun("sparing");
    expect(pacer.cells(client, 10, 0)).toEqual([]);
    say(3000);
    expect(pacer.cells(client, 20, 0)).toHaveLength(4);
    expect(pacer.wakesAt, "an empty cell only after six quiet seconds").toBe(6020);
  });

  it("sends an empty cell after 6 to 10 quiet seconds", () => {
    for (const [drawn, wait] of [
      [0, 6000],
      [1, 10_000],
    ] as const) {
      const pacer = begun("sparing");
      const elapsed = pacer.wakesAt;
      expect(pacer.cells(client, elapsed - 1, drawn)).toEqual([]);
      expect(pacer.cells(client, elapsed, drawn)).toHaveLength(1);
      expect(pacer.wakesAt - elapsed).toBe(wait);
    }
  });
});

describe("what never waits for a slot", () => {
  it("is the first cell after a handshake", () => {
    expect(new Pacer("steady").cells(client, 0, 0)).toHaveLength(1);
  });

  it("is what follows a rejoining: an empty cell, those that go again, and three slots, always as many", () => {
    const pacer = begun("steady");
    for (let said = 0; said < 5; said += 1) say(1);
    pacer.cells(client, 2500, 0);
    pacer.cells(client, 5000, 0);
    client.rejoined(6000);
    pacer.joined(6000, 1);
    const cells = pacer.cells(client, 6000, 0);
    expect(cells).toHaveLength(4 + 3);
    expect(worker.openCell(cells[0] ?? new Uint8Array(0), NOW)).toEqual({ records: [], isNew: true });
    expect(take(worker, cells.slice(1))).toHaveLength(2 + 3);
    expect(pacer.cells(client, 6000, 0)).toEqual([]);
    expect(pacer.wakesAt).toBe(7500);
    client.rejoined(7000);
    pacer.joined(7000, 1);
    expect(pacer.cells(client, 7000, 0), "with nothing to say too").toHaveLength(1 + 7 + 3);
  });

  it("is everything once a close was said or heard", () => {
    const pacer = begun("steady");
    say(3000);
    client.say({ type: "close", reason: "ended" });
    expect(pacer.cells(client, 1, 0)).toEqual([]);
    pacer.hurry();
    expect(pacer.cells(client, 2, 0)).toHaveLength(5);
    expect(pacer.cells(client, 3, 0)).toEqual([]);
    expect(pacer.cells(client, 3000, 0), "cover goes on").toHaveLength(1);
  });
});

describe("a change of cover", () => {
  it("counts from the next cell, which goes at once", () => {
    const pacer = begun("sparing");
    pacer.setCover("steady");
    expect(pacer.cells(client, 100, 1)).toHaveLength(1);
    expect(pacer.wakesAt).toBe(2600);
    say(3000);
    expect(pacer.cells(client, 101, 0)).toEqual([]);
    pacer.setCover("steady");
    expect(pacer.cells(client, 102, 0), "it was steady already").toEqual([]);
    pacer.setCover("sparing");
    expect(pacer.cells(client, 103, 0)).toHaveLength(4);
  });
});

describe("a line", () => {
  it("is tried again after an eighth of the time that it was broken", () => {
    expect(retryDelayMs(0, 1)).toBe(250);
    expect(retryDelayMs(2000, 1)).toBe(250);
    expect(retryDelayMs(40_000, 1)).toBe(5000);
    expect(retryDelayMs(40_000, 0)).toBe(2500);
    expect(retryDelayMs(3_600_000, 1)).toBe(15_000);
    expect(retryDelayMs(3_600_000, 0.5)).toBe(11_250);
  });

  it("is silent after 16 seconds, and its other end lost after 30 minutes", () => {
    expect([SILENT_AFTER_MS, ABSENT_AFTER_MS]).toEqual([16_000, 30 * 60_000]);
  });
});
