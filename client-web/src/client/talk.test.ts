import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CELL_SIZE } from "../protocol/cell.ts";
import { Bench } from "./testing.ts";
import { FakeRelay, FakeWorker } from "./testing-relay.ts";

let bench: Bench;
let relay: FakeRelay;
let mira: FakeWorker;

beforeEach(() => {
  vi.useFakeTimers();
  bench = new Bench();
  mira = new FakeWorker();
  relay = new FakeRelay(bench, mira);
});

afterEach(() => {
  vi.useRealTimers();
});

const heard = (): readonly string[] =>
  bench.talking.entries.flatMap((entry) =>
    entry.from === "advisor" && entry.kind === "text" ? [entry.text] : [],
  );

describe("words", () => {
  test("go both ways, once and in order, and are shown as delivered", async () => {
    await bench.toTalking();
    bench.visit.say("привет");
    expect(bench.own).toEqual([["привет", false]]);
    mira.say("ы".repeat(3_000));
    await bench.passes(5_000);
    expect(mira.heard).toEqual(["привет"]);
    expect(bench.own).toEqual([["привет", true]]);
    expect(heard()).toEqual(["ы".repeat(3_000)]);
    expect(bench.talking.entries).toContainEqual(expect.objectContaining({ from: "advisor", alias: "Mira" }));
  });

  test("lose half a character, which has no UTF-8", async () => {
    await bench.toTalking();
    bench.visit.say("a\uD83D");
    await bench.passes(5_000);
    expect(mira.heard).toEqual(["a\uFFFD"]);
  });

  test("are not taken when too much is under way, and are again when it has arrived", async () => {
    await bench.toTalking();
    relay.goes(mira);
    let taken = 0;
    while (bench.visit.say(`${taken}`)) taken += 1;
    expect(taken).toBeGreaterThan(50);
    expect(bench.talking.isFull).toBe(true);
    expect(bench.own).toHaveLength(taken);

    relay.comes(mira);
    await bench.passes(300_000);
    expect(bench.talking.isFull).toBe(false);
    expect(mira.heard).toEqual(Array.from({ length: taken }, (_, i) => `${i}`));
    expect(bench.visit.say("more")).toBe(true);
  });

  test("of the greatest length are not taken beyond what a session holds", async () => {
    await bench.toTalking();
    relay.goes(mira);
    const long = "ы".repeat(20_000);
    let taken = 0;
    while (bench.visit.say(long)) taken += 1;
    expect(taken).toBe(3);
    expect(bench.talking.isFull).toBe(true);
  });
});

