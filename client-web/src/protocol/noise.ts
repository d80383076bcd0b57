// A small Noise core: one-way-authenticated patterns with pre-shared keys over 25519, ChaChaPoly, BLAKE2s.
// Mirrors docs/protocol.md section 7 and the Noise specification, revision 34, sections 5 and 9.

import { x25519 } from "@noble/curves/ed25519.js";
import { open, seal, TAG_SIZE } from "./aead.ts";
import { type Bytes, concat, encodeUtf8, Reader, wipe } from "./bytes.ts";
import { HASH_SIZE, hash, hkdf } from "./hash.ts";

export const KEY_SIZE = 32;
const NOTHING = new Uint8Array(0);

/** A message that does not open, or a state used out of turn. */
export class NoiseError extends Error {}

const TOKENS = ["e", "s", "ee", "es", "psk"] as const;
type Token = (typeof TOKENS)[number];

interface Pattern {
  readonly responderKnown: boolean;
  readonly messages: readonly (readonly Token[])[];
}

/** Section 7.4, each message as its tokens are written there. */
const BASE_PATTERNS = new Map([
  ["NN", { responderKnown: false, messages: ["e", "e ee"] }],
  ["NK", { responderKnown: true, messages: ["e es", "e ee"] }],
  ["NX", { responderKnown: false, messages: ["e", "e ee s es"] }],
]);

/** `psk0` opens the first message, `pskN` closes the Nth (section 9.4). */
function parsePattern(name: string): Pattern {
  const base = BASE_PATTERNS.get(name.slice(0, 2));
  if (base === undefined) throw new NoiseError("unknown pattern");
  const messages = base.messages.map((text) => text.split(" ").map(tokenOf));
  for (const modifier of name.slice(2).split("+").filter(Boolean)) {
    const position = /^psk([0-2])$/.exec(modifier)?.[1];
    if (position === "0") messages[0]?.unshift("psk");
    else if (position !== undefined) messages[Number(position) - 1]?.push("psk");
    else throw new NoiseError("unknown modifier");
  }
  return { responderKnown: base.responderKnown, messages };
}

function tokenOf(text: string): Token {
  const token = TOKENS.find((known) => known === text);
  if (token === undefined) throw new NoiseError("unknown token");
  return token;
}

/** Section 5.2, with the cipher state of section 5.1 inside. */
class SymmetricState {
  #chainingKey: Bytes;
  #hash: Bytes;
  #key: Bytes | undefined;
  #nonce = 0n;

  constructor(protocolName: string) {
    // All names of this suite are longer than a hash, so the shorter case of section 5.2 never arises.
    this.#hash = hash(encodeUtf8(protocolName));
    this.#chainingKey = this.#hash.slice();
  }

  get handshakeHash(): Bytes {
    return this.#hash.slice();
  }

  get hasKey(): boolean {
    return this.#key !== undefined;
  }

  mixHash(data: Uint8Array): void {
    this.#hash = hash(concat(this.#hash, data));
  }

  mixKey(secret: Uint8Array): void {
    const [chainingKey, key] = this.#derive(secret);
    this.#rekey(chainingKey, key);
  }

  mixKeyAndHash(secret: Uint8Array): void {
    const [chainingKey, mixed, key] = this.#derive(secret);
    this.mixHash(mixed);
    this.#rekey(chainingKey, key);
  }

