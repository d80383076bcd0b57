// The frame table of docs/protocol.md section 5, written down here a second time on purpose: a recording is
// judged by the specification, not by the code that made it.

import type { Direction } from "./recorder.ts";

export const CELL_SIZE = 1_024;

export type SocketPath = "/ws/client" | "/ws/duty" | "/ws/seat" | "/ws/rejoin";

interface Row {
  readonly type: number;
  readonly name: string;
  readonly path: SocketPath;
  readonly direction: Direction;
  readonly bodySize: number;
}

const TABLE: readonly Row[] = [
  { type: 0x01, name: "relay_time", path: "/ws/client", direction: "from-relay", bodySize: 4 },
  { type: 0x02, name: "open", path: "/ws/client", direction: "to-relay", bodySize: 32 + 85 + 2_048 },
  { type: 0x03, name: "waiting", path: "/ws/client", direction: "from-relay", bodySize: 1 },
  { type: 0x04, name: "matched", path: "/ws/client", direction: "from-relay", bodySize: 0 },
  { type: 0x05, name: "puzzle", path: "/ws/client", direction: "from-relay", bodySize: 16 + 1 },
  { type: 0x06, name: "solution", path: "/ws/client", direction: "to-relay", bodySize: 8 },
  { type: 0x10, name: "challenge", path: "/ws/duty", direction: "from-relay", bodySize: 4 + 32 },
  { type: 0x11, name: "sign_in", path: "/ws/duty", direction: "to-relay", bodySize: 32 + 132 + 32 },
  { type: 0x12, name: "signed_in", path: "/ws/duty", direction: "from-relay", bodySize: 0 },
  { type: 0x13, name: "epoch_statement", path: "/ws/duty", direction: "to-relay", bodySize: 100 },
  { type: 0x14, name: "offer", path: "/ws/duty", direction: "from-relay", bodySize: 8 + 2 + 21 + 2_048 },
  { type: 0x15, name: "withdrawn", path: "/ws/duty", direction: "from-relay", bodySize: 8 + 1 },
  { type: 0x16, name: "accept", path: "/ws/duty", direction: "to-relay", bodySize: 8 },
  { type: 0x17, name: "granted", path: "/ws/duty", direction: "from-relay", bodySize: 8 + 16 },
  { type: 0x18, name: "decline", path: "/ws/duty", direction: "to-relay", bodySize: 8 + 1 },
  { type: 0x19, name: "revoke", path: "/ws/duty", direction: "to-relay", bodySize: 32 + 4_425 },
  { type: 0x1a, name: "revocations", path: "/ws/duty", direction: "from-relay", bodySize: 4_425 },
  { type: 0x20, name: "take_seat", path: "/ws/seat", direction: "to-relay", bodySize: 16 },
  { type: 0x21, name: "seated", path: "/ws/seat", direction: "from-relay", bodySize: 0 },
  { type: 0x28, name: "rejoin", path: "/ws/rejoin", direction: "to-relay", bodySize: 1 + 32 },
  { type: 0x29, name: "alone", path: "/ws/rejoin", direction: "from-relay", bodySize: 0 },
  { type: 0x2a, name: "joined", path: "/ws/rejoin", direction: "from-relay", bodySize: 0 },
  { type: 0x30, name: "colleague", path: "/ws/duty", direction: "from-relay", bodySize: 8 + 132 },
  { type: 0x31, name: "colleague_left", path: "/ws/duty", direction: "from-relay", bodySize: 8 },
  { type: 0x32, name: "whisper", path: "/ws/duty", direction: "to-relay", bodySize: 8 + 1_024 },
  { type: 0x33, name: "whispered", path: "/ws/duty", direction: "from-relay", bodySize: 8 + 1_024 },
];

/** After this frame the socket is matched. */
const MATCHES: Readonly<Record<SocketPath, string | undefined>> = {
  "/ws/client": "matched",
  "/ws/duty": undefined,
  "/ws/seat": "seated",
  "/ws/rejoin": "joined",
};

export function isSocketPath(path: string): path is SocketPath {
  return path in MATCHES;
}

export interface Message {
  readonly direction: Direction;
  readonly payload: Buffer;
}

/** The name of each message, `cell` once matched; throws at the first that the table does not know. */
export function readMessages(path: SocketPath, messages: readonly Message[]): readonly string[] {
  let isMatched = false;
  return messages.map(({ direction, payload }, at) => {
    const where = `message ${at} ${direction} on ${path}, ${payload.length} bytes`;
    if (isMatched) {
      if (payload.length !== CELL_SIZE) throw new Error(`${where}: not a cell`);
      return "cell";
    }
    const row = TABLE.find((one) => one.type === payload[0]);
    if (row === undefined) throw new Error(`${where}: type ${payload[0]} is not in the table`);
    if (row.path !== path || row.direction !== direction)
      throw new Error(`${where}: ${row.name} has no place here`);
    if (payload.length !== 1 + row.bodySize) throw new Error(`${where}: wrong size for ${row.name}`);
    isMatched = row.name === MATCHES[path];
    return row.name;
  });
}
