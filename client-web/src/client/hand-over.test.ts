import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { toHex } from "../protocol/bytes.ts";
import { CELL_SIZE } from "../protocol/cell.ts";
import { handOverRoute } from "../protocol/handshake.ts";
import { issueCertificate } from "../protocol/testing.ts";
import { Bench } from "./testing.ts";
import { FakeRelay, FakeWorker } from "./testing-relay.ts";

let bench: Bench;
let relay: FakeRelay;
let mira: FakeWorker;
let sam: FakeWorker;

beforeEach(() => {
  vi.useFakeTimers();
  bench = new Bench();
  mira = new FakeWorker("Mira", 1);
  sam = new FakeWorker("Sam", 3);
  relay = new FakeRelay(bench, mira, sam);
});

afterEach(() => {
  vi.useRealTimers();
});

async function toTalking(): Promise<void> {
  await bench.toWelcome();
  bench.visit.start("ru");
  await bench.passes(5_000);
  expect(bench.talking.worker).toEqual({ alias: "Mira", role: "outreach" });
}

async function toAsked(): Promise<void> {
  await toTalking();
  mira.propose(sam);
  await bench.passes(100);
  expect(bench.talking.handOver).toEqual({ stage: "asked", to: { alias: "Sam", role: "doctor" } });
}

const notes = (): readonly string[] =>
  bench.talking.entries.flatMap((entry) => (entry.from === "page" ? [entry.note] : []));
const heard = (): readonly (readonly [string, string])[] =>
  bench.talking.entries.flatMap((entry) =>
    entry.from === "advisor" && entry.kind === "text" ? [[entry.alias, entry.text]] : [],
  );

