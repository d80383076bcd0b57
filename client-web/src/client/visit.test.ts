import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { concat, toBase64url } from "../protocol/bytes.ts";
import { CELL_SIZE } from "../protocol/cell.ts";
import { CLOSE, type CloseName } from "../protocol/close.ts";
import { decodeFrame, encodeFrame, type OpenFrame } from "../protocol/frame.ts";
import { parseLink } from "../protocol/link.ts";
import type { Session } from "../protocol/session.ts";
import {
  type AnswerChanges,
  answerOpening,
  issueCertificate,
  issueLink,
  issueLinkText,
  NOW,
  ORIGIN,
  pseudoRandom,
} from "../protocol/testing.ts";
import type { Listener } from "./connection.ts";
import type { State } from "./consultation.ts";
import { sampleStart } from "./gallery-sample.ts";
import type { CardOutcome } from "./service.ts";
import { Visit } from "./visit.ts";

/** A visit whose world is this test: its clock, its relay, its worker. */
class Bench {
  readonly states: State[] = [];
  readonly sent: Uint8Array[] = [];
  readonly visit: Visit;
  cards: CardOutcome[] = [{ card: sampleStart.card }];
  nowSeconds = NOW;
  listener: Listener | undefined;
  isStopped = false;
  goesOn: "again" | "stop" | undefined;

  constructor() {
    this.visit = new Visit({
      origin: ORIGIN,
      random: pseudoRandom("visit"),
      nowMilliseconds: () => this.nowSeconds * 1_000,
      fetchCard: async () => this.cards.shift() ?? { card: sampleStart.card },
      connect: (listener) => {
        this.listener = listener;
        this.isStopped = false;
        return {
          send: (bytes) => this.sent.push(bytes),
          tryNow: () => undefined,
          drop: () => this.close(1006),
          stop: () => {
            this.isStopped = true;
          },
        };
      },
      show: (state) => this.states.push(state),
    });
  }

  get state(): State | undefined {
    return this.states.at(-1);
  }

  async toWelcome(fragment = `#${issueLinkText()}`): Promise<void> {
    this.visit.open(fragment);
    await vi.advanceTimersByTimeAsync(0);
  }

  /** Up to the open frame, which is returned. */
  async toKnock(relayTime = NOW): Promise<OpenFrame> {
    await this.toWelcome();
    this.visit.start("ru");
    this.listener?.message(encodeFrame({ type: "relay_time", time: relayTime }));
    return this.openFrame();
  }

  openFrame(): OpenFrame {
    const frame = decodeFrame(this.sent.at(-1) ?? new Uint8Array());
    if (frame.type !== "open") throw new Error("no open frame was sent");
    return frame;
  }

  answer(opening: Uint8Array, changes: AnswerChanges = {}): Session {
    const link = parseLink(issueLinkText());
    const { answer, session } = answerOpening(link, opening, pseudoRandom("worker"), changes);
    this.listener?.message(encodeFrame({ type: "waiting", wait: "now" }));
    this.listener?.message(encodeFrame({ type: "matched" }));
    this.listener?.message(answer.slice(0, CELL_SIZE));
    this.listener?.message(answer.slice(CELL_SIZE));
    return session;
  }

  async toTalking(): Promise<Session> {
    const { opening } = await this.toKnock();
    const session = this.answer(opening);
    this.pass(session);
    return session;
  }

  /** Gives the worker what was sent since the opening, and back what it owes. */
  pass(worker: Session): string[] {
    const texts: string[] = [];
    for (const cell of this.sent.splice(0)) {
      if (cell.length !== CELL_SIZE) continue;
      const { record, needsAcknowledgement } = worker.openCell(cell);
      if (record !== undefined) texts.push(record.type === "text" ? record.text : "(close)");
      if (needsAcknowledgement) this.listener?.message(worker.sealEmpty());
    }
    return texts;
  }

  close(code: number): void {
    this.goesOn = this.listener?.closed(code);
  }

  closeFor(name: CloseName): void {
    this.close(CLOSE[name]);
  }
}

let bench: Bench;

beforeEach(() => {
  vi.useFakeTimers();
  bench = new Bench();
});

