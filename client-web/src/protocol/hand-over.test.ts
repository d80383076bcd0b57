import { x25519 } from "@noble/curves/ed25519.js";
import { beforeEach, describe, expect, it } from "vitest";
import { type Bytes, concat, encodeUtf8 } from "./bytes.ts";
import { type AwaitingAnswer, type HandOver, handOverRoute, startHandOver } from "./handshake.ts";
import { hash } from "./hash.ts";
import type { SpokenRecord } from "./record.ts";
import type { Session } from "./session.ts";
import {
  type Answer,
  type AnswerChanges,
  AUTHORITY,
  answerHandOver,
  clientCell,
  codeOf,
  converse,
  drain,
  issueCertificate,
  NOW,
  pseudoRandom,
  sessionPair,
  take,
  workerCell,
} from "./testing.ts";
import type { Triage } from "./triage.ts";

const triage: Triage = { language: 4, subject: 7, channel: 1 };
const colleagueKey = hash(encodeUtf8("colleague's shift"));
const certificateOf = (key: Uint8Array, alias = "Ali"): Bytes =>
  issueCertificate({ shiftPublic: x25519.getPublicKey(key), alias: encodeUtf8(alias), role: 3 });
const handOver: HandOver = {
  secret: hash(encodeUtf8("hand-over secret")),
  certificate: certificateOf(colleagueKey),
};

const text = (of: string): SpokenRecord => ({ type: "text", text: of });
const proposal: SpokenRecord = { type: "hand_over", ...handOver };
const withdrawn: SpokenRecord = { type: "hand_over_withdrawn" };
const reply = (of: "agreed" | "declined" | "did_not_come"): SpokenRecord => ({
  type: "hand_over_reply",
  reply: of,
});

const start = (proposed = handOver, nowSeconds = NOW): AwaitingAnswer =>
  startHandOver(proposed, AUTHORITY, triage, nowSeconds, pseudoRandom("client"));

function answer(awaiting: AwaitingAnswer, changes: AnswerChanges = {}, proposed = handOver): Answer {
  const random = pseudoRandom("colleague");
  return answerHandOver(proposed, awaiting.opening, random, { shiftKey: colleagueKey, ...changes });
}

describe("a hand-over's handshake", () => {
  it("ends in a new session with the one who was offered", () => {
    const awaiting = start();
    const colleague = answer(awaiting);
    expect(colleague.triage).toEqual(triage);
    const { session, worker } = awaiting.finish(colleague.answer, NOW);
    expect([worker.alias, worker.role]).toEqual(["Ali", "doctor"]);
    const said: SpokenRecord[] = [{ type: "carried_over", receivedBelow: 7n }, text("still here")];
    for (const record of said) session.say(record);
    expect(converse(session, colleague.session).worker).toEqual(said);
    session.rejoined(0);
    session.freshen(0, pseudoRandom("fresh"));
    expect(take(colleague.session, drain(session)).map(({ type }) => type)).toEqual(["fresh_opening"]);
  });

  it("refuses another certificate, though it holds and its key is proven", () => {
    for (const changes of [
      { certificate: certificateOf(colleagueKey, "Olha") },
      { shiftKey: hash(encodeUtf8("another")), certificate: certificateOf(hash(encodeUtf8("another"))) },
    ]) {
      const awaiting = start();
      const { answer: bytes } = answer(awaiting, changes);
      expect(codeOf(() => awaiting.finish(bytes, NOW))).toBe("certificate_not_offered");
    }
  });

  it("refuses who has the certificate and not its key", () => {
    const awaiting = start();
    const { answer: bytes } = answer(awaiting, { shiftKey: hash(encodeUtf8("another")) });
    expect(codeOf(() => awaiting.finish(bytes, NOW))).toBe("certificate_other_key");
  });

  it("begins with nobody whose certificate does not hold", () => {
    const altered = concat(handOver.certificate);
    altered[131] = (altered[131] ?? 0) ^ 1;
    expect(codeOf(() => start({ ...handOver, certificate: altered }))).toBe("certificate_wrong_authority");
    expect(codeOf(() => start(handOver, NOW + 3600 + 601))).toBe("certificate_expired");
    expect(codeOf(() => start(handOver, NOW - 3600 - 601))).toBe("certificate_not_yet_valid");
  });

  it("is opened by nobody with another secret, or meant for somebody else", () => {
    const awaiting = start();
    const other = { ...handOver, secret: hash(encodeUtf8("another secret")) };
    expect(() => answer(awaiting, {}, other)).toThrow();
    const meantForOther = { ...handOver, certificate: certificateOf(colleagueKey, "Olha") };
    expect(() => answer(awaiting, {}, meantForOther)).toThrow();
  });

  it("happens at a route that tells nothing of the secret", () => {
    const route = handOverRoute(handOver.secret);
    expect(route).toHaveLength(32);
    expect(route).not.toEqual(handOverRoute(hash(encodeUtf8("another secret"))));
    expect(route).not.toEqual(handOver.secret);
  });

  it("leaves the caller the secret, and takes what it needs of the certificate", () => {
    const certificate = concat(handOver.certificate);
    const awaiting = start({ ...handOver, certificate });
    certificate.fill(0);
    expect(codeOf(() => awaiting.finish(answer(awaiting).answer, NOW))).toBe("accepted");
    expect(handOver.secret).toEqual(hash(encodeUtf8("hand-over secret")));
  });
});

let client: Session;
let worker: Session;

beforeEach(() => {
  ({ client, worker } = sessionPair());
});