describe("a socket that breaks", () => {
  test("is replaced at once, and nobody is alarmed", async () => {
    await bench.toTalking();
    bench.visit.say("one");
    bench.socket.breaks();
    bench.visit.say("two");
    await bench.passes(200);
    expect(bench.socket.address).toBe("/ws/rejoin");
    mira.say("here");
    await bench.passes(12_000);
    expect(mira.heard).toEqual(["one", "two"]);
    expect(bench.own).toEqual([
      ["one", true],
      ["two", true],
    ]);
    expect(heard()).toEqual(["here"]);
    expect(bench.linesShown).toEqual(["joined"]);
  });

  test("right after the answer is no loss: the opening is not sent again", async () => {
    await bench.toWelcome();
    bench.visit.start("ru");
    while (bench.state?.status !== "talking") await bench.passes(1);
    const lobby = bench.sockets.length;
    bench.socket.breaks();
    bench.visit.say("hello");
    await bench.passes(10_000);
    expect(bench.sockets.slice(lobby).map(({ address }) => address)).toEqual(["/ws/rejoin"]);
    expect(mira.heard).toEqual(["hello"]);
  });

  test("in mid-message brings the rest over the next one", async () => {
    await bench.toTalking();
    const long = "ы".repeat(10_000);
    bench.visit.choose("sparing");
    bench.visit.say(long);
    bench.socket.breaks();
    mira.say(long);
    await bench.passes(10_000);
    expect(mira.heard).toEqual([long]);
    expect(heard()).toEqual([long]);
  });

  test("gets fresh secrets, and so another route", async () => {
    await bench.toTalking();
    bench.socket.breaks();
    await bench.passes(20_000);
    bench.socket.breaks();
    await bench.passes(20_000);
    expect(relay.routes).toHaveLength(2);
    expect(relay.routes[0]).not.toBe(relay.routes[1]);
    expect(bench.talking.line).toBe("joined");
  });

  test("while the relay is away is tried again, less and less often, and at once when it is back", async () => {
    await bench.toTalking();
    relay.dies();
    bench.visit.say("still here");
    await bench.passes(1_000);
    expect(bench.talking.line).toBe("joined");
    await bench.passes(2_000);
    expect(bench.talking.line).toBe("reconnecting");
    const early = bench.sockets.length;
    await bench.passes(60_000);
    const late = bench.sockets.length;
    await bench.passes(60_000);
    expect(bench.sockets.length - late).toBeLessThan(late - early);
    expect(bench.sockets.length - late).toBeGreaterThan(3);

    relay.isUp = true;
    await bench.passes(15_000);
    expect(bench.talking.line).toBe("joined");
    await bench.passes(5_000);
    expect(mira.heard).toEqual(["still here"]);
  });

  test("of a relay that is back after five seconds is joined within one more", async () => {
    await bench.toTalking();
    relay.dies();
    await bench.passes(5_000);
    relay.isUp = true;
    await bench.passes(1_000);
    expect(bench.talking.line).toBe("joined");
  });

  test.each(["done", "malformed", "rejoined_elsewhere", "crowded"] as const)(
    "with %s does not end the consultation",
    async (name) => {
      await bench.toTalking();
      bench.socket.breaksFor(name);
      await bench.passes(3_000);
      expect(bench.talking.line).toBe("joined");
    },
  );

  test("because a cell of nobody's came is left, and the consultation goes on", async () => {
    await bench.toTalking();
    const spoilt = bench.socket;
    const cell = new Uint8Array(CELL_SIZE);
    cell[7] = 60;
    spoilt.brings(cell);
    expect(spoilt.closedWith).toBe(4_000);
    mira.say("all is well");
    await bench.passes(3_000);
    expect(heard()).toEqual(["all is well"]);
  });

  test.each([
    ["a frame in place of a cell", new Uint8Array([0x2a])],
    ["a text message", new Uint8Array(0)],
  ])("because of %s is left too", async (_, bytes) => {
    await bench.toTalking();
    bench.socket.brings(bytes);
    await bench.passes(3_000);
    expect(bench.talking.line).toBe("joined");
    expect(bench.socket.address).toBe("/ws/rejoin");
  });

  test("takes no frame that is not for it", async () => {
    await bench.toTalking();
    bench.socket.breaks();
    await bench.passes(1);
    const { socket } = bench;
    socket.brings(new Uint8Array([4]));
    expect(socket.closedWith).toBe(4_000);
    await bench.passes(3_000);
    expect(bench.talking.line).toBe("joined");
  });
});

describe("cover", () => {
  const cellsIn = async (milliseconds: number): Promise<number> => {
    const before = bench.socket.sent.length;
    await bench.passes(milliseconds);
    return bench.socket.sent.length - before;
  };

  test("is steady unless the person chooses: as many cells with words as without", async () => {
    await bench.toTalking();
    expect(bench.talking.cover).toBe("steady");
    const silent = await cellsIn(60_000);
    for (let i = 0; i < 20; i += 1) bench.visit.say("word");
    expect(await cellsIn(60_000)).toBe(silent);
    expect(silent).toBe(30);
  });

  test("can be turned down: then words go at once, and few cells without them", async () => {
    await bench.toTalking();
    bench.visit.choose("sparing");
    expect(bench.talking.cover).toBe("sparing");
    await bench.passes(3_000);
    const before = bench.socket.sent.length;
    bench.visit.say("now");
    expect(bench.socket.sent.length).toBe(before + 1);
  });

  test("is sparing from the start for who told the browser to save data", async () => {
    bench.saveData = true;
    await bench.toTalking();
    expect(bench.talking.cover).toBe("sparing");
  });
});
