// The worker's end: a program of the Rust crates (tests/src/bin/lossy-end.rs), which says there what stands on the
// pipe between us.

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type Bytes, concat, decodeUtf8, encodeUtf8, uint8, uint32, uint64 } from "../src/protocol/bytes.ts";
import type { AwaitingAnswer } from "../src/protocol/handshake.ts";
import type { Session } from "../src/protocol/session.ts";
import type { End, Happening, Outcome, Turn } from "./end.ts";

/** `cargo build -p vestibule-tests --bins` puts it there; VESTIBULE_BIN names another folder. */
const folder = process.env.VESTIBULE_BIN ?? fileURLToPath(new URL("../../target/debug", import.meta.url));
const program = path.join(folder, "lossy-end");

const BY_LINK = 1;
const BY_HAND_OVER = 2;
const EVENT = { join: 1, take: 2, say: 3, steady: 4, sparing: 5, offer: 6 } as const;
const NEWS = { cell: 1, text: 2, route: 3, closed: 4, carriedOver: 5 } as const;

/** What every worker of one course is told. */
export interface Setting {
  readonly seed: number;
  readonly startSeconds: number;
}

export class RustWorker implements End {
  readonly #pipe = new Pipe();
  /** How often the secrets have been renewed. */
  generation = 0;
  /** The client has closed. */
  isClosed = false;
  /** What a client that comes from another worker has received of that one. */
  carriedOver: bigint | undefined;
  #offered = new Uint8Array(0);

  /** Returns the link's text. */
  async issueLink({ seed, startSeconds }: Setting, origin: string): Promise<string> {
    const head = concat(uint8(BY_LINK), uint64(BigInt(seed)), uint32(startSeconds));
    return decodeUtf8(await this.#pipe.ask(concat(head, encodeUtf8(origin))));
  }

  /** Returns the certificate with which the client that another worker hands over will be answered. */
  async awaitHandOver({ seed, startSeconds }: Setting, secret: Bytes): Promise<Bytes> {
    const head = concat(uint8(BY_HAND_OVER), uint64(BigInt(seed)), uint32(startSeconds));
    return this.#pipe.ask(concat(head, secret));
  }

  /** Brings the opening here, the answer there, and the client's first cell here. */
  async shakeHands(awaiting: AwaitingAnswer, nowSeconds: number): Promise<Session> {
    const answer = await this.#pipe.ask(awaiting.opening);
    const { session } = awaiting.finish(answer, nowSeconds);
    const first = session.emptyCell();
    if (first === undefined) throw new Error("a new session has room for a cell");
    await this.#pipe.ask(first);
    return session;
  }

  /** Its next turn begins with the offer of another worker. */
  offer(secret: Bytes, certificate: Bytes): void {
    this.#offered = eventOf(EVENT.offer, concat(secret, certificate));
  }

  async turn({ at, isJoined, happenings }: Turn): Promise<Outcome> {
    const events = [this.#offered, ...happenings.map(written)];
    this.#offered = new Uint8Array(0);
    const head = Buffer.alloc(9);
    head.writeBigUInt64BE(BigInt(at));
    head.writeUInt8(isJoined ? 1 : 0, 8);
    return this.#read(await this.#pipe.ask(concat(head, ...events)));
  }

  /** Ends, and returns its words that have not arrived at a client that has everything below this number. */
  async leave(receivedBelow: bigint): Promise<string[]> {
    const texts = itemsOf(await this.#pipe.ask(uint64(receivedBelow)));
    await this.stop();
    return texts.map(({ body }) => decodeUtf8(body));
  }

  async stop(): Promise<void> {
    await this.#pipe.end();
  }

  #read(reply: Buffer): Outcome {
    this.generation = reply.readUInt32BE(16);
    const [cells, texts, routes]: [Bytes[], string[], Bytes[]] = [[], [], []];
    for (const { kind, body } of itemsOf(reply.subarray(22))) {
      if (kind === NEWS.cell) cells.push(body);
      else if (kind === NEWS.text) texts.push(decodeUtf8(body));
      else if (kind === NEWS.route) routes.push(body);
      else if (kind === NEWS.closed) this.isClosed = true;
      else if (kind === NEWS.carriedOver) this.carriedOver = Buffer.from(body).readBigUInt64BE();
      else throw new Error(`there is no news ${kind}`);
    }
    return {
      cells,
      texts,
      routes,
      wakesAt: Number(reply.readBigUInt64BE()),
      said: reply.readUInt32BE(8),
      delivered: reply.readUInt32BE(12),
      isNew: reply.readUInt8(20) === 1,
      refused: reply.readUInt8(21),
    };
  }
}

function written(happening: Happening): Bytes {
  switch (happening.type) {
    case "join":
      return eventOf(EVENT.join);
    case "take":
      return eventOf(EVENT.take, happening.cell);
    case "say":
      return eventOf(EVENT.say, encodeUtf8(happening.text));
    case "cover":
      return eventOf(EVENT[happening.cover]);
  }
}

function eventOf(kind: number, body: Uint8Array = new Uint8Array(0)): Bytes {
  return concat(uint8(kind), uint32(body.length), body);
}

/** `kind 1 ‖ length 4 ‖ body`, until nothing is left. */
function itemsOf(bytes: Buffer): { readonly kind: number; readonly body: Bytes }[] {
  const items = [];
  for (let at = 0; at < bytes.length; ) {
    const from = at + 5;
    const to = from + bytes.readUInt32BE(at + 1);
    items.push({ kind: bytes.readUInt8(at), body: Uint8Array.from(bytes.subarray(from, to)) });
    at = to;
  }
  return items;
}

/** One message there, one back: `length 4 ‖ body`. */
class Pipe {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #ended: Promise<void>;
  #received: Buffer[] = [];
  #errors = "";
  #isGone = false;
  #answer:
    | { readonly resolve: (body: Buffer<ArrayBuffer>) => void; readonly reject: (error: Error) => void }
    | undefined;

  constructor() {
    if (!existsSync(program))
      throw new Error(`There is no ${program}: cargo build -p vestibule-tests --bins`);
    this.#child = spawn(program, { stdio: "pipe" });
    this.#child.stdout.on("data", (part: Buffer) => this.#take(part));
    this.#child.stderr.on("data", (part: Buffer) => {
      this.#errors += part.toString();
    });
    // A program that is gone is reported when it closes, together with what it said.
    this.#child.stdin.on("error", () => undefined);
    this.#ended = new Promise((resolve) => {
      this.#child.on("close", () => {
        this.#isGone = true;
        this.#answer?.reject(this.#loss);
        resolve();
      });
    });
  }

  ask(body: Uint8Array): Promise<Buffer<ArrayBuffer>> {
    if (this.#isGone) return Promise.reject(this.#loss);
    this.#child.stdin.write(concat(uint32(body.length), body));
    return new Promise((resolve, reject) => {
      this.#answer = { resolve, reject };
    });
  }

  get #loss(): Error {
    return new Error(`the worker's end is gone: ${this.#errors}`);
  }

  async end(): Promise<void> {
    this.#child.stdin.end();
    await this.#ended;
  }

  #take(part: Buffer): void {
    this.#received.push(part);
    const received = this.#received.length === 1 ? part : Buffer.concat(this.#received);
    const isWhole = received.length >= 4 && received.length >= 4 + received.readUInt32BE();
    this.#received = isWhole ? [] : [received];
    if (isWhole) this.#answer?.resolve(Buffer.from(Uint8Array.from(received.subarray(4)).buffer));
  }
}
