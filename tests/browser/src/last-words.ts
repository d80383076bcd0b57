// How a line ends, as whoever watches the wire sees it.

import type { RecordedConnection } from "./recorder.ts";
import { waitFor } from "./wait.ts";
import { OPCODE } from "./websocket.ts";

/** What browsers say for any page that is gone, killed ones too: a close frame of "going away", and nothing else. */
export const torn = [`${OPCODE.close} ${Buffer.from([1_001 >> 8, 1_001 & 0xff]).toString("hex")}`];

/**
 * What a line carried to the relay from a moment until it ended. A browser itself answers the relay's pings
 * for as long as a page stands.
 */
export async function lastWords(wire: RecordedConnection, since: number): Promise<readonly string[]> {
  await waitFor("the line to end", () => (wire.isOpen ? undefined : true));
  if (wire.leftover > 0) throw new Error("the line ended within a frame");
  return wire.frames
    .filter(({ direction, opcode, at }) => direction === "to-relay" && opcode !== OPCODE.pong && at > since)
    .map(({ opcode, payload }) => `${opcode} ${payload.toString("hex")}`);
}
