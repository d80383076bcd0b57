import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { encodeFrame } from "../protocol/frame.ts";
import { Bench } from "./testing.ts";
import { FakeRelay, FakeWorker } from "./testing-relay.ts";

let bench: Bench;

beforeEach(() => {
  vi.useFakeTimers();
  bench = new Bench();
});

afterEach(() => {
  vi.useRealTimers();
});

/** What the browser does when the network has gone, and when it is back. */
function goesOffline(): void {
  bench.online = false;
  bench.visit.goOffline();
  for (const socket of bench.openSockets) socket.breaks();
}

function comesOnline(): void {
  bench.online = true;
  bench.visit.comeOnline();
}

describe("who waits without a network", () => {
  test("is told so, and nothing is dialled until it is back, then at once", async () => {
    await bench.toKnock();
    goesOffline();
    expect(bench.state).toMatchObject({ status: "waiting", wait: "offline" });
    const { length } = bench.sockets;
    await bench.passes(110_000);
    bench.visit.wake();
    expect(bench.sockets).toHaveLength(length);
    comesOnline();
    expect(bench.state).toMatchObject({ status: "waiting", wait: "lost" });
    expect(bench.sockets).toHaveLength(length + 1);
    bench.time();
    bench.socket.brings(encodeFrame({ type: "waiting", wait: "soon" }));
    expect(bench.state).toMatchObject({ status: "waiting", wait: "soon" });
  });

  test("is found a way within a second by a page that was not told that the network is back", async () => {
    await bench.toKnock();
    goesOffline();
    await bench.passes(30_000);
    const { length } = bench.sockets;
    bench.online = true;
    await bench.passes(1_001);
    expect(bench.sockets).toHaveLength(length + 1);
  });

  test("can have it tried all the same, by a press: the browser may be wrong", async () => {
    bench.online = false;
    await bench.toWelcome();
    bench.visit.start("ru");
    expect(bench.sockets).toHaveLength(1);
    bench.socket.breaks();
    expect(bench.state).toMatchObject({ status: "waiting", wait: "offline" });
    await bench.passes(10_000);
    bench.visit.tryNow();
    expect(bench.sockets).toHaveLength(2);
    bench.time();
    bench.socket.brings(encodeFrame({ type: "waiting", wait: "now" }));
    expect(bench.state).toMatchObject({ status: "waiting", wait: "now" });
  });

  test("is not forgotten where the browser is wrong for ever", async () => {
    await bench.toKnock();
    goesOffline();
    const { length } = bench.sockets;
    await bench.passes(600_000);
    const tried = bench.sockets.length - length;
    expect(tried).toBeGreaterThanOrEqual(2);
    expect(tried).toBeLessThanOrEqual(5);
  });

  test("keeps the socket that the network comes back to", async () => {
    await bench.toKnock();
    const { socket } = bench;
    bench.online = false;
    bench.visit.goOffline();
    expect(socket.isGone).toBe(false);
    socket.brings(encodeFrame({ type: "matched" }));
    expect(bench.state?.status).toBe("securing");
    bench.visit.goOffline();
    expect(bench.state?.status).toBe("securing");
  });
});

test("a conversation dials nothing while there is no network, and goes on at once when there is one", async () => {
  const mira = new FakeWorker();
  const relay = new FakeRelay(bench, mira);
  await bench.toTalking();
  relay.isUp = false;
  goesOffline();
  bench.visit.say("still here");
  const { length } = bench.sockets;
  await bench.passes(110_000);
  expect(bench.talking.line).toBe("offline");
  expect(bench.sockets).toHaveLength(length);
  relay.isUp = true;
  comesOnline();
  expect(bench.sockets).toHaveLength(length + 1);
  await bench.passes(5_000);
  expect(bench.talking.line).toBe("joined");
  expect(mira.heard).toEqual(["still here"]);
});

test("the service is not asked for without a network either", async () => {
  bench.cards = [{ problem: "unreachable" }];
  bench.online = false;
  await bench.toWelcome();
  expect(bench.state?.status).toBe("unreachable");
  await bench.passes(100_000);
  expect(bench.state?.status).toBe("unreachable");
  comesOnline();
  await bench.passes(0);
  expect(bench.state?.status).toBe("welcome");
});