  encryptAndHash(plaintext: Uint8Array): Bytes {
    const sealed = this.#key ? seal(this.#key, this.#nonce, plaintext, this.#hash) : concat(plaintext);
    if (this.#key) this.#nonce += 1n;
    this.mixHash(sealed);
    return sealed;
  }

  decryptAndHash(sealed: Uint8Array): Bytes {
    const plaintext = this.#key ? open(this.#key, this.#nonce, sealed, this.#hash) : concat(sealed);
    if (this.#key) this.#nonce += 1n;
    this.mixHash(sealed);
    return plaintext;
  }

  split(): readonly [Bytes, Bytes] {
    const [k1, k2] = this.#derive(NOTHING);
    return [k1, k2];
  }

  wipe(): void {
    wipe(this.#chainingKey, this.#hash, this.#key ?? NOTHING);
  }

  /**
   * Noise's HKDF (section 4.3) is RFC 5869 with the chaining key as salt and no info. The first outputs are the
   * same however many are taken, so one size does for all.
   */
  #derive(secret: Uint8Array): readonly [Bytes, Bytes, Bytes] {
    const derived = hkdf(this.#chainingKey, secret, NOTHING, 3 * HASH_SIZE);
    const reader = new Reader(derived);
    const outputs = [reader.take(HASH_SIZE), reader.take(HASH_SIZE), reader.take(HASH_SIZE)] as const;
    wipe(derived);
    return outputs;
  }

  #rekey(chainingKey: Bytes, key: Bytes): void {
    wipe(this.#chainingKey, this.#key ?? NOTHING);
    this.#chainingKey = chainingKey;
    this.#key = key;
    this.#nonce = 0n;
  }
}

export interface NoiseOptions {
  /** Such as `NXpsk0+psk2`. */
  readonly pattern: string;
  readonly role: "initiator" | "responder";
  readonly prologue: Uint8Array;
  /** In the order of the pattern's `psk` tokens; `addPsk` brings those that are not known yet. */
  readonly psks: readonly Uint8Array[];
  /** Private keys. The state copies and later wipes them; the caller's arrays are the caller's. */
  readonly ephemeral: Uint8Array;
  readonly staticKey?: Uint8Array;
  readonly remoteStatic?: Uint8Array;
}

export interface NoiseResult {
  readonly handshakeHash: Bytes;
  /** What the initiator sends with. */
  readonly k1: Bytes;
  /** What the responder sends with. */
  readonly k2: Bytes;
}

/** Section 5.3. Any failure ends it: a state that threw must be wiped and not be used again. */
export class NoiseHandshake {
  readonly #pattern: Pattern;
  readonly #symmetric: SymmetricState;
  readonly #isInitiator: boolean;
  readonly #hasPsks: boolean;
  readonly #psks: Bytes[];
  readonly #ephemeral: Bytes;
  readonly #static: Bytes | undefined;
  #remoteEphemeral: Bytes | undefined;
  #remoteStatic: Bytes | undefined;
  #messagesDone = 0;

  constructor(options: NoiseOptions) {
    this.#pattern = parsePattern(options.pattern);
    this.#symmetric = new SymmetricState(`Noise_${options.pattern}_25519_ChaChaPoly_BLAKE2s`);
    this.#isInitiator = options.role === "initiator";
    this.#hasPsks = options.pattern.includes("psk");
    this.#psks = options.psks.map((psk) => concat(psk));
    this.#ephemeral = concat(options.ephemeral);
    this.#static = options.staticKey && concat(options.staticKey);
    this.#remoteStatic = options.remoteStatic && concat(options.remoteStatic);

    this.#symmetric.mixHash(options.prologue);
    if (this.#pattern.responderKnown) this.#symmetric.mixHash(this.#responderStaticPublic());
  }

  get remoteStatic(): Bytes | undefined {
    return this.#remoteStatic;
  }

  addPsk(psk: Uint8Array): void {
    this.#psks.push(concat(psk));
  }

  writeMessage(payload: Uint8Array): Bytes {
    const parts = this.#tokensOf("write").map((token) => this.#write(token));
    parts.push(this.#symmetric.encryptAndHash(payload));
    return concat(...parts);
  }

  readMessage(message: Uint8Array): Bytes {
    const reader = new Reader(message);
    let length = message.length;
    try {
      for (const token of this.#tokensOf("read")) length -= this.#read(token, reader);
      return this.#symmetric.decryptAndHash(reader.take(length));
    } catch {
      throw new NoiseError("message does not open");
    }
  }

  split(): NoiseResult {
    if (this.#messagesDone !== this.#pattern.messages.length) throw new NoiseError("handshake not finished");
    const [k1, k2] = this.#symmetric.split();
    return { handshakeHash: this.#symmetric.handshakeHash, k1, k2 };
  }

  wipe(): void {
    wipe(this.#ephemeral, this.#static ?? NOTHING, ...this.#psks);
    this.#symmetric.wipe();
    this.#messagesDone = Number.POSITIVE_INFINITY;
  }

  /** The initiator writes the even messages and reads the odd ones. */
  #tokensOf(action: "write" | "read"): readonly Token[] {
    const initiatorWrites = this.#messagesDone % 2 === 0;
    const tokens = this.#pattern.messages[this.#messagesDone];
    if (tokens === undefined || (initiatorWrites === this.#isInitiator) !== (action === "write")) {
      throw new NoiseError("out of turn");
    }
    this.#messagesDone += 1;
    return tokens;
  }

  #write(token: Token): Bytes {
    switch (token) {
      case "e": {
        const ephemeralPublic = x25519.getPublicKey(this.#ephemeral);
        this.#mixEphemeral(ephemeralPublic);
        return ephemeralPublic;
      }
      case "s":
        return this.#symmetric.encryptAndHash(x25519.getPublicKey(this.#need(this.#static)));
      default:
        this.#mix(token);
        return NOTHING;
    }
  }

  /** Returns how many bytes of the message the token took. */
  #read(token: Token, reader: Reader): number {
    switch (token) {
      case "e":
        this.#remoteEphemeral = reader.take(KEY_SIZE);
        this.#mixEphemeral(this.#remoteEphemeral);
        return KEY_SIZE;
      case "s": {
        const length = this.#symmetric.hasKey ? KEY_SIZE + TAG_SIZE : KEY_SIZE;
        this.#remoteStatic = this.#symmetric.decryptAndHash(reader.take(length));
        return length;
      }
      default:
        this.#mix(token);
        return 0;
    }
  }

  /** With pre-shared keys the ephemeral is also mixed as a key, lest a key repeat (section 9.2). */
  #mixEphemeral(ephemeralPublic: Uint8Array): void {
    this.#symmetric.mixHash(ephemeralPublic);
    if (this.#hasPsks) this.#symmetric.mixKey(ephemeralPublic);
  }

  #mix(token: "ee" | "es" | "psk"): void {
    if (token === "psk") {
      const psk = this.#need(this.#psks.shift());
      this.#symmetric.mixKeyAndHash(psk);
      wipe(psk);
      return;
    }
    const useStatic = token === "es";
    const ours = useStatic && !this.#isInitiator ? this.#static : this.#ephemeral;
    const theirs = useStatic && this.#isInitiator ? this.#remoteStatic : this.#remoteEphemeral;
    // noble refuses the keys whose shared secret would be all zeros.
    const shared = x25519.getSharedSecret(this.#need(ours), this.#need(theirs));
    this.#symmetric.mixKey(shared);
    wipe(shared);
  }

  #responderStaticPublic(): Bytes {
    return this.#isInitiator ? this.#need(this.#remoteStatic) : x25519.getPublicKey(this.#need(this.#static));
  }

  #need(key: Bytes | undefined): Bytes {
    if (key === undefined || key.length !== KEY_SIZE) throw new NoiseError("a key is missing");
    return key;
  }
}
