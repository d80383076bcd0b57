import { readFileSync } from "node:fs";
import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";
import { describe, expect, it } from "vitest";
import { type Bytes, concat, fromHex, toHex } from "./bytes.ts";
import { openCard } from "./card.ts";
import { handshakeFromCells } from "./cell.ts";
import { openCertificate } from "./certificate.ts";
import { CLOSE } from "./close.ts";
import { decodeFrame, encodeFrame, FrameError } from "./frame.ts";
import { cellsOf, dealing, type Given, type Means, type Step, spokenBy } from "./golden-steps.ts";
import { type AwaitingAnswer, handOverRoute, startHandOver, startHandshake } from "./handshake.ts";
import { hkdf } from "./hash.ts";
import { kemPsk } from "./key-agreement.ts";
import { label, labelled } from "./labels.ts";
import { openLeaflets } from "./leaflets.ts";
import { type Link, linkHead, parseLink, token } from "./link.ts";
import { search } from "./puzzle.ts";
import type { SpokenRecord } from "./record.ts";
import { safetyPhrase } from "./safety.ts";
import type { Session } from "./session.ts";
import { routeOf, type SessionKeys } from "./session-keys.ts";
import { verifyStrict } from "./signature.ts";
import { type Answer, answerFresh, answerHandOver, answerOpening, linkPsk } from "./testing.ts";
import { CHANNEL, channelOf, SUBJECT, type Triage } from "./triage.ts";

type Keys<More extends string> = Readonly<
  Record<"client_key" | "worker_key" | "export" | "route" | More, string>
> & { readonly safety_phrase: readonly number[] };

/** What the Rust crate writes; byte strings in hex. */
interface Consultation {
  readonly now: number;
  readonly origin: string;
  readonly authority: string;
  readonly epoch: number;
  readonly epoch_keys: string;
  readonly epoch_statement: string;
  readonly expiry: number;
  readonly link_id: string;
  readonly channel: number;
  readonly psk: string;
  readonly link: string;
  readonly token: string;
  readonly shift_private: string;
  readonly certificate: string;
  readonly language: Triage["language"];
  readonly subject: Triage["subject"];
  readonly client_random: string;
  readonly worker_random: string;
  readonly opening: string;
  readonly answer: string;
  readonly keys: Keys<"psk2">;
  readonly steps: readonly Step[];
  readonly fresh: Keys<"client_random" | "worker_random">;
  readonly given: Given;
  readonly door: Readonly<Record<"door_secret" | "link" | "psk" | "puzzle_seed" | "puzzle_nonce", string>> & {
    readonly puzzle_bits: number;
  };
  readonly hand_over: Readonly<
    Record<
      | "secret"
      | "certificate"
      | "shift_private"
      | "route"
      | "client_random"
      | "worker_random"
      | "opening"
      | "answer",
      string
    >
  > & { readonly keys: Keys<never> };
  readonly hand_over_steps: readonly Step[];
}

interface Frames extends Readonly<Record<string, string | object>> {
  readonly open: string;
  readonly service_card: string;
  readonly close_codes: Readonly<Record<string, number>>;
}

const read = (name: string): string =>
  readFileSync(new URL(`../../../protocol/tests/golden/${name}`, import.meta.url), "utf8");
const golden: Consultation = JSON.parse(read("consultation.json"));
const frames: Frames = JSON.parse(read("frames.json"));
const authority = fromHex(golden.authority);

function triageOf(link: Link): Triage {
  return { language: golden.language, subject: golden.subject, channel: link.channel };
}

function start(link: Link): AwaitingAnswer {
  return startHandshake(link, golden.origin, triageOf(link), dealing(golden.client_random));
}

const proof = {
  shiftKey: fromHex(golden.shift_private),
  certificate: fromHex(golden.certificate),
  authority,
};

function answerGolden(opening: Uint8Array): Answer {
  return answerOpening(parseLink(golden.link), opening, dealing(golden.worker_random), {
    ...proof,
    psk: fromHex(golden.psk),
    origin: golden.origin,
  });
}

function expectKeys(keys: SessionKeys, wanted: Keys<never>): void {
  expect(toHex(keys.clientKey)).toBe(wanted.client_key);
  expect(toHex(keys.workerKey)).toBe(wanted.worker_key);
  expect(toHex(keys.exportSecret)).toBe(wanted.export);
  expect(toHex(routeOf(keys))).toBe(wanted.route);
}

const handOver = {
  secret: fromHex(golden.hand_over.secret),
  certificate: fromHex(golden.hand_over.certificate),
};

/** Both ends make every cell of the transcript, and take those that arrive. */
class Replay {
  readonly client: Session;
  readonly worker: Session;
  renewed: SessionKeys | undefined;
  readonly #said: SpokenRecord[] = [];
  readonly #heard: SpokenRecord[] = [];
  #freshOpening: Uint8Array = new Uint8Array(0);

