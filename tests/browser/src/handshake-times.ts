// How long a client's device computes until it has keys, as the wire shows it.

import { CELL_SIZE } from "./frames.ts";
import type { Recorder } from "./recorder.ts";
import { OPCODE } from "./websocket.ts";

export interface HandshakeTimes {
  readonly totalMs: number;
  readonly text: string;
}

/**
 * Of the newest client's line: from the relay's first word to the opening, and from the answer's second cell to the
 * first cell in reply. What a browser needs to deliver a message to its page is in it, and loopback.
 */
export function handshakeTimes(recorder: Recorder): HandshakeTimes {
  const frames = recorder
    .sockets("/ws/client")
    .at(-1)
    ?.frames.filter(({ opcode }) => opcode === OPCODE.binary);
  const [fromRelay, toRelay] = (["from-relay", "to-relay"] as const).map((direction) =>
    (frames ?? []).filter((frame) => frame.direction === direction),
  );
  const relayTime = fromRelay?.[0];
  const answered = fromRelay?.filter(({ payload }) => payload.length === CELL_SIZE)[1];
  const opening = toRelay?.[0];
  const reply = toRelay?.[1];
  if (!relayTime || !answered || !opening || !reply) throw new Error("no handshake was recorded");
  const [openingMs, answerMs] = [opening.at - relayTime.at, reply.at - answered.at];
  const totalMs = openingMs + answerMs;
  const rounded = [totalMs, openingMs, answerMs].map((ms) => Math.round(ms));
  return { totalMs, text: `${rounded[0]} ms (opening ${rounded[1]}, answer ${rounded[2]})` };
}