afterEach(() => {
  vi.useRealTimers();
});

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
    expect(bench.listener).toBeUndefined();
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
    expect(bench.listener).toBeUndefined();
    bench.visit.start("ru");
    expect(bench.sent).toEqual([]);
  });

  test.each([3_601, -3_601])("a clock that is %i seconds off stops the visit unspent", async (off) => {
    await bench.toWelcome();
    bench.visit.start("ru");
    bench.listener?.message(encodeFrame({ type: "relay_time", time: NOW + off }));
    expect(bench.state?.status).toBe("clock-wrong");
    expect(bench.sent).toEqual([]);
    expect(bench.isStopped).toBe(true);
    bench.visit.start("ru");
    bench.listener?.message(encodeFrame({ type: "relay_time", time: NOW }));
    expect(bench.openFrame().type).toBe("open");
  });

  test("the worker learns language, subject and channel", async () => {
    await bench.toWelcome();
    bench.visit.pick("law");
    bench.visit.start("uk");
    bench.listener?.message(encodeFrame({ type: "relay_time", time: NOW }));
    const { triage } = answerOpening(
      parseLink(issueLinkText()),
      bench.openFrame().opening,
      pseudoRandom("w"),
    );
    expect(triage).toEqual({ language: 4, subject: 7, channel: 1 });
  });

  test("the same opening goes out again after a lost socket, and after leaving with the same choices", async () => {
    const first = await bench.toKnock();
    bench.close(1006);
    expect(bench.goesOn).toBe("again");
    expect(bench.state).toMatchObject({ status: "waiting", isConnected: false });
    bench.listener?.message(encodeFrame({ type: "relay_time", time: NOW }));
    expect(bench.openFrame()).toEqual(first);

    bench.visit.leave();
    expect(bench.state?.status).toBe("welcome");
    bench.visit.start("ru");
    bench.listener?.message(encodeFrame({ type: "relay_time", time: NOW }));
    expect(bench.openFrame()).toEqual(first);
  });

  test("a socket from before the device went offline is given up", async () => {
    await bench.toKnock();
    bench.listener?.message(encodeFrame({ type: "waiting", wait: "soon" }));
    bench.visit.comeOnline();
    expect(bench.goesOn).toBe("again");
  });

  test("other choices make another opening", async () => {
    const first = await bench.toKnock();
    bench.visit.leave();
    bench.visit.pick("feelings");
    bench.visit.start("ru");
    bench.listener?.message(encodeFrame({ type: "relay_time", time: NOW }));
    expect(bench.openFrame().opening).not.toEqual(first.opening);
    bench.answer(bench.openFrame().opening);
    expect(bench.state?.status).toBe("talking");
  });

  test("an answer that does not come in time sends the person back to waiting", async () => {
    await bench.toKnock();
    bench.listener?.message(encodeFrame({ type: "matched" }));
    expect(bench.state?.status).toBe("securing");
    await vi.advanceTimersByTimeAsync(20_000);
    expect(bench.state).toMatchObject({ status: "waiting", isConnected: false });
    expect(bench.goesOn).toBe("again");
  });

  test.each([
    ["noise", new Uint8Array([9, 9, 9])],
    ["a text message", new Uint8Array(0)],
    ["the time again", encodeFrame({ type: "relay_time", time: NOW })],
  ])("%s from the relay stops the visit", async (_, bytes) => {
    await bench.toKnock();
    bench.listener?.message(bytes);
    expect(bench.state).toMatchObject({ status: "refused", why: "broken" });
    expect(bench.isStopped).toBe(true);
  });

  test("a spent link is not tried again, a crowded relay may be", async () => {
    await bench.toKnock();
    bench.closeFor("crowded");
    expect(bench.goesOn).toBe("stop");
    bench.visit.start("ru");
    expect(bench.state?.status).toBe("waiting");
    bench.closeFor("link_spent");
    expect(bench.state).toEqual({ status: "refused", why: "link-spent", again: undefined });
    bench.visit.start("ru");
    expect(bench.state?.status).toBe("refused");
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
    bench.sent.length = 0;
    bench.answer(opening, changes);
    expect(bench.state).toEqual({ status: "refused", why: "advisor-unproven", again: undefined });
    expect(bench.sent).toEqual([]);
    expect(bench.isStopped).toBe(true);
  });

  test("is refused when the answer is not one", async () => {
    await bench.toKnock();
    bench.listener?.message(encodeFrame({ type: "matched" }));
    bench.listener?.message(new Uint8Array(CELL_SIZE));
    bench.listener?.message(new Uint8Array(CELL_SIZE).fill(1, 7, 8));
    expect(bench.state).toMatchObject({ status: "refused", why: "advisor-unproven" });
  });

  test("is not refused because the device's clock is a little wrong", async () => {
    bench.nowSeconds = NOW - 3_000;
    const { opening } = await bench.toKnock();
    bench.answer(opening, { certificate: issueCertificate({ validFrom: NOW, validTo: NOW + 60 }) });
    expect(bench.state?.status).toBe("talking");
  });
});

