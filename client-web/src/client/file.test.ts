import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Bytes } from "../protocol/bytes.ts";
import type { OwnFile } from "./consultation.ts";
import type { Cleaned, CleanOutcome } from "./file.ts";
import { Bench } from "./testing.ts";
import { FakeRelay, FakeWorker } from "./testing-relay.ts";

const SIZE = 200_000;

let bench: Bench;
let relay: FakeRelay;
let mira: FakeWorker;
let sam: FakeWorker;

beforeEach(async () => {
  vi.useFakeTimers();
  bench = new Bench();
  mira = new FakeWorker("Mira", 1);
  sam = new FakeWorker("Sam", 3);
  relay = new FakeRelay(bench, mira, sam);
  await bench.toTalking();
});

afterEach(() => {
  vi.useRealTimers();
});

const contentOf = (): Bytes => Uint8Array.from({ length: SIZE }, (_, at) => (at % 251) + 1);
const cleaned = (): Cleaned => ({ kind: "jpeg", bytes: contentOf(), removed: ["camera", "place"] });
const files = (): readonly (readonly [OwnFile["stage"], number])[] =>
  bench.talking.entries.flatMap((entry) =>
    entry.from === "your-file" ? [[entry.stage, entry.percent]] : [],
  );
const percents = (): readonly number[] => {
  const all = bench.states.flatMap((state) =>
    state.status === "talking"
      ? state.entries.flatMap((entry) => (entry.from === "your-file" ? [entry.percent] : []))
      : [],
  );
  return all.filter((percent, at) => percent !== all[at - 1]);
};

async function choose(outcome: CleanOutcome = { cleaned: cleaned() }): Promise<void> {
  bench.cleans = outcome;
  bench.visit.chooseFile(new Blob());
  await bench.passes(0);
}

async function toMoving(): Promise<void> {
  for (let step = 0; step < 500 && files()[0]?.[0] !== "moving"; step += 1) await bench.passes(10);
  expect(files()[0]?.[0]).toBe("moving");
}

describe("a file that was chosen", () => {
  test("is shown to the person with what was taken out, and nobody else hears of it", async () => {
    await choose();
    expect(bench.talking.file).toEqual({
      stage: "clean",
      kind: "jpeg",
      size: SIZE,
      removed: ["camera", "place"],
    });
    await bench.passes(10_000);
    expect([mira.offers, files()]).toEqual([[], []]);
    bench.visit.dropFile();
    expect(bench.talking.file).toBeUndefined();
    bench.visit.offerFile();
    await bench.passes(10_000);
    expect(mira.offers).toEqual([]);
  });

  test("and cannot be cleaned is not sent, and the page says why", async () => {
    await choose({ problem: "heic" });
    expect(bench.talking.file).toEqual({ stage: "problem", why: "heic" });
    bench.visit.offerFile();
    await bench.passes(10_000);
    expect(mira.offers).toEqual([]);
  });

  test("and dropped while it is cleaned does not come back, and is wiped", async () => {
    const late = cleaned();
    bench.cleans = { cleaned: late };
    bench.visit.chooseFile(new Blob());
    bench.visit.dropFile();
    await bench.passes(0);
    expect(bench.talking.file).toBeUndefined();
    expect(late.bytes.every((byte) => byte === 0)).toBe(true);
  });
});

describe("a file that is sent", () => {
  test("waits for the advisor's yes, then arrives whole, in steps that are told", async () => {
    mira.saysToFiles = undefined;
    await choose();
    bench.visit.offerFile();
    await bench.passes(20_000);
    expect([mira.offers.length, mira.came.length, files()]).toEqual([1, 0, [["offered", 0]]]);
    mira.give({ type: "file_reply", file: 1, reply: "send" });
    await bench.passes(3_000);
    expect(mira.came.subarray(0, SIZE)).toEqual(contentOf());
    expect(files()).toEqual([["received", 100]]);
    expect(percents().length).toBeGreaterThan(5);
  });

  test("is wiped here once it is there", async () => {
    const own = cleaned();
    await choose({ cleaned: own });
    bench.visit.offerFile();
    await bench.passes(8_000);
    expect(files()).toEqual([["received", 100]]);
    expect(own.bytes.every((byte) => byte === 0)).toBe(true);
  });

  test("lets words pass, and survives a broken line", async () => {
    await choose();
    bench.visit.offerFile();
    await toMoving();
    bench.visit.say("look at this");
    bench.socket.breaks();
    await bench.passes(15_000);
    expect(mira.heard).toEqual(["look at this"]);
    expect(files()).toEqual([["received", 100]]);
    expect(mira.came.subarray(0, SIZE)).toEqual(contentOf());
  });

  test("and is refused goes no further; another may follow", async () => {
    mira.saysToFiles = "refused";
    await choose();
    bench.visit.offerFile();
    await bench.passes(6_000);
    expect([mira.came.length, files()]).toEqual([0, [["refused", 0]]]);
    mira.saysToFiles = "send";
    await choose();
    bench.visit.offerFile();
    await bench.passes(8_000);
    expect(files()).toEqual([
      ["refused", 0],
      ["received", 100],
    ]);
  });

  test("and is stopped goes no further", async () => {
    mira.saysToFiles = undefined;
    await choose();
    bench.visit.offerFile();
    await bench.passes(5_000);
    bench.visit.dropFile();
    await bench.passes(5_000);
    expect([mira.withdrawn, files()]).toEqual([[1], [["withdrawn", 0]]]);
  });

  test("does not take another beside it", async () => {
    mira.saysToFiles = undefined;
    await choose();
    bench.visit.offerFile();
    await choose();
    expect(bench.talking.file).toBeUndefined();
  });

  test("and the consultation ends: everything of it is wiped", async () => {
    const own = cleaned();
    mira.saysToFiles = undefined;
    await choose({ cleaned: own });
    bench.visit.offerFile();
    await bench.passes(3_000);
    bench.visit.end();
    expect(own.bytes.every((byte) => byte === 0)).toBe(true);
    await bench.passes(5_000);
    expect(mira.isClosed).toBe(true);
  });

  test("and the person leaves at once: everything of it is wiped", async () => {
    const own = cleaned();
    await choose({ cleaned: own });
    bench.visit.offerFile();
    await toMoving();
    bench.visit.exit();
    expect(own.bytes.every((byte) => byte === 0)).toBe(true);
  });
});

describe("a file and a hand-over", () => {
  test("it is offered to the colleague anew, whole", async () => {
    mira.saysToFiles = undefined;
    await choose();
    bench.visit.offerFile();
    await bench.passes(5_000);
    mira.propose(sam);
    await bench.passes(100);
    bench.visit.answerHandOver(true);
    await bench.passes(20_000);
    expect(bench.talking.worker.alias).toBe("Sam");
    expect(sam.offers).toHaveLength(1);
    expect(sam.came.subarray(0, SIZE)).toEqual(contentOf());
    expect(files()).toEqual([["received", 100]]);
  });

  test("when nobody comes it is offered to the first worker again", async () => {
    mira.saysToFiles = undefined;
    await choose();
    bench.visit.offerFile();
    await bench.passes(5_000);
    mira.propose(sam);
    relay.goes(sam);
    await bench.passes(100);
    mira.saysToFiles = "send";
    bench.visit.answerHandOver(true);
    await bench.passes(60_000);
    expect(bench.talking.worker.alias).toBe("Mira");
    expect(mira.withdrawn).toEqual([1]);
    expect(mira.offers.map(({ file }) => file)).toEqual([1, 2]);
    expect(files()).toEqual([["received", 100]]);
  });
});