describe("a person who agrees", () => {
  test("goes on with the colleague; what was said stays, and each message has its author", async () => {
    await toTalking();
    mira.say("I am an outreach worker");
    bench.visit.say("it hurts");
    await bench.passes(5_000);
    mira.propose(sam);
    await bench.passes(100);
    bench.visit.answerHandOver(true);
    expect(bench.talking.handOver?.stage).toBe("going");
    await bench.passes(5_000);
    expect(mira.replies).toEqual(["agreed"]);
    expect(bench.talking).toMatchObject({
      worker: { alias: "Sam", role: "doctor" },
      handOver: undefined,
      line: "joined",
    });
    expect(notes()).toEqual(["came"]);
    sam.say("let us look at it");
    bench.visit.say("thank you");
    await bench.passes(6_000);
    expect(heard()).toEqual([
      ["Mira", "I am an outreach worker"],
      ["Sam", "let us look at it"],
    ]);
    expect(mira.heard).toEqual(["it hurts"]);
    expect(sam.heard).toEqual(["thank you"]);
    expect(bench.own).toEqual([
      ["it hurts", true],
      ["thank you", true],
    ]);
  });

  test("takes along what the first worker does not have, and what is written on the way", async () => {
    await toTalking();
    bench.visit.say("she has this");
    await bench.passes(5_000);
    relay.goes(mira);
    relay.comes(mira);
    await bench.passes(1_000);
    bench.visit.say("she has not");
    mira.propose(sam);
    await bench.passes(100);
    expect(bench.talking.handOver?.stage).toBe("asked");
    relay.goes(mira);
    bench.visit.answerHandOver(true);
    bench.visit.say("on the way");
    await bench.passes(20_000);
    expect(mira.heard).toEqual(["she has this"]);
    expect(sam.heard).toEqual(["she has not", "on the way"]);
    expect(bench.own.every(([, isDelivered]) => isDelivered)).toBe(true);
    expect(sam.carriedOver).toBeGreaterThan(2n);
  });

  test("takes along all that one session holds", async () => {
    await toAsked();
    relay.goes(mira);
    const said: string[] = [];
    while (bench.visit.say(`${said.length}`)) said.push(`${said.length}`);
    bench.visit.answerHandOver(true);
    await bench.passes(400_000);
    expect(sam.heard).toEqual(said);
    expect(bench.talking.isFull).toBe(false);
  });

  test("is answered though the first worker's program ended as soon as it had asked", async () => {
    await toAsked();
    relay.goes(mira);
    await bench.passes(5_000);
    expect(bench.talking).toMatchObject({ line: "advisor-away", handOver: { stage: "asked" } });
    bench.visit.answerHandOver(true);
    await bench.passes(500);
    expect(bench.talking.worker.alias).toBe("Sam");
    expect(mira.replies).toEqual([]);
  });

  test("does not wait long for a first worker who does not hear it", async () => {
    await toAsked();
    bench.socket.isDead = true;
    bench.visit.answerHandOver(true);
    await bench.passes(5_000);
    expect(bench.talking.worker.alias).toBe("Sam");
  });

  test("gets there over sockets that break on the way", async () => {
    await toAsked();
    bench.visit.answerHandOver(true);
    const route = toHex(handOverRoute(sam.secret ?? new Uint8Array()));
    for (let i = 0; i < 5; i += 1) {
      while (!relay.routes.includes(route)) await bench.passes(10);
      relay.routes.length = 0;
      bench.socket.breaks();
    }
    await bench.passes(10_000);
    expect(bench.talking.worker.alias).toBe("Sam");
  });

  test("gets there though half an answer was lost", async () => {
    await toAsked();
    bench.visit.answerHandOver(true);
    while (bench.socket.address !== "/ws/rejoin") await bench.passes(10);
    const { socket } = bench;
    const brings = socket.brings.bind(socket);
    socket.brings = (bytes) => {
      brings(bytes);
      if (bytes.length === CELL_SIZE) socket.breaks();
    };
    await bench.passes(10_000);
    expect(socket.isGone).toBe(true);
    expect(bench.talking.worker.alias).toBe("Sam");
  });

  test("gets there though the network is gone for minutes: nobody is late then", async () => {
    await toAsked();
    relay.dies();
    bench.visit.answerHandOver(true);
    await bench.passes(300_000);
    expect(bench.talking).toMatchObject({ line: "reconnecting", handOver: { stage: "going" } });
    relay.isUp = true;
    await bench.passes(20_000);
    expect(bench.talking.worker.alias).toBe("Sam");
    expect(notes()).toEqual(["came"]);
  });

  test("resumes with the colleague, not by the way that led there", async () => {
    await toAsked();
    bench.visit.answerHandOver(true);
    await bench.passes(5_000);
    relay.routes.length = 0;
    bench.socket.breaks();
    bench.visit.say("still you?");
    await bench.passes(12_000);
    expect(relay.routes).not.toContain(toHex(handOverRoute(sam.secret ?? new Uint8Array())));
    expect(sam.heard).toEqual(["still you?"]);
  });

  test("is out of the first worker's reach", async () => {
    await toAsked();
    bench.visit.answerHandOver(true);
    await bench.passes(5_000);
    const { entries } = bench.talking;
    const before = mira.sealed.length;
    mira.socket = bench.socket;
    mira.say("I am still here");
    expect(mira.sealed.length).toBeGreaterThan(before);
    await bench.passes(3_000);
    expect(bench.talking).toMatchObject({ entries, worker: { alias: "Sam" }, line: "joined" });
  });

  test("hears nothing of the first worker after agreeing", async () => {
    await toAsked();
    bench.visit.answerHandOver(true);
    mira.say("one more thing");
    await bench.passes(5_000);
    expect(heard()).toEqual([]);
    expect(bench.talking.worker.alias).toBe("Sam");
  });
});

describe("a person who stays", () => {
  test("is not asked twice, and the first worker knows", async () => {
    await toAsked();
    bench.visit.answerHandOver(false);
    expect(bench.talking.handOver).toBeUndefined();
    bench.visit.answerHandOver(true);
    bench.visit.say("I like it here");
    await bench.passes(8_000);
    expect(mira.replies).toEqual(["declined"]);
    expect(mira.heard).toEqual(["I like it here"]);
    expect(notes()).toEqual([]);
  });

  test("can be asked again", async () => {
    await toAsked();
    bench.visit.answerHandOver(false);
    await bench.passes(5_000);
    mira.propose(sam);
    await bench.passes(100);
    expect(bench.talking.handOver?.stage).toBe("asked");
  });
});