  constructor(client: Session, worker: Session) {
    this.client = client;
    this.worker = worker;
  }

  run(steps: readonly Step[], receivedBelow = 0n): void {
    const freshRandom = golden.fresh.client_random;
    const means = { given: golden.given, handOver, freshRandom, receivedBelow };
    for (const step of steps) this.#step(step, means);
    expect(this.#heard).toEqual(this.#said);
    expect([this.client.isSettled, this.worker.isSettled]).toEqual([true, true]);
  }

  #step(step: Step, means: Means): void {
    const [from, to] = step.from === "client" ? [this.client, this.worker] : [this.worker, this.client];
    if (step.record === "fresh_answer") {
      const random = dealing(golden.fresh.worker_random);
      this.renewed = answerFresh(from, this.#freshOpening, random, proof);
    }
    const spoken = spokenBy(step, means);
    if (spoken !== undefined) this.#said.push(spoken);
    const cells = cellsOf(from, step, means);
    expect(cells.map(toHex), step.record).toEqual(step.cells);
    if (step.record === "lost_text") return;
    for (const record of cells.flatMap((cell) => to.openCell(cell, golden.now).records)) {
      if (record.type === "fresh_opening") this.#freshOpening = record.message;
      else if (record.type === "file_part") expect(toHex(record.data)).toContain(means.given.file.content);
      else if (record.type !== "fresh_answer") this.#heard.push(record);
    }
  }
}

describe("the golden consultation", () => {
  it("has this link and this token", () => {
    const link = parseLink(golden.link);
    expect(link).toMatchObject({
      kind: "one_time",
      epoch: golden.epoch,
      expiry: golden.expiry,
      linkId: fromHex(golden.link_id),
      channel: channelOf(golden.channel),
      psk: fromHex(golden.psk),
      authority,
    });
    expect(toHex(token(link))).toBe(golden.token);
    expect(linkPsk(linkHead(link), fromHex(golden.epoch_keys).slice(0, 32))).toEqual(link.psk);
    const issuingPublic = fromHex(golden.epoch_statement).slice(4, 36);
    expect(verifyStrict(link.tokenSignature, labelled("token", linkHead(link)), issuingPublic)).toBe(true);
  });

  it("has this door, whose puzzle has this solution", () => {
    const link = parseLink(golden.door.link);
    expect(link).toMatchObject({ kind: "door", epoch: golden.epoch, expiry: 8760, channel: CHANNEL.poster });
    expect(toHex(link.psk)).toBe(golden.door.psk);
    const doorPskInfo = concat(label("door psk"), linkHead(link));
    expect(hkdf(new Uint8Array(0), fromHex(golden.door.door_secret), doorPskInfo)).toEqual(link.psk);
    expect(verifyStrict(link.tokenSignature, labelled("door", linkHead(link)), authority)).toBe(true);
    const puzzle = {
      seed: fromHex(golden.door.puzzle_seed),
      linkId: link.linkId,
      bits: golden.door.puzzle_bits,
    };
    expect(toHex(search(puzzle, 0n, 100_000) ?? new Uint8Array(0))).toBe(golden.door.puzzle_nonce);
  });

  it("has this certificate", () => {
    const worker = openCertificate(fromHex(golden.certificate), authority, golden.now);
    expect(worker.languages & golden.language).toBe(golden.language);
  });

  it("opens with these bytes, is answered with these, and agrees on these keys", () => {
    const awaiting = start(parseLink(golden.link));
    expect(toHex(awaiting.opening)).toBe(golden.opening);

    const { answer, keys } = answerGolden(awaiting.opening);
    expect(toHex(answer)).toBe(golden.answer);
    expectKeys(keys, golden.keys);
    expect(safetyPhrase(keys, authority)).toEqual(golden.keys.safety_phrase);
  });

  it("binds the post-quantum secret in this psk2", () => {
    const kem = ml_kem768.keygen(fromHex(golden.client_random).slice(32));
    const ciphertext = handshakeFromCells(fromHex(golden.answer)).slice(0, 1088);
    const sharedSecret = ml_kem768.decapsulate(ciphertext, kem.secretKey);
    expect(toHex(kemPsk(sharedSecret, kem.publicKey, ciphertext))).toBe(golden.keys.psk2);
  });

  it("goes on in these cells, byte for byte, from both ends", () => {
    const replay = begin();
    replay.run(golden.steps);
    if (replay.renewed === undefined) throw new Error("the transcript renews no keys");
    expectKeys(replay.renewed, golden.fresh);
    expect(toHex(replay.client.route())).toBe(golden.fresh.route);
    expect(replay.worker.routes().map(toHex)).toEqual([golden.fresh.route]);
    expect(replay.client.safetyPhrase, "fresh secrets leave it").toEqual(golden.keys.safety_phrase);
    expect(golden.fresh.safety_phrase).toEqual(golden.keys.safety_phrase);
  });

  it("is handed over in these", () => {
    const replay = begin();
    replay.run(golden.steps);
    const { now, hand_over: wanted } = golden;
    expect(toHex(handOverRoute(handOver.secret))).toBe(wanted.route);
    const triage = triageOf(parseLink(golden.link));
    const awaiting = startHandOver(handOver, authority, triage, now, dealing(wanted.client_random));
    expect(toHex(awaiting.opening)).toBe(wanted.opening);
    const colleague = answerHandOver(handOver, awaiting.opening, dealing(wanted.worker_random), {
      shiftKey: fromHex(wanted.shift_private),
      authority,
    });
    expect(toHex(colleague.answer)).toBe(wanted.answer);
    expectKeys(colleague.keys, wanted.keys);
    const { session, worker } = awaiting.finish(colleague.answer, now);
    expect([worker.alias, worker.role]).toEqual(["Ali", "doctor"]);
    expect(session.safetyPhrase).toEqual(wanted.keys.safety_phrase);
    expect(session.safetyPhrase).not.toEqual(golden.keys.safety_phrase);
    new Replay(session, colleague.session).run(golden.hand_over_steps, replay.client.receivedBelow);
  });
});

function begin(): Replay {
  const awaiting = start(parseLink(golden.link));
  const worker = answerGolden(awaiting.opening).session;
  return new Replay(awaiting.finish(fromHex(golden.answer), golden.now).session, worker);
}

describe("the golden frames", () => {
  const clientFrames = ["relay_time", "open", "matched", "rejoin_client", "alone", "joined"];
  clientFrames.push("puzzle", "solution");
  clientFrames.push("waiting_now", "waiting_soon", "waiting_long", "waiting_nobody", "waiting_held");
  const bytesOf = (name: string): Bytes => fromHex(String(frames[name]));

  it("of a client are written like these", () => {
    expect(decodeFrame(bytesOf("relay_time"))).toEqual({ type: "relay_time", time: golden.now });
    for (const type of ["matched", "alone", "joined"]) expect(decodeFrame(bytesOf(type))).toEqual({ type });
    const route = new Uint8Array(32).fill(0x60);
    expect(decodeFrame(bytesOf("rejoin_client"))).toEqual({ type: "rejoin", route });
    const seed = fromHex(golden.door.puzzle_seed);
    expect(decodeFrame(bytesOf("puzzle"))).toEqual({ type: "puzzle", seed, bits: golden.door.puzzle_bits });
    const nonce = fromHex(golden.door.puzzle_nonce);
    expect(decodeFrame(bytesOf("solution"))).toEqual({ type: "solution", nonce });
    for (const wait of ["now", "soon", "long", "nobody", "held"]) {
      expect(decodeFrame(bytesOf(`waiting_${wait}`))).toEqual({ type: "waiting", wait });
    }
    for (const name of clientFrames) expect(encodeFrame(decodeFrame(bytesOf(name)))).toEqual(bytesOf(name));

    const link = parseLink(golden.link);
    const open = { type: "open", authority, token: token(link), opening: start(link).opening } as const;
    expect(toHex(encodeFrame(open))).toBe(frames.open);
  });

  it("of workers are none of a client's", () => {
    const others = Object.keys(frames).filter((name) => !clientFrames.includes(name));
    const served = ["service_card", "leaflets", "close_codes"];
    for (const name of others.filter((other) => !served.includes(other))) {
      expect(() => decodeFrame(bytesOf(name)), name).toThrow(FrameError);
    }
  });

  it("end with these close codes", () => {
    expect(CLOSE).toEqual(frames.close_codes);
  });

  it("come with this service card", () => {
    const card = openCard(bytesOf("service_card"), authority);
    expect(card.issued).toBe(golden.now);
    expect(card.name.ar).toBe("Example service");
    expect(card.subjects).toEqual([SUBJECT.overdose, SUBJECT.saferUse, SUBJECT.other]);
    const altered = concat(bytesOf("service_card"), Uint8Array.of(0x20));
    expect(() => openCard(altered, authority)).toThrow();
  });

  it("come with these leaflets", () => {
    const leaflets = openLeaflets(bytesOf("leaflets"), authority);
    expect([leaflets.issued, leaflets.language]).toEqual([golden.now, "ru"]);
    expect(leaflets.cards.map(({ id, kind }) => [id, kind])).toEqual([["overdose", "checklist"]]);
    expect(() => openCard(bytesOf("leaflets"), authority)).toThrow();
  });
});
