// What the end of a socket means for a person who waits: one meaning for every close code of docs/protocol.md
// section 5. While a consultation runs it means nothing: the consultation rejoins.

import { type CloseName, closeName } from "../protocol/close.ts";

/**
 * `lost` and `nobody` are tried again by the page itself until an advisor is there. The rest end the visit; of
 * these, `crowded` and `link-open-elsewhere` leave a button to try again.
 */
export type Closing =
  | "lost"
  | "nobody"
  | "broken"
  | "crowded"
  | "service-unknown"
  | "link-refused"
  | "link-expired"
  | "link-spent"
  | "link-open-elsewhere";

export const closings: Readonly<Record<CloseName, Closing>> = {
  // A relay forwards the end of the other socket. A real end has been said inside a cell before.
  done: "lost",
  going_away: "lost",
  too_slow: "lost",
  silent: "lost",
  peer_left: "lost",

  not_websocket: "broken",
  malformed: "broken",

  crowded: "crowded",
  unknown_service: "service-unknown",
  not_ready: "nobody",
  link_refused: "link-refused",
  link_expired: "link-expired",
  link_spent: "link-spent",
  link_open_elsewhere: "link-open-elsewhere",

  // This page has solved what it sends.
  puzzle_refused: "broken",

  // Meant for workers, or for a consultation that runs: a relay that says them to who waits is broken.
  certificate_refused: "broken",
  certificate_expired: "broken",
  sign_in_refused: "broken",
  statement_refused: "broken",
  revocations_refused: "broken",
  slip_refused: "broken",
  seat_gone: "broken",
  rejoined_elsewhere: "broken",
};

/** Browsers report 1006 for a socket that broke without a word: no code of the table. */
export function closingOf(code: number): Closing {
  const name = closeName(code);
  return name === undefined ? "lost" : closings[name];
}
