import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { toBase64url } from "../protocol/bytes.ts";
import { CELL_SIZE } from "../protocol/cell.ts";
import { encodeFrame } from "../protocol/frame.ts";
import { parseLink } from "../protocol/link.ts";
import type { Session } from "../protocol/session.ts";
import {
  type AnswerChanges,
  answerOpening,
  issueCertificate,
  issueLink,
  issueLinkText,
  NOW,
  pseudoRandom,
} from "../protocol/testing.ts";
import { Bench } from "./testing.ts";

let bench: Bench;

beforeEach(() => {
  vi.useFakeTimers();
  bench = new Bench();
});

afterEach(() => {
  vi.useRealTimers();
});

/** What the relay and a worker say to an opening. */
function answer(opening: Uint8Array, changes: AnswerChanges = {}): Session {
  const { socket } = bench;
  const link = parseLink(issueLinkText());
  const { answer, session } = answerOpening(link, opening, pseudoRandom("worker"), changes);
  socket.brings(encodeFrame({ type: "waiting", wait: "now" }));
  socket.brings(encodeFrame({ type: "matched" }));
  socket.brings(answer.slice(0, CELL_SIZE));
  socket.brings(answer.slice(CELL_SIZE));
  return session;
}

describe("the link", () => {
  const newer = issueLink({ kind: 7 });
  const link = issueLinkText();

  test.each([
    ["", "no-link"],
    ["#", "no-link"],
    [`#${link.slice(1)}`, "link-damaged"],
    [`#${link.toLowerCase()}`, "link-damaged"],
    [`#${toBase64url(newer)}`, "link-unsupported"],
    [`#${issueLinkText({ expiry: 59 })}`, "link-expired"],
  ])("%# is told apart", async (fragment, status) => {
    await bench.toWelcome(fragment);
    expect(bench.state?.status).toBe(status);
    expect(bench.sockets).toEqual([]);
  });

  test("looks for an unreachable service again by itself", async () => {
    bench.cards = [{ problem: "unreachable" }, { problem: "unreachable" }];
    await bench.toWelcome();
    expect(bench.state?.status).toBe("unreachable");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(bench.state?.status).toBe("welcome");
  });

  test.each(["service-unknown", "service-unproven"] as const)("%s is final", async (problem) => {
    bench.cards = [{ problem }];
    await bench.toWelcome();
    await vi.advanceTimersByTimeAsync(100_000);
    expect(bench.state?.status).toBe(problem);
  });
});

