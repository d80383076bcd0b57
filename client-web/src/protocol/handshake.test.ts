import { x25519 } from "@noble/curves/ed25519.js";
import { beforeEach, describe, expect, it } from "vitest";
import { type Bytes, concat, isZero } from "./bytes.ts";
import { type AwaitingAnswer, HandshakeError, type Random, startHandshake } from "./handshake.ts";
import { type Link, parseLink } from "./link.ts";
import {
  type AnswerChanges,
  answerOpening,
  converse,
  issueCertificate,
  issueLinkText,
  NOW,
  ORIGIN,
  pseudoRandom,
  SHIFT_KEY,
} from "./testing.ts";
import type { Triage } from "./triage.ts";

const triage: Triage = { language: 4, subject: 7, channel: 1 };
let link: Link;
let awaiting: AwaitingAnswer;

beforeEach(() => {
  link = parseLink(issueLinkText());
  awaiting = startHandshake(link, ORIGIN, triage, pseudoRandom("client"));
});

const answer = (changes: AnswerChanges = {}) =>
  answerOpening(link, awaiting.opening, pseudoRandom("worker"), changes);

function codeOf(bytes: Uint8Array, now = NOW): string {
  try {
    awaiting.finish(bytes, now);
  } catch (error) {
    return error instanceof HandshakeError ? error.code : String(error);
  }
  return "accepted";
}

describe("a handshake", () => {
  it("ends in two sessions that understand each other", () => {
    expect(awaiting.opening).toHaveLength(2048);
    const worker = answer();
    expect(worker.triage).toEqual(triage);
    const client = awaiting.finish(worker.answer, NOW);
    expect(client.worker.alias).toBe("Mira");

    const text = (of: string) => ({ type: "text", text: of }) as const;
    client.session.say(text("Привіт"));
    worker.session.say(text("Вітаю"));
    const heard = converse(client.session, worker.session);
    expect(heard).toEqual({ worker: [text("Привіт")], client: [text("Вітаю")] });
  });

  it("draws its randomness in the order of the golden transcripts", () => {
    const draws: number[] = [];
    const random: Random = (length) => {
      draws.push(length);
      return new Uint8Array(length).fill(draws.length);
    };
    const { opening } = startHandshake(parseLink(issueLinkText()), ORIGIN, triage, random);
    expect(draws).toEqual([32, 64]);
    expect(opening.slice(8, 40)).toEqual(x25519.getPublicKey(new Uint8Array(32).fill(1)));
  });

  it("consumes the link", () => {
    expect(isZero(link.psk)).toBe(true);
    expect(() => startHandshake(link, ORIGIN, triage, pseudoRandom("again"))).toThrow(/started already/);
  });

  it("consumes itself, whatever came of it", () => {
    const good = answer().answer;
    expect(codeOf(good)).toBe("accepted");
    expect(codeOf(good)).toMatch(/finished already/);

    link = parseLink(issueLinkText());
    awaiting = startHandshake(link, ORIGIN, triage, pseudoRandom("client"));
    expect(codeOf(new Uint8Array(2048))).toBe("answer_refused");
    expect(codeOf(good)).toMatch(/finished already/);
  });

  it("can be given up", () => {
    const good = answer().answer;
    awaiting.wipe();
    expect(codeOf(good)).toMatch(/finished already/);
  });

  it("says only what a worker accepts", () => {
    for (const wrong of [{ language: 3 }, { subject: 10 }, { channel: 8 }]) {
      // JSON has no literal types: this is how a wrong number would come in.
      const given: Triage = JSON.parse(JSON.stringify({ ...triage, ...wrong }));
      const fresh = parseLink(issueLinkText());
      expect(() => startHandshake(fresh, ORIGIN, given, pseudoRandom("x"))).toThrow(RangeError);
    }
  });
});

describe("an answer", () => {
  it("is refused with a byte damaged anywhere", { timeout: 60_000 }, () => {
    const good = answer().answer;
    // Both ends of each field and a stride between: all 2,048 places would take a quarter of a minute.
    const places = new Set([0, 7, 8, 1023, 1024, 1031, 1032, 1103, 1104, 1135, 1136, 1183, 1184, 2047]);
    for (let at = 3; at < good.length; at += 37) places.add(at);
    for (const at of places) {
      awaiting = startHandshake(parseLink(issueLinkText()), ORIGIN, triage, pseudoRandom("client"));
      const bytes = concat(good);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
      // X25519 ignores the top bit of a key, but the transcript's hash does not.
      expect(codeOf(bytes), `byte ${at}`).toBe("answer_refused");
    }
  });

  it("is refused longer or shorter", () => {
    expect(codeOf(answer().answer.subarray(1))).toBe("answer_refused");
    awaiting = startHandshake(parseLink(issueLinkText()), ORIGIN, triage, pseudoRandom("client"));
    expect(codeOf(concat(answer().answer, Uint8Array.of(0)))).toBe("answer_refused");
  });

  it("to another opening is refused", () => {
    const other = startHandshake(parseLink(issueLinkText()), ORIGIN, triage, pseudoRandom("other"));
    const { answer: bytes } = answerOpening(link, other.opening, pseudoRandom("worker"));
    expect(codeOf(bytes)).toBe("answer_refused");
  });

  it("never comes from a worker who means another origin", () => {
    expect(() => answer({ origin: "https://elsewhere.example" })).toThrow();
  });

  it("is refused with anything in its padding", () => {
    const padding = new Uint8Array(716);
    padding[715] = 1;
    expect(codeOf(answer({ padding }).answer)).toBe("answer_refused");
  });
});

describe("a worker's certificate", () => {
  const codeWith = (certificate: Bytes): string => codeOf(answer({ certificate }).answer);

  it("of another authority is refused", () => {
    const certificate = issueCertificate();
    certificate[131] = (certificate[131] ?? 0) ^ 1;
    expect(codeWith(certificate)).toBe("certificate_wrong_authority");
  });

  it("outside its shift is refused", () => {
    expect(codeWith(issueCertificate({ validFrom: NOW + 601 }))).toBe("certificate_not_yet_valid");
  });

  it("after its shift is refused", () => {
    expect(codeWith(issueCertificate({ validTo: NOW - 601 }))).toBe("certificate_expired");
  });

  it("that breaks its form is refused", () => {
    expect(codeWith(issueCertificate({ role: 7 }))).toBe("certificate_malformed");
  });

  it("for another key is refused: it was taken from somebody", () => {
    expect(codeWith(issueCertificate({ shiftPublic: SHIFT_KEY }))).toBe("certificate_other_key");
  });
});
