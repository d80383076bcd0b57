// Frames: what a client and a relay say before they are matched or joined. Mirrors docs/protocol.md section 5;
// the workers' frames are left out.

import { type Bytes, concat, Reader, uint8, uint32 } from "./bytes.ts";
import { HANDSHAKE_CELLS_SIZE } from "./cell.ts";
import { ProtocolError } from "./errors.ts";
import { TOKEN_SIZE } from "./link.ts";
import { PUZZLE_BITS_MAX, PUZZLE_NONCE_SIZE, PUZZLE_SEED_SIZE } from "./puzzle.ts";

const TYPE_RELAY_TIME = 0x01;
const TYPE_OPEN = 0x02;
const TYPE_WAITING = 0x03;
const TYPE_MATCHED = 0x04;
const TYPE_PUZZLE = 0x05;
const TYPE_SOLUTION = 0x06;
const TYPE_REJOIN = 0x28;
const TYPE_ALONE = 0x29;
const TYPE_JOINED = 0x2a;

const SIDE_CLIENT = 1;
const SIDE_SIZE = 1;
const ROUTE_SIZE = 32;
const AUTHORITY_SIZE = 32;
const BODY_SIZE_BY_TYPE = new Map([
  [TYPE_RELAY_TIME, 4],
  [TYPE_OPEN, AUTHORITY_SIZE + TOKEN_SIZE + HANDSHAKE_CELLS_SIZE],
  [TYPE_WAITING, 1],
  [TYPE_MATCHED, 0],
  [TYPE_PUZZLE, PUZZLE_SEED_SIZE + 1],
  [TYPE_SOLUTION, PUZZLE_NONCE_SIZE],
  [TYPE_REJOIN, SIDE_SIZE + ROUTE_SIZE],
  [TYPE_ALONE, 0],
  [TYPE_JOINED, 0],
]);

const WAITS = ["now", "soon", "long", "nobody", "held"] as const;

/** How long it may take: now, soon, long; or nobody is on duty; or no conversation can begin just now. */
export type Wait = (typeof WAITS)[number];

export class FrameError extends ProtocolError<"malformed"> {}

export interface OpenFrame {
  readonly type: "open";
  readonly authority: Bytes;
  readonly token: Bytes;
  readonly opening: Bytes;
}

/** The sum that a crowded door asked for. */
export interface SolutionFrame {
  readonly type: "solution";
  readonly nonce: Bytes;
}

/** As the client's side; workers have one of their own. */
export interface RejoinFrame {
  readonly type: "rejoin";
  readonly route: Bytes;
}

export type FrameFromRelay =
  | { readonly type: "relay_time"; readonly time: number }
  | { readonly type: "waiting"; readonly wait: Wait }
  | { readonly type: "matched" }
  | { readonly type: "puzzle"; readonly seed: Bytes; readonly bits: number }
  | { readonly type: "alone" }
  | { readonly type: "joined" };

export type ClientFrame = OpenFrame | SolutionFrame | RejoinFrame | FrameFromRelay;

export function encodeFrame(frame: ClientFrame): Bytes {
  const bytes = encode(frame);
  if (!isSized(bytes)) throw new RangeError("a field of the frame has a wrong size");
  return bytes;
}

/** What a client reads. A relay that sends a client's frames breaks the table like one that sends noise. */
export function decodeFrameFromRelay(bytes: Uint8Array): FrameFromRelay {
  const frame = decodeFrame(bytes);
  switch (frame.type) {
    case "open":
    case "solution":
    case "rejoin":
      throw new FrameError("malformed");
    default:
      return frame;
  }
}

export function decodeFrame(bytes: Uint8Array): ClientFrame {
  if (!isSized(bytes)) throw new FrameError("malformed");
  const reader = new Reader(bytes);
  switch (reader.uint8()) {
    case TYPE_RELAY_TIME:
      return { type: "relay_time", time: reader.uint32() };
    case TYPE_OPEN:
      return {
        type: "open",
        authority: reader.take(AUTHORITY_SIZE),
        token: reader.take(TOKEN_SIZE),
        opening: reader.take(HANDSHAKE_CELLS_SIZE),
      };
    case TYPE_WAITING:
      return { type: "waiting", wait: waitOf(reader.uint8()) };
    case TYPE_MATCHED:
      return { type: "matched" };
    case TYPE_PUZZLE:
      return { type: "puzzle", seed: reader.take(PUZZLE_SEED_SIZE), bits: bitsOf(reader.uint8()) };
    case TYPE_SOLUTION:
      return { type: "solution", nonce: reader.take(PUZZLE_NONCE_SIZE) };
    case TYPE_REJOIN:
      if (reader.uint8() !== SIDE_CLIENT) throw new FrameError("malformed");
      return { type: "rejoin", route: reader.take(ROUTE_SIZE) };
    case TYPE_ALONE:
      return { type: "alone" };
    case TYPE_JOINED:
      return { type: "joined" };
    default:
      throw new FrameError("malformed");
  }
}

function encode(frame: ClientFrame): Bytes {
  switch (frame.type) {
    case "relay_time":
      return concat(uint8(TYPE_RELAY_TIME), uint32(frame.time));
    case "open":
      return concat(uint8(TYPE_OPEN), frame.authority, frame.token, frame.opening);
    case "waiting":
      return concat(uint8(TYPE_WAITING), uint8(WAITS.indexOf(frame.wait) + 1));
    case "matched":
      return uint8(TYPE_MATCHED);
    case "puzzle":
      return concat(uint8(TYPE_PUZZLE), frame.seed, uint8(frame.bits));
    case "solution":
      return concat(uint8(TYPE_SOLUTION), frame.nonce);
    case "rejoin":
      return concat(uint8(TYPE_REJOIN), uint8(SIDE_CLIENT), frame.route);
    case "alone":
      return uint8(TYPE_ALONE);
    case "joined":
      return uint8(TYPE_JOINED);
  }
}

/** The type fixes the size. */
function isSized(bytes: Uint8Array): boolean {
  const bodySize = BODY_SIZE_BY_TYPE.get(bytes[0] ?? 0);
  return bodySize !== undefined && bytes.length === 1 + bodySize;
}

function bitsOf(byte: number): number {
  if (byte < 1 || byte > PUZZLE_BITS_MAX) throw new FrameError("malformed");
  return byte;
}

function waitOf(byte: number): Wait {
  const wait = WAITS[byte - 1];
  if (wait === undefined) throw new FrameError("malformed");
  return wait;
}