describe("a conversation", () => {
  test("carries words both ways and says when they arrived", async () => {
    const worker = await bench.toTalking();
    expect(bench.state).toMatchObject({ worker: { alias: "Mira", role: "outreach" } });
    bench.visit.say("привет");
    expect(bench.state).toMatchObject({ messages: [{ text: "привет", isDelivered: false }] });
    expect(bench.pass(worker)).toEqual(["привет"]);
    expect(bench.state).toMatchObject({ messages: [{ isDelivered: true }] });
    for (const cell of worker.sealRecord({ type: "text", text: "ы".repeat(3_000) }).cells) {
      bench.listener?.message(cell);
    }
    expect(bench.state).toMatchObject({ messages: [{}, { from: "advisor", text: "ы".repeat(3_000) }] });
  });

  test("repairs half a character, which has no UTF-8", async () => {
    const worker = await bench.toTalking();
    bench.visit.say("a\uD83D");
    expect(bench.pass(worker)).toEqual(["a\uFFFD"]);
  });

  test("ended here leaves the screen at once, and the socket when the advisor knows", async () => {
    const worker = await bench.toTalking();
    bench.visit.say("secret");
    bench.visit.askEnd();
    bench.visit.end();
    expect(bench.state).toEqual({ status: "ended", how: "by-you" });
    expect(bench.isStopped).toBe(false);
    expect(bench.pass(worker)).toEqual(["secret", "(close)"]);
    expect(bench.isStopped).toBe(true);
  });

  test("ended here lets the socket go after 5 seconds in any case", async () => {
    await bench.toTalking();
    bench.visit.end();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(bench.isStopped).toBe(true);
  });

  test("ended by the advisor is acknowledged", async () => {
    const worker = await bench.toTalking();
    const close = worker.sealRecord({ type: "close", reason: "ended" });
    bench.listener?.message(concat(...close.cells));
    expect(bench.state).toEqual({ status: "ended", how: "by-advisor" });
    const [acknowledgement] = bench.sent;
    expect(worker.openCell(acknowledgement ?? new Uint8Array()).acknowledged).toBe(close.lastSequence + 1n);
  });

  test.each<[CloseName, string]>([
    ["peer_left", "lost"],
    ["done", "lost"],
    ["going_away", "lost"],
    ["malformed", "broken"],
  ])("whose socket ended with %s is %s, and is not resumed", async (name, how) => {
    await bench.toTalking();
    bench.closeFor(name);
    expect(bench.state).toEqual({ status: "ended", how });
    expect(bench.goesOn).toBe("stop");
  });

  test("stops at a cell that the advisor did not seal", async () => {
    await bench.toTalking();
    const cell = new Uint8Array(CELL_SIZE);
    cell[7] = 2;
    bench.listener?.message(cell);
    expect(bench.state).toEqual({ status: "ended", how: "broken" });
    expect(bench.isStopped).toBe(true);
  });

  test("leaves nothing when the tab goes elsewhere", async () => {
    await bench.toTalking();
    bench.visit.say("secret");
    bench.visit.abandon();
    expect(bench.state).toEqual({ status: "ended", how: "by-you" });
    expect(bench.isStopped).toBe(true);
  });
});
