import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Bench } from "./testing.ts";
import { FakeRelay, FakeWorker } from "./testing-relay.ts";

const STEPS = 300;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** The same numbers for the same seed. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

test.each([1, 2, 3])(
  "whatever happens to the sockets, nothing is lost, doubled or reordered (%i)",
  async (seed) => {
    const roll = dice(seed);
    const bench = new Bench();
    const mira = new FakeWorker();
    const relay = new FakeRelay(bench, mira);
    await bench.toWelcome();
    bench.visit.start("ru");
    await bench.passes(500);
    bench.chances = () => roll(1_000) / 1_000;

    const happenings: readonly (readonly [oneIn: number, happens: () => void])[] = [
      [8, () => bench.socket.breaks()],
      [15, () => (bench.socket.isDead = true)],
      [15, () => bench.visit.comeOnline()],
      [25, () => bench.freezes(roll(30_000))],
      [25, () => relay.dies()],
      [4, () => (relay.isUp = true)],
      [25, () => relay.goes(mira)],
      [4, () => relay.comes(mira)],
      [20, () => bench.visit.choose(roll(2) === 0 ? "steady" : "sparing")],
    ];
    const [ours, hers]: [string[], string[]] = [[], []];
    for (let step = 0; step < STEPS; step += 1) {
      const words = `${step} ${"ы".repeat(roll(step % 9 === 0 ? 3_000 : 40))}`;
      if (roll(3) === 0 && bench.visit.say(words)) ours.push(words);
      if (roll(3) === 0 && mira.session?.hasRoom(10_000)) {
        mira.say(words);
        hers.push(words);
      }
      for (const [oneIn, happens] of happenings) if (roll(oneIn) === 0) happens();
      await bench.passes(roll(3_000));
    }
    relay.isUp = true;
    relay.comes(mira);
    await bench.passes(400_000);

    expect(ours.length).toBeGreaterThan(50);
    expect(hers.length).toBeGreaterThan(50);
    expect(mira.heard).toEqual(ours);
    const shown = bench.talking.entries;
    expect(
      shown.flatMap((entry) => (entry.from === "advisor" && entry.kind === "text" ? [entry.text] : [])),
    ).toEqual(hers);
    const own = shown.flatMap((entry) => (entry.from === "you" ? [entry] : []));
    expect(own.map(({ text }) => text)).toEqual(ours);
    expect(own.every(({ isDelivered }) => isDelivered)).toBe(true);
  },
  60_000,
);
