import { readFileSync } from "node:fs";
import { x25519 } from "@noble/curves/ed25519.js";
import { describe, expect, it } from "vitest";
import { open, seal } from "./aead.ts";
import { fromHex, toHex } from "./bytes.ts";
import { NoiseError, NoiseHandshake, type NoiseOptions } from "./noise.ts";

interface Vector {
  readonly source: string;
  readonly protocol_name: string;
  readonly init_prologue: string;
  readonly resp_prologue: string;
  readonly init_psks?: readonly string[];
  readonly resp_psks?: readonly string[];
  readonly init_ephemeral: string;
  readonly resp_ephemeral: string;
  readonly init_remote_static?: string;
  readonly resp_static?: string;
  readonly handshake_hash?: string;
  readonly messages: readonly { readonly payload: string; readonly ciphertext: string }[];
}

const published = new URL("../../../protocol/tests/vectors/noise.json", import.meta.url);
const { vectors }: { vectors: readonly Vector[] } = JSON.parse(readFileSync(published, "utf8"));

const patternOf = (vector: Vector): string => vector.protocol_name.split("_")[1] ?? "";

function initiatorOf(vector: Vector): NoiseHandshake {
  const remoteStatic = vector.init_remote_static;
  return new NoiseHandshake({
    pattern: patternOf(vector),
    role: "initiator",
    prologue: fromHex(vector.init_prologue),
    psks: (vector.init_psks ?? []).map(fromHex),
    ephemeral: fromHex(vector.init_ephemeral),
    ...(remoteStatic === undefined ? {} : { remoteStatic: fromHex(remoteStatic) }),
  });
}

function responderOf(vector: Vector): NoiseHandshake {
  const staticKey = vector.resp_static;
  return new NoiseHandshake({
    pattern: patternOf(vector),
    role: "responder",
    prologue: fromHex(vector.resp_prologue),
    psks: (vector.resp_psks ?? []).map(fromHex),
    ephemeral: fromHex(vector.resp_ephemeral),
    ...(staticKey === undefined ? {} : { staticKey: fromHex(staticKey) }),
  });
}

describe("published vectors", () => {
  it.each(vectors.map((vector) => [`${vector.protocol_name} of ${vector.source}`, vector] as const))(
    "%s",
    (_, vector) => {
      const initiator = initiatorOf(vector);
      const responder = responderOf(vector);
      const ends = [initiator, responder] as const;
      vector.messages.slice(0, 2).forEach(({ payload, ciphertext }, i) => {
        const [writer, reader] = i === 0 ? ends : ([responder, initiator] as const);
        expect(toHex(writer.writeMessage(fromHex(payload)))).toBe(ciphertext);
        expect(toHex(reader.readMessage(fromHex(ciphertext)))).toBe(payload);
      });

      const result = initiator.split();
      expect(responder.split()).toEqual(result);
      if (vector.handshake_hash) expect(toHex(result.handshakeHash)).toBe(vector.handshake_hash);
      vector.messages.slice(2).forEach(({ payload, ciphertext }, i) => {
        const key = i % 2 === 0 ? result.k1 : result.k2;
        const counter = BigInt(Math.floor(i / 2));
        expect(toHex(seal(key, counter, fromHex(payload)))).toBe(ciphertext);
        expect(toHex(open(key, counter, fromHex(ciphertext)))).toBe(payload);
      });
    },
  );

  it("cover every pattern that applies", () => {
    const patterns = ["NN", "NK", "NX", "NNpsk0", "NNpsk2", "NKpsk0", "NKpsk2", "NXpsk2"];
    patterns.push("NNpsk0+psk2", "NXpsk0+psk1+psk2");
    expect(new Set(vectors.map(patternOf))).toEqual(new Set(patterns));
  });
});

describe("the handshake state", () => {
  const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
  const nothing = new Uint8Array(0);
  const options: NoiseOptions = {
    pattern: "NXpsk0+psk2",
    role: "initiator",
    prologue: nothing,
    psks: [key(1)],
    ephemeral: key(2),
  };
  const responder = (changes: Partial<NoiseOptions> = {}): NoiseHandshake =>
    new NoiseHandshake({ ...options, role: "responder", ephemeral: key(3), staticKey: key(4), ...changes });

  it("refuses to write or read out of turn, or to split early", () => {
    const initiator = new NoiseHandshake(options);
    expect(() => initiator.readMessage(nothing)).toThrow(NoiseError);
    expect(() => responder().writeMessage(nothing)).toThrow(NoiseError);
    initiator.writeMessage(nothing);
    expect(() => initiator.writeMessage(nothing)).toThrow(NoiseError);
    expect(() => initiator.split()).toThrow(NoiseError);
  });

  it("refuses another prologue, another psk, and a missing psk", () => {
    const message = (): Uint8Array => new NoiseHandshake(options).writeMessage(nothing);
    expect(responder().readMessage(message())).toEqual(nothing);
    expect(() => responder({ prologue: key(9) }).readMessage(message())).toThrow(NoiseError);
    expect(() => responder({ psks: [key(9)] }).readMessage(message())).toThrow(NoiseError);
    expect(() => responder({ psks: [] }).readMessage(message())).toThrow(NoiseError);
  });

  it("refuses cut messages", () => {
    const message = new NoiseHandshake(options).writeMessage(nothing);
    for (let length = 0; length < message.length; length += 1) {
      expect(() => responder().readMessage(message.subarray(0, length))).toThrow(NoiseError);
    }
  });

  it("refuses a remote key whose shared secret is all zeros", () => {
    const initiator = new NoiseHandshake({ ...options, pattern: "NN", psks: [] });
    initiator.writeMessage(nothing);
    expect(() => initiator.readMessage(new Uint8Array(48))).toThrow(NoiseError);
  });

  it("does nothing more once wiped, and leaves its caller's keys alone", () => {
    const psk = key(1);
    const initiator = new NoiseHandshake({ ...options, psks: [psk] });
    initiator.wipe();
    expect(psk).toEqual(key(1));
    expect(() => initiator.writeMessage(nothing)).toThrow(NoiseError);
    expect(() => initiator.split()).toThrow(NoiseError);
  });

  it("tells the initiator the responder's static key", () => {
    const initiator = new NoiseHandshake(options);
    const other = responder();
    other.readMessage(initiator.writeMessage(nothing));
    for (const end of [initiator, other]) end.addPsk(key(5));
    expect(initiator.readMessage(other.writeMessage(key(6)))).toEqual(key(6));
    expect(initiator.remoteStatic).toEqual(x25519.getPublicKey(key(4)));
  });

  it("knows only its patterns", () => {
    for (const pattern of ["XX", "", "NNpsk3", "NNfallback"]) {
      expect(() => new NoiseHandshake({ ...options, pattern })).toThrow(NoiseError);
    }
  });
});
