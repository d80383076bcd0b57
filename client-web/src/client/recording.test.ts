import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Bytes } from "../protocol/bytes.ts";
import type { OwnFile } from "./consultation.ts";
import { Bench } from "./testing.ts";
import { FakeRelay, FakeWorker } from "./testing-relay.ts";
import type { Recorded, Recording, RecordingListener } from "./voice.ts";

/** A microphone that does what the test says. */
class FakeRecording implements Recording {
  readonly listener: RecordingListener;
  readonly calls: string[] = [];
  onOver: () => void = () => undefined;

  constructor(listener: RecordingListener) {
    this.listener = listener;
  }

  stop(): void {
    this.calls.push("stop");
  }

  play(over: () => void): void {
    this.calls.push("play");
    this.onOver = over;
  }

  hush(): void {
    this.calls.push("hush");
  }

  forget(): void {
    this.calls.push("forget");
  }
}

let bench: Bench;
let mira: FakeWorker;
let relay: FakeRelay;
let recordings: FakeRecording[];

beforeEach(async () => {
  vi.useFakeTimers();
  bench = new Bench();
  recordings = [];
  bench.record = (listener) => {
    const recording = new FakeRecording(listener);
    recordings.push(recording);
    return recording;
  };
  mira = new FakeWorker("Mira", 1);
  relay = new FakeRelay(bench, mira);
  await bench.toTalking();
});

afterEach(() => {
  vi.useRealTimers();
});

const note = (): Recorded => ({
  bytes: new Uint8Array(24_000).fill(0x17),
  samples: new Float32Array(48_000).fill(0.5),
});
const isWiped = (bytes: Bytes): boolean => bytes.every((byte) => byte === 0);
const files = (): readonly (readonly [OwnFile["kind"], OwnFile["stage"]])[] =>
  bench.talking.entries.flatMap((entry) => (entry.from === "your-file" ? [[entry.kind, entry.stage]] : []));

/** The microphone that the page asked for last. */
function recording(): FakeRecording {
  const last = recordings.at(-1);
  if (last === undefined) throw new Error("nothing is recorded");
  return last;
}

function toRecording(): void {
  bench.visit.askVoice();
  bench.visit.startVoice();
  recording().listener.seconds(0);
}

function toRecorded(recorded = note()): Recorded {
  toRecording();
  bench.visit.stopVoice();
  recording().listener.recorded(recorded);
  return recorded;
}

describe("a voice note", () => {
  test("is recorded only after the person has read what it tells, and pressed", () => {
    bench.visit.startVoice();
    expect(recordings).toEqual([]);
    bench.visit.askVoice();
    expect([bench.talking.voice, recordings]).toEqual([{ stage: "about" }, []]);
    bench.visit.startVoice();
    expect(bench.talking.voice).toEqual({ stage: "starting" });
    recording().listener.seconds(7);
    expect(bench.talking.voice).toEqual({ stage: "recording", seconds: 7 });
    bench.visit.startVoice();
    expect(recordings).toHaveLength(1);
  });

  test("is not there where the browser cannot record", async () => {
    bench = new Bench();
    new FakeRelay(bench, new FakeWorker("Mira", 1));
    await bench.toTalking();
    expect(bench.talking.canRecord).toBe(false);
    bench.visit.askVoice();
    expect(bench.talking.voice).toBeUndefined();
  });

  test("that was recorded is heard by the person alone, as often as they like", async () => {
    toRecorded();
    const recorded = { stage: "recorded", seconds: 3, isFull: false } as const;
    expect(bench.talking.voice).toEqual({ ...recorded, isPlaying: false });
    bench.visit.listenVoice();
    expect(bench.talking.voice).toEqual({ ...recorded, isPlaying: true });
    bench.visit.listenVoice();
    expect(bench.talking.voice).toEqual({ ...recorded, isPlaying: false });
    bench.visit.listenVoice();
    recording().onOver();
    expect(bench.talking.voice).toEqual({ ...recorded, isPlaying: false });
    expect(recording().calls).toEqual(["stop", "play", "hush", "play"]);
    await bench.passes(10_000);
    expect([mira.offers, files()]).toEqual([[], []]);
  });

  test("of a whole minute says that it stopped by itself", () => {
    toRecorded({ bytes: new Uint8Array(480_000), samples: new Float32Array(960_000) });
    expect(bench.talking.voice).toMatchObject({ stage: "recorded", seconds: 60, isFull: true });
  });

  test("is offered, arrives as it was recorded, and is wiped here", async () => {
    const { bytes } = toRecorded();
    bench.visit.offerVoice();
    expect(bench.talking.voice).toBeUndefined();
    expect(recording().calls).toEqual(["stop", "forget"]);
    await bench.passes(8_000);
    expect(mira.offers).toMatchObject([{ file: 1, kind: "voice", size: 24_000 }]);
    expect(mira.came.subarray(0, 24_000)).toEqual(note().bytes);
    expect(files()).toEqual([["voice", "received"]]);
    expect(isWiped(bytes)).toBe(true);
  });

  test("that the advisor refuses goes no further, and words do", async () => {
    mira.saysToFiles = "refused";
    toRecorded();
    bench.visit.offerVoice();
    bench.visit.say("then in writing");
    await bench.passes(8_000);
    expect([mira.came.length, files(), mira.heard]).toEqual([0, [["voice", "refused"]], ["then in writing"]]);
  });

  test("is not there beside a file that is on its way", async () => {
    mira.saysToFiles = undefined;
    toRecorded();
    bench.visit.offerVoice();
    bench.visit.askVoice();
    expect(bench.talking.voice).toBeUndefined();
  });

  test("has a problem in words, and can be tried again", () => {
    bench.visit.askVoice();
    bench.visit.startVoice();
    recording().listener.problem("refused");
    expect(bench.talking.voice).toEqual({ stage: "problem", why: "refused" });
    bench.visit.startVoice();
    expect([bench.talking.voice, recordings.length]).toEqual([{ stage: "starting" }, 2]);
    expect(recordings[0]?.calls).toEqual(["forget"]);
  });
});

describe("nothing of a voice note is left, and the microphone is off, when", () => {
  test.each<readonly [string, () => void]>([
    ["the person deletes it", () => bench.visit.dropVoice()],
    ["the person leaves at once", () => bench.visit.exit()],
    ["the person ends", () => bench.visit.end()],
    ["the tab closes", () => bench.visit.abandon()],
    ["the advisor ends", () => mira.session?.say({ type: "close", reason: "ended" })],
  ])("%s", async (_, happens) => {
    const recorded = note();
    toRecorded(recorded);
    happens();
    // At once for what the person does; for what the advisor does, when the page shows it.
    for (let step = 0; step < 500 && bench.state?.status === "talking" && bench.talking.voice; step += 1)
      await bench.passes(10);
    expect(recording().calls).toEqual(["stop", "forget"]);
    expect(isWiped(recorded.bytes)).toBe(true);
    expect(mira.offers).toEqual([]);
  });

  test("the person leaves while it is recorded", () => {
    toRecording();
    bench.visit.exit();
    expect(recording().calls).toEqual(["forget"]);
  });

  test("the advisor does not come back", async () => {
    toRecording();
    relay.goes(mira);
    for (let minute = 0; minute < 31; minute += 1) await bench.passes(60_000);
    expect(bench.state?.status).toBe("ended");
    expect(recording().calls).toEqual(["forget"]);
  });
});
