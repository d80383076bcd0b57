import { x25519 } from "@noble/curves/ed25519.js";
import { beforeEach, describe, expect, it } from "vitest";
import { type Bytes, concat, encodeUtf8 } from "./bytes.ts";
import { sequenceOf } from "./cell.ts";
import { hash } from "./hash.ts";
import { encodeRecord, type SpokenRecord } from "./record.ts";
import type { Session } from "./session.ts";
import { routeOf, type SessionKeys } from "./session-keys.ts";
import {
  type AnswerChanges,
  answerFresh,
  clientCell,
  codeOf,
  converse,
  drain,
  issueCertificate,
  NOW,
  type Pair,
  pseudoRandom,
  sessionPair,
  take,
  testKeys,
  workerCell,
} from "./testing.ts";

const MINUTES = 60_000;
const random = pseudoRandom("client");
const text = (of: string): SpokenRecord => ({ type: "text", text: of });

let pair: Pair;
let client: Session;
let worker: Session;

beforeEach(() => {
  pair = sessionPair();
  client = pair.client;
  worker = pair.worker;
});

const open = (session: Session, cell: Uint8Array | undefined) =>
  session.openCell(cell ?? new Uint8Array(0), NOW);

/** Begins fresh secrets; the worker has read the opening, and its message is returned. */
function ask(): Bytes {
  client.rejoined(0);
  client.freshen(0, random);
  for (const record of take(worker, drain(client)))
    if (record.type === "fresh_opening") return record.message;
  throw new Error("the client asked for nothing");
}

/** Returns copies of the new keys, since the worker wipes its own one day. */
function answer(changes: AnswerChanges = {}): SessionKeys {
  const { clientKey, workerKey, exportSecret } = answerFresh(worker, ask(), pseudoRandom("worker"), changes);
  return { clientKey: concat(clientKey), workerKey: concat(workerKey), exportSecret: concat(exportSecret) };
}

describe("fresh secrets are due", () => {
  const isDue = (elapsedMs: number): boolean => {
    client.freshen(elapsedMs, random);
    return drain(client).length > 0;
  };

  it("after ten minutes, one handshake at a time", () => {
    expect(isDue(5 * MINUTES)).toBe(false);
    expect(isDue(15 * MINUTES - 1)).toBe(false);
    expect(isDue(15 * MINUTES)).toBe(true);
    expect(isDue(60 * MINUTES)).toBe(false);
  });

  it("after 64 cells that carried records, either way; empty ones do not count", () => {
    for (let said = 0; said < 32; said += 1) {
      client.say(text("x"));
      worker.say(text("x"));
      client.emptyCell();
      converse(client, worker);
      if (said < 31) expect(isDue(0)).toBe(false);
    }
    expect(isDue(0)).toBe(true);
  });

  it("after every rejoining", () => {
    expect(isDue(0)).toBe(false);
    client.rejoined(0);
    drain(client);
    expect(isDue(0)).toBe(true);
    client.rejoined(0);
    drain(client);
    expect(isDue(0), "one is under way").toBe(false);
  });

  it("never for a worker, nor after a close", () => {
    worker.rejoined(0);
    worker.freshen(60 * MINUTES, random);
    expect(drain(worker)).toEqual([]);
    client.say({ type: "close", reason: "ended" });
    converse(client, worker);
    client.rejoined(0);
    expect(isDue(60 * MINUTES)).toBe(false);
  });

  it("once for each generation", () => {
    answer();
    converse(client, worker);
    expect(isDue(11 * MINUTES), "the clock is first seen under the new keys").toBe(false);
    expect(isDue(21 * MINUTES)).toBe(true);
  });
});