describe("a colleague", () => {
  test("who is withdrawn is not offered any more", async () => {
    await toAsked();
    mira.withdraw();
    await bench.passes(100);
    expect(bench.talking.handOver).toBeUndefined();
    expect(notes()).toEqual(["withdrawn"]);
    bench.visit.answerHandOver(true);
    expect(bench.talking.handOver).toBeUndefined();
  });

  test("who does not come within 20 seconds leads back to the first worker, with all words", async () => {
    await toAsked();
    sam.isThere = false;
    bench.visit.answerHandOver(true);
    await bench.passes(100);
    bench.visit.say("hello?");
    await bench.passes(18_000);
    expect(bench.talking.handOver?.stage).toBe("going");
    await bench.passes(4_000);
    expect(bench.talking).toMatchObject({ worker: { alias: "Mira" }, handOver: undefined });
    expect(notes()).toEqual(["did-not-come"]);
    mira.say("I am still with you");
    await bench.passes(10_000);
    expect(mira.replies).toEqual(["agreed", "did_not_come"]);
    expect(mira.heard).toEqual(["hello?"]);
    expect(heard()).toEqual([["Mira", "I am still with you"]]);
    expect(bench.talking.line).toBe("joined");
  });

  test("who comes after some seconds is still in time", async () => {
    await toAsked();
    sam.isThere = false;
    bench.visit.answerHandOver(true);
    await bench.passes(12_000);
    relay.comes(sam);
    await bench.passes(1_000);
    expect(bench.talking.worker.alias).toBe("Sam");
  });

  test.each([
    ["was signed by somebody else", new Uint8Array(132)],
    ["is on no shift now", issueCertificate({ validFrom: 1, validTo: 2 })],
  ])("whose certificate %s is never shown", async (_, certificate) => {
    await toTalking();
    mira.propose(sam, certificate);
    await bench.passes(5_000);
    expect(bench.state).toMatchObject({ status: "ended", how: "broken" });
    expect(
      JSON.stringify(bench.states.flatMap((state) => ("handOver" in state ? state.handOver : []))),
    ).not.toContain("Sam");
  });

  test("of the same service who is not the one that was offered is not believed", async () => {
    await toAsked();
    sam.isThere = false;
    const lin = new FakeWorker("Lin", 3);
    lin.secret = sam.secret;
    lin.offered = sam.certificate;
    relay.workers.push(lin);
    bench.visit.answerHandOver(true);
    await bench.passes(5_000);
    expect(lin.session).toBeDefined();
    expect(bench.state).toMatchObject({ status: "ended", how: "broken" });
  });

  test("in whose place the relay answers noise is not believed", async () => {
    await toAsked();
    sam.isThere = false;
    bench.visit.answerHandOver(true);
    await bench.passes(1_000);
    bench.socket.brings(new Uint8Array([0x2a]));
    bench.socket.brings(new Uint8Array(CELL_SIZE));
    bench.socket.brings(new Uint8Array(CELL_SIZE).fill(1, 7, 8));
    expect(bench.state).toMatchObject({ status: "ended", how: "broken" });
  });
});

describe("the end", () => {
  test("while asked is told to the first worker", async () => {
    await toAsked();
    bench.visit.end();
    await bench.passes(1_000);
    expect(mira.isClosed).toBe(true);
    expect(bench.state).toMatchObject({ how: "by-you", isWiped: true });
  });

  test("on the way is told to the first worker, who is still there", async () => {
    await toAsked();
    sam.isThere = false;
    bench.visit.answerHandOver(true);
    await bench.passes(3_000);
    bench.visit.end();
    await bench.passes(2_000);
    expect(mira.replies).toEqual(["agreed", "did_not_come"]);
    expect(mira.isClosed).toBe(true);
    expect(bench.state).toMatchObject({ how: "by-you", isWiped: true });
    expect(bench.openSockets).toEqual([]);
  });

  test("right after agreeing is told to the first worker too", async () => {
    await toAsked();
    bench.visit.answerHandOver(true);
    bench.visit.end();
    await bench.passes(2_000);
    expect(mira.isClosed).toBe(true);
    expect(bench.state).toMatchObject({ how: "by-you", isWiped: true });
  });

  test("by the first worker while asked takes the question away", async () => {
    await toAsked();
    mira.close();
    await bench.passes(100);
    expect(bench.state).toMatchObject({ status: "ended", how: "by-advisor" });
    bench.visit.answerHandOver(true);
    await bench.passes(30_000);
    expect(bench.openSockets).toEqual([]);
  });

  test("when the tab goes elsewhere on the way leaves nothing", async () => {
    await toAsked();
    bench.visit.answerHandOver(true);
    await bench.passes(30);
    bench.visit.abandon();
    expect(bench.state).toMatchObject({ isWiped: true });
    const { length } = bench.sockets;
    await bench.passes(60_000);
    expect(bench.sockets).toHaveLength(length);
    expect(bench.openSockets).toEqual([]);
  });
});