describe("before an advisor answers", () => {
  test("nothing is sent before Start, nor before the relay's clock is known", async () => {
    await bench.toWelcome();
    expect(bench.sockets).toEqual([]);
    bench.visit.start("ru");
    bench.socket.opens();
    expect(bench.socket.sent).toEqual([]);
  });

  test.each([3_601, -3_601])("a clock that is %i seconds off stops the visit unspent", async (off) => {
    await bench.toWelcome();
    bench.visit.start("ru");
    bench.time(NOW + off);
    expect(bench.state?.status).toBe("clock-wrong");
    expect(bench.socket.sent).toEqual([]);
    expect(bench.openSockets).toEqual([]);
    bench.visit.start("ru");
    bench.time();
    expect(bench.openFrame().type).toBe("open");
  });

  test("the worker learns language, subject and channel", async () => {
    await bench.toWelcome();
    bench.visit.pick("law");
    bench.visit.start("uk");
    bench.time();
    const link = parseLink(issueLinkText());
    const { triage } = answerOpening(link, bench.openFrame().opening, pseudoRandom("w"));
    expect(triage).toEqual({ language: 4, subject: 7, channel: 1 });
  });

  test("the same opening goes out again after a lost socket, and after leaving with the same choices", async () => {
    const first = await bench.toKnock();
    bench.socket.breaks();
    expect(bench.state).toMatchObject({ status: "waiting", wait: "lost" });
    await bench.passes(1_000);
    bench.time();
    expect(bench.openFrame()).toEqual(first);

    bench.visit.leave();
    expect(bench.state?.status).toBe("welcome");
    expect(bench.openSockets).toEqual([]);
    bench.visit.start("ru");
    bench.time();
    expect(bench.openFrame()).toEqual(first);
  });

  test("other choices make another opening", async () => {
    const first = await bench.toKnock();
    bench.visit.leave();
    bench.visit.pick("feelings");
    bench.visit.start("ru");
    bench.time();
    expect(bench.openFrame().opening).not.toEqual(first.opening);
    answer(bench.openFrame().opening);
    expect(bench.state?.status).toBe("talking");
  });

  test("an answer that does not come in time sends the person back to waiting", async () => {
    await bench.toKnock();
    const { socket } = bench;
    socket.brings(encodeFrame({ type: "matched" }));
    expect(bench.state?.status).toBe("securing");
    await bench.passes(20_001);
    expect(bench.state).toMatchObject({ status: "waiting", wait: "lost" });
    expect(socket.isGone).toBe(true);
    expect(bench.openSockets).toHaveLength(1);
  });

  test("who leaves while the keys are agreed on can start again", async () => {
    const { opening } = await bench.toKnock();
    bench.socket.brings(encodeFrame({ type: "matched" }));
    bench.visit.leave();
    bench.visit.start("ru");
    bench.time();
    answer(opening);
    expect(bench.state?.status).toBe("talking");
  });

  test("an old socket that the relay cannot close is closed here, in the end", async () => {
    await bench.toKnock();
    const { socket } = bench;
    bench.visit.comeOnline();
    bench.time();
    await bench.passes(10_001);
    expect(socket.isGone).toBe(true);
    expect(bench.openSockets).toHaveLength(1);
  });

  test("half an answer does not count on the next socket", async () => {
    const { opening } = await bench.toKnock();
    bench.socket.brings(encodeFrame({ type: "matched" }));
    bench.socket.brings(new Uint8Array(CELL_SIZE));
    bench.socket.breaks();
    await bench.passes(1_000);
    bench.time();
    answer(opening);
    expect(bench.state?.status).toBe("talking");
  });

  test.each([
    ["noise", new Uint8Array([9, 9, 9])],
    ["a text message", new Uint8Array(0)],
    ["the time again", encodeFrame({ type: "relay_time", time: NOW })],
    ["a frame for who rejoins", encodeFrame({ type: "joined" })],
  ])("%s from the relay stops the visit", async (_, bytes) => {
    await bench.toKnock();
    bench.socket.brings(bytes);
    expect(bench.state).toMatchObject({ status: "refused", why: "broken" });
    expect(bench.openSockets).toEqual([]);
    await bench.passes(600_000);
    expect(bench.sockets).toHaveLength(1);
  });

  test("a spent link is not tried again, a crowded relay may be", async () => {
    await bench.toKnock();
    bench.socket.breaksFor("crowded");
    await bench.passes(600_000);
    expect(bench.sockets).toHaveLength(1);
    bench.visit.start("ru");
    expect(bench.state?.status).toBe("waiting");
    bench.socket.breaksFor("link_spent");
    expect(bench.state).toEqual({ status: "refused", why: "link-spent", again: undefined });
    bench.visit.start("ru");
    expect(bench.state?.status).toBe("refused");
    expect(bench.sockets).toHaveLength(2);
  });
});

describe("a socket that may be dead while the person waits", () => {
  const again = async (): Promise<void> => {
    await bench.passes(1);
    bench.socket.opens();
    bench.socket.brings(encodeFrame({ type: "relay_time", time: NOW }));
  };

  test("has another beside it when the device has a network again, and keeps its place until then", async () => {
    const first = await bench.toKnock();
    const { socket } = bench;
    bench.visit.comeOnline();
    expect(bench.sockets).toHaveLength(2);
    expect(socket.isGone).toBe(false);
    await again();
    expect(bench.openFrame()).toEqual(first);
    expect(socket.isGone).toBe(false);
    socket.breaksFor("link_open_elsewhere"); // the relay has given the place to the new one
    expect(bench.state).toMatchObject({ status: "waiting" });
    answer(first.opening);
    expect(bench.state?.status).toBe("talking");
  });

  test("has another beside it when nothing was heard for two minutes", async () => {
    await bench.toKnock();
    bench.socket.isDead = true;
    await bench.passes(119_000);
    expect(bench.sockets).toHaveLength(1);
    await bench.passes(2_000);
    expect(bench.sockets).toHaveLength(2);
  });

  test("has another beside it after the page was frozen", async () => {
    await bench.toKnock();
    bench.freezes(20_000);
    bench.visit.wake();
    expect(bench.sockets).toHaveLength(2);
  });

  test("stays when it is the first to speak", async () => {
    const { opening } = await bench.toKnock();
    const { socket } = bench;
    bench.visit.comeOnline();
    const beside = bench.socket;
    const link = parseLink(issueLinkText());
    const { answer: cells } = answerOpening(link, opening, pseudoRandom("worker"));
    socket.brings(encodeFrame({ type: "matched" }));
    expect(beside.isGone).toBe(true);
    socket.brings(cells.slice(0, CELL_SIZE));
    socket.brings(cells.slice(CELL_SIZE));
    expect(bench.state?.status).toBe("talking");
  });

  test("is given up with the one beside it when the relay answers neither", async () => {
    await bench.toKnock();
    bench.visit.comeOnline();
    bench.socket.breaks();
    expect(bench.openSockets).toEqual([]);
    expect(bench.state).toMatchObject({ status: "waiting", wait: "lost" });
    await bench.passes(1_000);
    expect(bench.openSockets).toHaveLength(1);
  });

  test("is not suspected while nobody has pressed Start", async () => {
    await bench.toWelcome();
    bench.visit.comeOnline();
    bench.visit.wake();
    await bench.passes(600_000);
    expect(bench.sockets).toEqual([]);
  });
});

