import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AwaitingAnswer } from "../protocol/handshake.ts";
import { Session } from "../protocol/session.ts";
import { EscapePresses, NEUTRAL_SITE } from "./exit.ts";
import { sampleStart } from "./gallery-sample.ts";
import { Bench } from "./testing.ts";
import { FakeRelay, FakeWorker } from "./testing-relay.ts";

describe("Escape", () => {
  const isExit = (...times: readonly number[]): readonly boolean[] => {
    const escapes = new EscapePresses();
    return times.map((time) => escapes.press(time));
  };

  test("leaves with the third press in two seconds", () => {
    expect(isExit(0, 100, 200)).toEqual([false, false, true]);
    expect(isExit(5_000, 6_000, 7_000)).toEqual([false, false, true]);
  });

  test("does not leave with slower ones, nor with two", () => {
    expect(isExit(0, 1_000, 2_001)).toEqual([false, false, false]);
    expect(isExit(0, 10)).toEqual([false, false]);
  });

  test("counts the last three", () => {
    expect(isExit(0, 5_000, 5_100, 5_200)).toEqual([false, false, false, true]);
  });
});

test("the page without a script leads to the same site", () => {
  const html = readFileSync(new URL("../../index.html", import.meta.url), "utf8");
  expect([...html.matchAll(/href="(https?:[^"]*)"/g)].map(([, address]) => address)).toEqual([NEUTRAL_SITE]);
});

describe("a quick exit", () => {
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
    vi.restoreAllMocks();
  });

  /** Time goes on, the network comes back, the browser leaves the page: nothing stirs. */
  const expectSilence = async (): Promise<void> => {
    const sent = bench.sockets.map((socket) => socket.sent.length);
    const shown = bench.states.length;
    bench.visit.comeOnline();
    bench.visit.goOffline();
    bench.visit.comeOnline();
    bench.visit.wake();
    bench.visit.start("ru");
    await bench.passes(60_000);
    bench.visit.abandon();
    expect(bench.sockets.map((socket) => socket.sent.length)).toEqual(sent);
    expect(bench.states).toHaveLength(shown);
  };

  test("from a conversation wipes keys and words, and tells nobody", async () => {
    const wiped = vi.spyOn(Session.prototype, "wipe");
    await bench.toTalking();
    bench.visit.say("secret");
    const { socket } = bench;
    const sent = socket.sent.length;
    bench.visit.exit();
    expect(wiped).toHaveBeenCalledTimes(1);
    expect(bench.visit.status).toBe("no-link");
    expect(bench.visit.say("more")).toBe(false);
    expect(socket.sent).toHaveLength(sent);
    // As a page sees it that was torn away: its socket was never closed.
    expect(socket.closedWith).toBeUndefined();
    await expectSilence();
    expect(bench.sockets).toEqual([socket]);
    expect(mira.isClosed).toBe(false);
  });

  test("says no goodbye on a socket that lingers beside the present one either", async () => {
    await bench.toTalking();
    relay.goes(mira);
    await bench.passes(200_000);
    bench.visit.exit();
    const open = bench.openSockets;
    await expectSilence();
    expect(bench.openSockets).toEqual(open);
  });

  test("while waiting wipes what the opening was made with, and never knocks again", async () => {
    const wiped = vi.spyOn(AwaitingAnswer.prototype, "wipe");
    bench = new Bench(); // whose relay is the test
    await bench.toKnock();
    bench.visit.exit();
    expect(wiped).toHaveBeenCalledTimes(1);
    await expectSilence();
    expect(bench.sockets).toHaveLength(1);
    expect(bench.socket.closedWith).toBeUndefined();
  });

  test("after the end leaves at once what was still kept to tell the worker", async () => {
    await bench.toTalking();
    relay.dies();
    bench.visit.end();
    const wiped = vi.spyOn(Session.prototype, "wipe");
    bench.visit.exit();
    expect(wiped).toHaveBeenCalledTimes(1);
    relay.isUp = true;
    await expectSilence();
    expect(mira.isClosed).toBe(false);
  });

  test("leads where the service says, and to the weather before that is known or if it says nothing", async () => {
    const exit = "https://weather.example/kyiv";
    bench.cards = [{ problem: "unreachable" }, { card: { ...sampleStart.card, exit } }];
    await bench.toWelcome();
    expect(bench.visit.exitSite).toBe(NEUTRAL_SITE);
    await bench.passes(10_000);
    expect(bench.state?.status).toBe("welcome");
    expect(bench.visit.exitSite).toBe(exit);
    bench.visit.exit();
    expect(bench.visit.exitSite).toBe(exit);
    const other = new Bench();
    await other.toWelcome();
    expect(other.visit.exitSite).toBe(NEUTRAL_SITE);
  });

  test("leaves no link, whatever arrives late", async () => {
    let arrive: (() => void) | undefined;
    bench.fetchCard = () =>
      new Promise((resolve) => {
        arrive = () => resolve({ card: sampleStart.card });
      });
    await bench.toWelcome();
    const { length } = bench.states;
    bench.visit.exit();
    arrive?.();
    await bench.passes(1_000);
    expect(bench.states).toHaveLength(length);
  });
});