describe("a worker that answers", () => {
  it("changes keys after its answer, and so does the client; words go on", () => {
    const before = client.route();
    const fresh = answer();
    worker.say(text("sealed after the answer"));
    expect(worker.routes()).toEqual([routeOf(fresh), before]);
    const heard = converse(client, worker);
    expect(heard.client).toEqual([text("sealed after the answer")]);
    expect(client.route()).toEqual(routeOf(fresh));
    expect(worker.routes()).toEqual([routeOf(fresh)]);
    client.say(text("and back"));
    expect(converse(client, worker).worker).toEqual([text("and back")]);
  });

  it("wipes the old keys as soon as nothing needs them", () => {
    const zeros = new Uint8Array(32);
    answer();
    expect(Object.values(pair.clientKeys)).not.toContainEqual(zeros);
    take(client, drain(worker));
    for (const key of Object.values(pair.clientKeys)) expect(key).toEqual(zeros);
    expect(Object.values(pair.workerKeys)).not.toContainEqual(zeros);
    take(worker, drain(client));
    for (const key of Object.values(pair.workerKeys)) expect(key).toEqual(zeros);
  });

  it("hears old cells until all of them have come, and none above the first new one", () => {
    const message = ask();
    client.say(text("old 1"));
    client.say(text("old 2"));
    const [first, second] = drain(client);
    answerFresh(worker, message, pseudoRandom("worker"));
    open(worker, first);
    take(client, drain(worker));
    client.say(text("new"));
    const fresh = drain(client).at(-1);
    expect(open(worker, fresh).isNew).toBe(true);
    expect(worker.routes(), "the client is no longer at the old one").toEqual([client.route()]);
    const above = Number(sequenceOf(fresh ?? new Uint8Array(0))) + 1;
    expect(codeOf(() => open(worker, clientCell(above)))).toBe("refused");
    expect(open(worker, second).records).toEqual([text("old 2"), text("new")]);
  });

  it("need not: the consultation goes on under the keys that it has", () => {
    ask();
    client.say(text("one"));
    worker.say(text("two"));
    expect(converse(client, worker)).toEqual({ client: [text("two")], worker: [text("one")] });
    expect(client.route()).toEqual(routeOf(testKeys()));
  });

  it("answers nothing that was not asked, and nothing twice", () => {
    const message = ask();
    answerFresh(worker, message, pseudoRandom("worker"));
    expect(codeOf(() => answerFresh(worker, message, pseudoRandom("again")))).toBe("out_of_turn");
    expect(codeOf(() => answerFresh(sessionPair().worker, message, pseudoRandom("worker")))).not.toBe(
      "accepted",
    );
  });
});

describe("keys of an old generation", () => {
  it("open nothing at the client after the answer", () => {
    answer();
    const cells = drain(worker);
    take(client, cells);
    const next = Number(client.receivedBelow);
    for (const above of [0, 1, 30]) {
      expect(codeOf(() => open(client, workerCell(next + above)))).toBe("refused");
    }
    worker.say(text("real"));
    expect(take(client, drain(worker))).toEqual([text("real")]);
  });

  it("open nothing at the worker after the client has taken the new ones up", () => {
    answer();
    converse(client, worker);
    const next = Number(worker.receivedBelow);
    for (const above of [0, 1, 30]) {
      expect(codeOf(() => open(worker, clientCell(next + above)))).toBe("refused");
    }
  });

  it("are not used again by anybody honest, so what came early under them ends the consultation", () => {
    answer();
    const cells = drain(worker);
    const above = Number(sequenceOf(cells.at(-1) ?? new Uint8Array(0))) + 3;
    expect(open(client, workerCell(above)).isNew).toBe(true);
    expect(codeOf(() => take(client, cells))).toBe("malformed");

    ({ client, worker } = sessionPair());
    answer();
    take(client, drain(worker));
    const fresh = drain(client).at(-1) ?? new Uint8Array(0);
    open(worker, clientCell(Number(sequenceOf(fresh)) + 1));
    expect(codeOf(() => open(worker, fresh))).toBe("malformed");
  });
});