describe("tries while the relay is out of reach", () => {
  test("come at once, then less and less often", async () => {
    await bench.toWelcome();
    bench.onSocket = (socket) => setTimeout(() => socket.breaks(), 1);
    bench.visit.start("ru");
    await bench.passes(10_000);
    const early = bench.sockets.length;
    expect(early).toBeGreaterThan(10);
    await bench.passes(300_000);
    const late = bench.sockets.length;
    await bench.passes(150_000);
    expect(bench.sockets.length - late).toBeGreaterThan(8);
    expect(bench.sockets.length - late).toBeLessThan(25);
  });

  test("are not hurried by a relay that speaks and turns us away", async () => {
    await bench.toWelcome();
    bench.onSocket = (socket) =>
      setTimeout(() => {
        socket.opens();
        socket.brings(encodeFrame({ type: "relay_time", time: NOW }));
        socket.breaksFor("not_ready");
      }, 1);
    bench.visit.start("ru");
    await bench.passes(600_000);
    expect(bench.state).toMatchObject({ status: "waiting", wait: "nobody" });
    expect(bench.sockets.length).toBeLessThan(120);
  });

  test("are given up when a network swallows them, with more patience each time", async () => {
    await bench.toWelcome();
    bench.visit.start("ru");
    await bench.passes(10_500);
    expect(bench.sockets).toHaveLength(2);
    await bench.passes(600_000);
    const { length } = bench.sockets;
    await bench.passes(60_000);
    expect(bench.sockets.length - length).toBeLessThanOrEqual(2);
    expect(bench.openSockets.length).toBeLessThanOrEqual(1);
  });
});

describe("who answers", () => {
  test.each<[string, AnswerChanges]>([
    ["has an expired certificate", { certificate: issueCertificate({ validFrom: 1, validTo: 2 }) }],
    [
      "has somebody else's certificate",
      { certificate: issueCertificate({ shiftPublic: new Uint8Array(32) }) },
    ],
  ])("is refused when it %s, and nothing more is sent", async (_, changes) => {
    const { opening } = await bench.toKnock();
    bench.socket.sent.length = 0;
    answer(opening, changes);
    expect(bench.state).toEqual({ status: "refused", why: "advisor-unproven", again: undefined });
    expect(bench.socket.sent).toEqual([]);
    expect(bench.openSockets).toEqual([]);
  });

  test("is refused when the answer is not one", async () => {
    await bench.toKnock();
    bench.socket.brings(encodeFrame({ type: "matched" }));
    bench.socket.brings(new Uint8Array(CELL_SIZE));
    bench.socket.brings(new Uint8Array(CELL_SIZE).fill(1, 7, 8));
    expect(bench.state).toMatchObject({ status: "refused", why: "advisor-unproven" });
  });

  test("is not refused because the device's clock is a little wrong", async () => {
    bench.clockAheadSeconds = -3_000;
    const { opening } = await bench.toKnock();
    answer(opening, { certificate: issueCertificate({ validFrom: NOW, validTo: NOW + 60 }) });
    expect(bench.state?.status).toBe("talking");
  });
});
