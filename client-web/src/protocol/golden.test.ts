import { readFileSync } from "node:fs";
import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";
import { describe, expect, it } from "vitest";
import { type Bytes, concat, fromHex, toHex } from "./bytes.ts";
import { openCard } from "./card.ts";
import { handshakeFromCells } from "./cell.ts";
import { openCertificate } from "./certificate.ts";
import { CLOSE } from "./close.ts";
import { decodeFrame, encodeFrame, FrameError } from "./frame.ts";
import { type AwaitingAnswer, kemPsk, type Random, startHandshake } from "./handshake.ts";
import { labelled } from "./labels.ts";
import { type Link, linkHead, parseLink, token } from "./link.ts";
import type { ConsultationRecord } from "./record.ts";
import type { Session } from "./session.ts";
import { verifyStrict } from "./signature.ts";
import { type Answer, answerOpening, linkPsk } from "./testing.ts";
import { channelOf, type Triage } from "./triage.ts";

interface Step {
  readonly from: "client" | "worker";
  readonly record: "empty" | "text" | "close";
  readonly text: string;
  readonly cells: readonly string[];
}

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
  readonly keys: Readonly<Record<"psk2" | "client_key" | "worker_key" | "export", string>>;
  readonly steps: readonly Step[];
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

/** Deals out the given bytes in order, and must not be asked for more. */
function dealing(hex: string): Random {
  let rest: Bytes = fromHex(hex);
  return (length) => {
    const dealt = rest.slice(0, length);
    expect(dealt).toHaveLength(length);
    rest = rest.slice(length);
    return dealt;
  };
}

function start(link: Link): AwaitingAnswer {
  const triage = { language: golden.language, subject: golden.subject, channel: link.channel };
  return startHandshake(link, golden.origin, triage, dealing(golden.client_random));
}

function answerGolden(opening: Uint8Array): Answer {
  return answerOpening(parseLink(golden.link), opening, dealing(golden.worker_random), {
    psk: fromHex(golden.psk),
    shiftKey: fromHex(golden.shift_private),
    certificate: fromHex(golden.certificate),
    origin: golden.origin,
  });
}

function recordOf(step: Step): ConsultationRecord | undefined {
  if (step.record === "empty") return undefined;
  return step.record === "text" ? { type: "text", text: step.text } : { type: "close", reason: "ended" };
}

function sealStep(session: Session, step: Step): readonly Bytes[] {
  const record = recordOf(step);
  return record === undefined ? [session.sealEmpty()] : session.sealRecord(record).cells;
}

describe("the golden consultation", () => {
  it("has this link and this token", () => {
    const link = parseLink(golden.link);
    expect(link).toMatchObject({
      kind: 1,
      epoch: golden.epoch,
      expiry: golden.expiry,
      linkId: fromHex(golden.link_id),
      channel: channelOf(golden.channel),
      psk: fromHex(golden.psk),
      authority,
    });
    expect(toHex(token(link))).toBe(golden.token);
    expect(linkPsk(linkHead(link), fromHex(golden.epoch_keys).slice(0, 32))).toEqual(link.psk);
    const issuingPublic = fromHex(golden.epoch_statement).slice(3, 35);
    expect(verifyStrict(link.tokenSignature, labelled("token", linkHead(link)), issuingPublic)).toBe(true);
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
    expect(toHex(keys.clientKey)).toBe(golden.keys.client_key);
    expect(toHex(keys.workerKey)).toBe(golden.keys.worker_key);
    expect(toHex(keys.exportSecret)).toBe(golden.keys.export);
  });

  it("binds the post-quantum secret in this psk2", () => {
    const kem = ml_kem768.keygen(fromHex(golden.client_random).slice(32));
    const ciphertext = handshakeFromCells(fromHex(golden.answer)).slice(0, 1088);
    const sharedSecret = ml_kem768.decapsulate(ciphertext, kem.secretKey);
    expect(toHex(kemPsk(sharedSecret, kem.publicKey, ciphertext))).toBe(golden.keys.psk2);
  });

  it("goes on in these cells, byte for byte, from both ends", () => {
    const awaiting = start(parseLink(golden.link));
    const worker = answerGolden(awaiting.opening).session;
    const client = awaiting.finish(fromHex(golden.answer), golden.now).session;

    for (const step of golden.steps) {
      const [from, to] = step.from === "client" ? [client, worker] : [worker, client];
      expect(sealStep(from, step).map(toHex)).toEqual(step.cells);
      const opened = step.cells.map((cell) => to.openCell(fromHex(cell)).record);
      expect(opened.at(-1)).toEqual(recordOf(step));
      expect(opened.slice(0, -1).every((record) => record === undefined)).toBe(true);
    }
  });
});

describe("the golden frames", () => {
  const clientFrames = ["relay_time", "open", "matched"];
  clientFrames.push("waiting_now", "waiting_soon", "waiting_long", "waiting_nobody");
  const bytesOf = (name: string): Bytes => fromHex(String(frames[name]));

  it("of a client are written like these", () => {
    expect(decodeFrame(bytesOf("relay_time"))).toEqual({ type: "relay_time", time: golden.now });
    expect(decodeFrame(bytesOf("matched"))).toEqual({ type: "matched" });
    for (const wait of ["now", "soon", "long", "nobody"]) {
      expect(decodeFrame(bytesOf(`waiting_${wait}`))).toEqual({ type: "waiting", wait });
    }
    for (const name of clientFrames) expect(encodeFrame(decodeFrame(bytesOf(name)))).toEqual(bytesOf(name));

    const link = parseLink(golden.link);
    const open = { type: "open", authority, token: token(link), opening: start(link).opening } as const;
    expect(toHex(encodeFrame(open))).toBe(frames.open);
  });

  it("of workers are none of a client's", () => {
    const others = Object.keys(frames).filter((name) => !clientFrames.includes(name));
    for (const name of others.filter((other) => !["service_card", "close_codes"].includes(other))) {
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
    const altered = concat(bytesOf("service_card"), Uint8Array.of(0x20));
    expect(() => openCard(altered, authority)).toThrow();
  });
});