describe("an answer that was lost", () => {
  const breakLine = (): Bytes[] => {
    answer();
    worker.say(text("after"));
    drain(worker);
    worker.rejoined(0);
    const greeting = worker.emptyCell() ?? new Uint8Array(0);
    return [greeting, ...drain(worker)];
  };

  it("comes again, after a cell that does not open before it", () => {
    const [greeting, ...rest] = breakLine();
    expect(open(client, greeting)).toEqual({ records: [], isNew: false });
    expect(take(client, rest)).toEqual([text("after")]);
    expect(client.receivedBelow).toBe(sequenceOf(greeting ?? new Uint8Array(0)) + 1n);
    expect(converse(client, worker)).toEqual({ client: [], worker: [] });
    expect(worker.isSettled).toBe(true);
  });

  it("comes again in any order, and early cells are acted on once", () => {
    const cells = breakLine().reverse();
    const heard = cells.flatMap((cell) => [...open(client, cell).records, ...open(client, cell).records]);
    expect(heard).toEqual([text("after")]);
  });

  it("is not hidden by garbage that came in the place of an early cell", () => {
    const [greeting, ...rest] = breakLine();
    const garbage = concat((greeting ?? new Uint8Array(0)).subarray(0, 8), new Uint8Array(1016).fill(7));
    open(client, greeting);
    expect(open(client, garbage)).toEqual({ records: [], isNew: false });
    expect(take(client, rest)).toEqual([text("after")]);
    open(client, greeting);
    expect(converse(client, worker)).toEqual({ client: [], worker: [] });
  });

  it("is the only excuse: at n, or above n + 64, or when nothing was asked, a cell must open", () => {
    const garbage = (sequence: number): Bytes =>
      workerCell(sequence, {}, { ...testKeys(), workerKey: hash(random(1)) });
    ask();
    const n = Number(client.receivedBelow);
    expect(codeOf(() => open(client, garbage(n)))).toBe("refused");
    expect(codeOf(() => open(client, garbage(n + 1)))).toBe("accepted");
    expect(codeOf(() => open(client, garbage(n + 64)))).toBe("accepted");
    expect(codeOf(() => open(client, garbage(n + 65)))).toBe("refused");
    ({ client, worker } = sessionPair());
    expect(codeOf(() => open(client, garbage(3)))).toBe("refused");
  });
});

describe("an answer is refused", () => {
  /** The client's end is over then: nobody goes on with a stranger. */
  const refuse = (changes: AnswerChanges, nowSeconds = NOW): void => {
    ({ client, worker } = sessionPair());
    answer(changes);
    const cells = drain(worker);
    expect(codeOf(() => cells.map((cell) => client.openCell(cell, nowSeconds)))).toBe("answer_refused");
    expect(codeOf(() => client.nextCell())).toBe("ended");
  };

  it("with another alias or another role", () => {
    refuse({ certificate: issueCertificate({ alias: encodeUtf8("Mina") }) });
    refuse({ certificate: issueCertificate({ role: 3 }) });
  });

  it("with a certificate that is altered, expired, malformed or of another authority", () => {
    const altered = issueCertificate();
    altered[131] = (altered[131] ?? 0) ^ 1;
    refuse({ certificate: altered });
    refuse({}, NOW + 3600 + 601);
    refuse({}, NOW - 3600 - 601);
    refuse({ certificate: issueCertificate({ role: 7 }) });
  });

  it("by who does not hold the certificate's key", () => {
    refuse({ shiftKey: hash(encodeUtf8("stolen certificate")) });
  });

  it("with a byte damaged", () => {
    // Both ends of each field: ciphertext, ephemeral key, sealed static key, sealed payload.
    for (const damageAt of [0, 1087, 1088, 1119, 1120, 1167, 1168, 1315]) refuse({ damageAt });
  });

  it("when nobody asked", () => {
    const { body } = encodeRecord({ type: "fresh_answer", message: new Uint8Array(1316) });
    open(client, workerCell(2, { recordType: 4, more: true, data: body.slice(0, 980) }));
    expect(codeOf(() => open(client, workerCell(3, { recordType: 4, data: body.slice(980) })))).toBe(
      "malformed",
    );
  });

  it("not for a new shift of the same worker", () => {
    const shiftKey = hash(encodeUtf8("next shift"));
    answer({ shiftKey, certificate: issueCertificate({ shiftPublic: x25519.getPublicKey(shiftKey) }) });
    expect(converse(client, worker)).toEqual({ client: [], worker: [] });
    expect(client.route()).not.toEqual(routeOf(testKeys()));
  });
});

it("ends with a second opening before the first answer was taken up", () => {
  const message = ask();
  const again = encodeRecord({ type: "fresh_opening", message }).body;
  const next = Number(worker.receivedBelow);
  answerFresh(worker, message, pseudoRandom("worker"));
  open(worker, clientCell(next, { recordType: 3, more: true, data: again.slice(0, 980) }));
  const last = clientCell(next + 1, { recordType: 3, data: again.slice(980) });
  expect(codeOf(() => open(worker, last))).toBe("malformed");
});