const open = (session: Session, cell: Uint8Array | undefined) =>
  session.openCell(cell ?? new Uint8Array(0), NOW);

/** The worker has asked, and the client has read it. */
function propose(): void {
  worker.say(proposal);
  expect(converse(client, worker).client).toEqual([proposal]);
}

describe("a client that agreed", () => {
  it("seals the record in progress and its reply, and no other", () => {
    propose();
    client.say(text("x".repeat(1500)));
    client.say(text("for the colleague"));
    const begun = client.nextCell() ?? new Uint8Array(0);
    client.say(reply("agreed"));
    client.say(text("this too"));
    client.rejoined(0);
    client.freshen(0, pseudoRandom("fresh"));
    expect(take(worker, [begun, ...drain(client)])).toEqual([text("x".repeat(1500)), reply("agreed")]);
    expect(client.isSettled).toBe(false);
    open(client, worker.nextCell());
    expect(client.isSettled, "the reply has arrived").toBe(true);
    expect(client.undelivered()).toEqual([text("for the colleague"), text("this too")]);
  });

  it("takes no record any more, and does not acknowledge any", () => {
    propose();
    client.say(reply("agreed"));
    const before = client.receivedBelow;
    worker.say(text("too late"));
    const cells = drain(worker);
    expect(open(client, cells[0])).toEqual({ records: [], isNew: true });
    expect(client.receivedBelow).toBe(before);
    take(worker, drain(client));
    expect(worker.isSettled).toBe(false);
  });

  it("still reads what the worker acknowledges, and takes empty cells in their turn", () => {
    propose();
    client.say(reply("agreed"));
    take(worker, drain(client));
    const before = client.receivedBelow;
    expect(open(client, worker.nextCell()).delivered).toBe(1);
    expect(client.receivedBelow).toBe(before + 1n);
  });

  it("can come back, and nothing is lost either way", () => {
    propose();
    client.say(reply("agreed"));
    client.say(text("mine"));
    worker.say(text("theirs"));
    converse(client, worker);
    client.say(reply("did_not_come"));
    client.rejoined(0);
    worker.rejoined(0);
    expect(converse(client, worker)).toEqual({
      client: [text("theirs")],
      worker: [reply("did_not_come"), text("mine")],
    });
    propose();
  });

  it("can end the consultation instead", () => {
    propose();
    client.say(reply("agreed"));
    client.say({ type: "close", reason: "ended" });
    expect(converse(client, worker).worker).toEqual([reply("agreed"), { type: "close", reason: "ended" }]);
    expect(client.isSettled).toBe(true);
  });
});

describe("a client that declines", () => {
  it("goes on, and may be asked again", () => {
    propose();
    client.say(reply("declined"));
    client.say(text("I stay"));
    expect(converse(client, worker).worker).toEqual([reply("declined"), text("I stay")]);
    propose();
  });
});

describe("what crosses on its way", () => {
  it("is ignored: a reply that meets a withdrawal", () => {
    for (const replies of [["declined"], ["agreed", "did_not_come"]] as const) {
      ({ client, worker } = sessionPair());
      propose();
      worker.say(withdrawn);
      for (const each of replies) client.say(reply(each));
      expect(converse(client, worker).worker).toEqual([]);
    }
  });

  it("is ignored: a withdrawal that meets a reply", () => {
    propose();
    client.say(reply("declined"));
    worker.say(withdrawn);
    expect(converse(client, worker).client).toEqual([]);
  });

  it("is not what a client reads before it replies", () => {
    propose();
    worker.say(withdrawn);
    expect(converse(client, worker).client).toEqual([withdrawn]);
    expect(codeOf(() => client.say(reply("agreed")))).toBe("out_of_turn");
  });
});

describe("out of turn", () => {
  const asked = { recordType: 5, data: concat(handOver.secret, handOver.certificate) };

  it("is a second proposal while one is open", () => {
    open(client, workerCell(2, asked));
    expect(codeOf(() => open(client, workerCell(3, asked)))).toBe("malformed");
    expect(codeOf(() => worker.say(proposal))).toBe("accepted");
    expect(codeOf(() => worker.say(proposal))).toBe("out_of_turn");
  });

  it("is a reply to none, or another one", () => {
    const replied = { recordType: 6, data: Uint8Array.of(1) };
    expect(codeOf(() => open(worker, clientCell(2, replied)))).toBe("malformed");
    ({ client, worker } = sessionPair());
    worker.say(proposal);
    drain(worker);
    open(worker, clientCell(2, replied));
    expect(codeOf(() => open(worker, clientCell(3, replied)))).toBe("malformed");
  });

  it("is a first record other than `carried_over` after a hand-over", () => {
    const handedOver = sessionPair(true);
    expect(codeOf(() => handedOver.client.say(text("x")))).toBe("out_of_turn");
    handedOver.client.rejoined(0);
    handedOver.client.freshen(0, pseudoRandom("fresh"));
    expect(drain(handedOver.client), "fresh secrets wait").toEqual([]);
    expect(codeOf(() => open(handedOver.worker, clientCell(2)))).toBe("malformed");
  });

  it("is a second `carried_over`, or one without a hand-over", () => {
    const carried = { recordType: 8, data: new Uint8Array(8) };
    const handedOver = sessionPair(true);
    open(handedOver.worker, clientCell(2, carried));
    expect(codeOf(() => open(handedOver.worker, clientCell(3, carried)))).toBe("malformed");
    expect(codeOf(() => open(worker, clientCell(2, carried)))).toBe("malformed");
  });
});
