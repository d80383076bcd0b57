import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
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

describe("the end", () => {
  test("by the person takes the words off the page at once, and the keys when the worker knows", async () => {
    await bench.toTalking();
    bench.visit.say("secret");
    bench.visit.end();
    expect(bench.state).toEqual({ status: "ended", how: "by-you", isDoor: false, isWiped: false });
    expect(bench.socket.isGone).toBe(false);
    await bench.passes(100);
    expect(mira.heard).toEqual(["secret"]);
    expect(mira.isClosed).toBe(true);
    expect(bench.state).toEqual({ status: "ended", how: "by-you", isDoor: false, isWiped: true });
    expect(bench.openSockets).toEqual([]);
  });

  test("while offline is still told over a new socket", async () => {
    await bench.toTalking();
    relay.dies();
    bench.visit.say("last words");
    bench.visit.end();
    await bench.passes(8_000);
    expect(bench.state).toMatchObject({ isWiped: false });
    relay.isUp = true;
    await bench.passes(3_000);
    expect(mira.heard).toEqual(["last words"]);
    expect(mira.isClosed).toBe(true);
    expect(bench.state).toMatchObject({ status: "ended", isWiped: true });
  });

  test("is wiped after 20 seconds in any case, and nothing is tried after it", async () => {
    await bench.toTalking();
    relay.dies();
    bench.visit.end();
    await bench.passes(19_000);
    expect(bench.state).toMatchObject({ isWiped: false });
    await bench.passes(2_000);
    expect(bench.state).toEqual({ status: "ended", how: "by-you", isDoor: false, isWiped: true });
    const { length } = bench.sockets;
    relay.isUp = true;
    bench.visit.comeOnline();
    bench.visit.wake();
    await bench.passes(60_000);
    expect(bench.sockets).toHaveLength(length);
    expect(mira.isClosed).toBe(false);
  });

  test("by the worker is acknowledged, and wiped when its socket has ended", async () => {
    await bench.toTalking();
    mira.close();
    await bench.passes(100);
    expect(bench.state).toEqual({ status: "ended", how: "by-advisor", isDoor: false, isWiped: false });
    expect(mira.session?.isSettled).toBe(true);
    bench.socket.breaksFor("done");
    expect(bench.state).toEqual({ status: "ended", how: "by-advisor", isDoor: false, isWiped: true });
    await bench.passes(30_000);
    expect(bench.openSockets).toEqual([]);
  });

  test("by the worker is wiped after 5 seconds though its socket stays", async () => {
    await bench.toTalking();
    mira.close();
    await bench.passes(6_000);
    expect(bench.state).toEqual({ status: "ended", how: "by-advisor", isDoor: false, isWiped: true });
    expect(bench.openSockets).toEqual([]);
  });

  test("by both at once is the end", async () => {
    await bench.toTalking();
    mira.close();
    bench.visit.end();
    await bench.passes(6_000);
    expect(mira.isClosed).toBe(true);
    expect(bench.state).toEqual({ status: "ended", how: "by-you", isDoor: false, isWiped: true });
  });

  test("comes after half an hour in which nothing was heard, and not before", async () => {
    await bench.toTalking();
    relay.goes(mira);
    await bench.passes(29 * 60_000);
    expect(bench.state?.status).toBe("talking");
    await bench.passes(2 * 60_000);
    expect(bench.state).toEqual({ status: "ended", how: "lost", isDoor: false, isWiped: true });
    expect(bench.openSockets).toEqual([]);
  });

  test("does not come from a clock that was set forward while the other is there", async () => {
    await bench.toTalking();
    bench.freezes(3_600_000);
    await bench.passes(20_000);
    expect(bench.talking.line).toBe("joined");
  });

  test("comes soon after a sleep of an hour, when the other is not there", async () => {
    await bench.toTalking();
    relay.goes(mira);
    await bench.passes(1_000);
    bench.freezes(3_600_000);
    await bench.passes(35_000);
    expect(bench.state).toMatchObject({ status: "ended", how: "lost" });
  });

  test("comes to a hidden page too, whose timers stand still for a minute at a time", async () => {
    await bench.toTalking();
    relay.goes(mira);
    for (let minute = 0; minute < 33; minute += 1) {
      bench.freezes(59_000);
      await bench.passes(1_000);
    }
    expect(bench.state).toMatchObject({ status: "ended", how: "lost" });
  });

  test("comes when the worker's end breaks a rule", async () => {
    await bench.toTalking();
    mira.session?.say({ type: "hand_over", secret: new Uint8Array(32), certificate: new Uint8Array(132) });
    await bench.passes(5_000);
    expect(bench.state).toEqual({ status: "ended", how: "broken", isDoor: false, isWiped: true });
    expect(bench.sockets.at(-1)?.closedWith).toBe(4_000);
  });

  test("leaves nothing when the tab goes elsewhere, and tries nothing more", async () => {
    await bench.toTalking();
    bench.visit.say("secret");
    bench.visit.abandon();
    expect(bench.state).toEqual({ status: "ended", how: "by-you", isDoor: false, isWiped: true });
    expect(bench.openSockets).toEqual([]);
    const { length } = bench.sockets;
    await bench.passes(60_000);
    expect(bench.sockets).toHaveLength(length);
  });
});
