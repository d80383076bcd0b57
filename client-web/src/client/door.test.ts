import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Bytes } from "../protocol/bytes.ts";
import { CELL_SIZE } from "../protocol/cell.ts";
import { decodeFrame, encodeFrame } from "../protocol/frame.ts";
import { parseLink } from "../protocol/link.ts";
import { solves } from "../protocol/puzzle.ts";
import { answerOpening, issueCertificate, issueLinkText, pseudoRandom } from "../protocol/testing.ts";
import { Bench } from "./testing.ts";

const door = `#${issueLinkText({ kind: 2 })}`;
const { linkId } = parseLink(door);
const seed = new Uint8Array(16).fill(9);
const puzzle = encodeFrame({ type: "puzzle", seed, bits: 8 });

let bench: Bench;

beforeEach(() => {
  vi.useFakeTimers();
  bench = new Bench();
});

afterEach(() => {
  vi.useRealTimers();
});

async function toKnock(fragment = door): Promise<void> {
  await bench.toWelcome(fragment);
  bench.visit.start("ru");
  bench.time();
}

const solutions = (): readonly Bytes[] =>
  bench.socket.sent.map(decodeFrame).flatMap((frame) => (frame.type === "solution" ? [frame.nonce] : []));

describe("a door", () => {
  test("is known as such from the welcome to the end, and its advisor proves who it is all the same", async () => {
    await toKnock();
    expect(bench.state).toMatchObject({ status: "waiting", isDoor: true });
    const { answer } = answerOpening(parseLink(door), bench.openFrame().opening, pseudoRandom("worker"));
    bench.socket.brings(encodeFrame({ type: "matched" }));
    bench.socket.brings(answer.slice(0, CELL_SIZE));
    bench.socket.brings(answer.slice(CELL_SIZE));
    expect(bench.talking).toMatchObject({ isDoor: true, worker: { alias: "Mira" } });
    bench.visit.end();
    expect(bench.state).toMatchObject({ status: "ended", isDoor: true });
  });

  test("whose advisor proves nothing ends like any other visit", async () => {
    await toKnock();
    const changes = { certificate: issueCertificate({ shiftPublic: new Uint8Array(32) }) };
    const { answer } = answerOpening(parseLink(door), bench.openFrame().opening, pseudoRandom("w"), changes);
    bench.socket.brings(encodeFrame({ type: "matched" }));
    bench.socket.brings(answer.slice(0, CELL_SIZE));
    bench.socket.brings(answer.slice(CELL_SIZE));
    expect(bench.state).toMatchObject({ status: "refused", why: "advisor-unproven" });
  });

  test("may ask for a sum, and gets what solves it, once", async () => {
    await toKnock();
    bench.socket.brings(puzzle);
    expect(bench.state).toMatchObject({ status: "waiting", wait: "puzzle" });
    await bench.passes(1_000);
    const [nonce, ...more] = solutions();
    expect(more).toEqual([]);
    expect(solves({ seed, linkId, bits: 8 }, nonce ?? new Uint8Array())).toBe(true);
    bench.socket.brings(encodeFrame({ type: "waiting", wait: "long" }));
    expect(bench.state).toMatchObject({ status: "waiting", wait: "long" });
  });

  test("may ask again on the next socket, for which the old sum counts nothing", async () => {
    await toKnock();
    bench.socket.brings(puzzle);
    bench.socket.breaksFor("too_slow");
    await bench.passes(1_000);
    bench.time();
    await bench.passes(1_000);
    expect(solutions()).toEqual([]);
    const next = { seed: new Uint8Array(16), bits: 3 };
    bench.socket.brings(encodeFrame({ type: "puzzle", ...next }));
    await bench.passes(1_000);
    expect(solutions().map((nonce) => solves({ linkId, ...next }, nonce))).toEqual([true]);
  });

  test("gets no solution over a socket that was not asked for it", async () => {
    await toKnock();
    bench.socket.brings(encodeFrame({ type: "puzzle", seed, bits: 12 }));
    await bench.passes(2);
    bench.visit.comeOnline();
    bench.time();
    await bench.passes(5_000);
    expect(solutions()).toEqual([]);
  });

  test("cannot keep a device busy with one sum after another", async () => {
    await toKnock();
    bench.socket.brings(puzzle);
    await bench.passes(1_000);
    bench.socket.brings(puzzle);
    expect(bench.state).toMatchObject({ status: "refused", why: "broken" });
    expect(bench.openSockets).toEqual([]);
  });

  test("is left by who does not want to wait for the sum", async () => {
    await toKnock();
    bench.socket.brings(encodeFrame({ type: "puzzle", seed, bits: 18 }));
    await bench.passes(1);
    bench.visit.leave();
    const { socket } = bench;
    await bench.passes(60_000);
    expect(socket.sent).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});

test("a one-time link is never asked for a sum", async () => {
  await bench.toKnock();
  bench.socket.brings(puzzle);
  expect(bench.state).toMatchObject({ status: "refused", why: "broken" });
});
