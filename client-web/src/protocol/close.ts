// Why a socket ended. Mirrors docs/protocol.md section 5, the table of close codes.

export const CLOSE = {
  done: 1000,
  going_away: 1001,
  not_websocket: 1002,
  malformed: 4000,
  too_slow: 4001,
  silent: 4002,
  crowded: 4003,
  unknown_service: 4010,
  not_ready: 4011,
  link_refused: 4012,
  link_expired: 4013,
  link_spent: 4014,
  link_open_elsewhere: 4015,
  certificate_refused: 4020,
  certificate_expired: 4021,
  sign_in_refused: 4022,
  statement_refused: 4023,
  revocations_refused: 4024,
  puzzle_refused: 4025,
  slip_refused: 4026,
  peer_left: 4030,
  seat_gone: 4031,
  rejoined_elsewhere: 4032,
} as const;

export type CloseName = keyof typeof CLOSE;

/** Undefined for a code of nobody's table, such as 1006: the socket broke without a close frame. */
export function closeName(code: number): CloseName | undefined {
  return Object.keys(CLOSE)
    .filter(isCloseName)
    .find((name) => CLOSE[name] === code);
}

function isCloseName(name: string): name is CloseName {
  return name in CLOSE;
}
