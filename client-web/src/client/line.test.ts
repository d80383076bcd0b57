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

describe("a socket that is dead and does not know it", () => {
  test("is left after 16 seconds without a new cell", async () => {
    await bench.toTalking();
    await bench.passes(10_000);
    const { socket } = bench;
    socket.isDead = true;
    await bench.passes(14_000);
    expect(socket.isGone).toBe(false);
    await bench.passes(4_000);
    expect(socket.isGone).toBe(true);
    expect(bench.talking.line).toBe("joined");
  });

  test("is left at once when the device has a network again", async () => {
    await bench.toTalking();
    const { socket } = bench;
    socket.isDead = true;
    bench.visit.comeOnline();
    expect(socket.isGone).toBe(true);
    await bench.passes(1_000);
    expect(bench.talking.line).toBe("joined");
    expect(bench.openSockets).toHaveLength(1);
  });

  test("is left at once after the page was frozen", async () => {
    await bench.toTalking();
    const { socket } = bench;
    socket.isDead = true;
    bench.freezes(7_000);
    bench.visit.wake();
    expect(socket.isGone).toBe(true);
    await bench.passes(1_000);
    expect(bench.talking.line).toBe("joined");
  });

  test("is not suspected because the page came into view", async () => {
    await bench.toTalking();
    await bench.passes(4_000);
    bench.visit.wake();
    expect(bench.sockets).toHaveLength(1);
  });

  test("though the relay repeats old cells on it, is left", async () => {
    await bench.toTalking();
    await bench.passes(5_000);
    const { socket } = bench;
    relay.goes(mira);
    await bench.passes(1);
    expect(socket.isGone).toBe(true);
    relay.comes(mira);
    await bench.passes(2_000);
    const again = bench.socket;
    const old = mira.sealed.slice(0, 3);
    again.isDead = true;
    for (let second = 0; second < 17; second += 1) {
      again.isDead = false;
      for (const cell of old) again.brings(cell);
      again.isDead = true;
      await bench.passes(1_000);
    }
    expect(again.isGone).toBe(true);
  });

  test("where we wait alone stays until the relay has answered on another", async () => {
    await bench.toTalking();
    relay.goes(mira);
    await bench.passes(5_000);
    const { socket } = bench;
    while (bench.socket === socket) await bench.passes(100);
    expect(socket.isGone).toBe(false);
    await bench.passes(1_000);
    expect(socket.isGone).toBe(true);
    expect(bench.openSockets).toHaveLength(1);
  });

  test("where we wait alone is found within 20 seconds, and nothing flickers", async () => {
    await bench.toTalking();
    relay.goes(mira);
    await bench.passes(5_000);
    expect(bench.talking.line).toBe("advisor-away");
    bench.socket.isDead = true;
    relay.comes(mira);
    await bench.passes(18_000);
    expect(bench.talking.line).toBe("joined");
    expect(bench.linesShown).toEqual(["joined", "advisor-away", "joined"]);
  });
});

test("a socket that was left for another is not listened to, though the relay keeps it", async () => {
  await bench.toTalking();
  relay.goes(mira);
  await bench.passes(5_000);
  const old = bench.socket;
  vi.spyOn(old, "breaks").mockReturnValue(undefined);
  while (bench.socket === old) await bench.passes(100);
  await bench.passes(500);
  relay.comes(mira);
  await bench.passes(1_000);
  expect(bench.talking.line).toBe("joined");
  const { sockets } = bench;
  const { length } = sockets;
  mira.say("on the new one");
  old.brings(mira.sealed.at(-1) ?? new Uint8Array(0));
  for (const bytes of [new Uint8Array(CELL_SIZE).fill(7), new Uint8Array([0x29])]) old.brings(bytes);
  expect(bench.talking.entries).toEqual([]);
  await bench.passes(1_000);
  expect(bench.talking.entries).toMatchObject([{ text: "on the new one" }]);
  expect(bench.talking.line).toBe("joined");
  expect([old.isGone, bench.socket.isGone, sockets.length]).toEqual([false, false, length]);
});

describe("what the page says about the line", () => {
  test("a worker who is away is named, with minutes", async () => {
    await bench.toTalking();
    relay.goes(mira);
    bench.visit.say("are you there?");
    await bench.passes(1_000);
    expect(bench.talking.line).toBe("joined");
    await bench.passes(2_000);
    expect(bench.talking).toMatchObject({ line: "advisor-away", awayMinutes: 0 });
    await bench.passes(180_000);
    expect(bench.talking).toMatchObject({ line: "advisor-away", awayMinutes: 3 });
    relay.comes(mira);
    await bench.passes(200);
    expect(bench.talking).toMatchObject({ line: "joined", awayMinutes: 0 });
    await bench.passes(8_000);
    expect(bench.own).toEqual([["are you there?", true]]);
  });

  test("a device without a network is told so, though the socket knows nothing yet", async () => {
    await bench.toTalking();
    bench.online = false;
    bench.socket.isDead = true;
    relay.isUp = false;
    bench.visit.goOffline();
    bench.visit.say("into the tunnel");
    await bench.passes(3_000);
    expect(bench.talking.line).toBe("offline");
    await bench.passes(60_000);
    expect(bench.talking.line).toBe("offline");

    relay.isUp = true;
    bench.online = true;
    bench.visit.comeOnline();
    await bench.passes(4_000);
    expect(bench.talking.line).toBe("joined");
    expect(mira.heard).toEqual(["into the tunnel"]);
    expect(bench.linesShown).toEqual(["joined", "offline", "joined"]);
  });

  test("a browser that is wrong about its network is not believed", async () => {
    await bench.toTalking();
    bench.online = false;
    bench.visit.goOffline();
    await bench.passes(30_000);
    expect(bench.talking.line).toBe("joined");
  });

  test("a relay that says `joined` is not believed before the worker is heard", async () => {
    await bench.toTalking();
    relay.goes(mira);
    await bench.passes(3_000);
    bench.socket.brings(new Uint8Array([0x2a]));
    await bench.passes(5_000);
    expect(bench.talking.line).toBe("reconnecting");
  });
});
