// What went wrong, for the layers above. Mirrors docs/protocol.md section 12: a code for the page to explain,
// never a detail for the wire.

/** `code` is stable; the message is for whoever debugs and holds nothing secret. */
export class ProtocolError<Code extends string> extends Error {
  readonly code: Code;

  constructor(code: Code) {
    super(code);
    this.code = code;
  }
}

/**
 * `refused`: the cell's seal is broken, and the session is as it was. All others that `openCell` throws end it:
 * `malformed`: the peer broke a rule. `answer_refused`: the worker did not prove who it is when keys were renewed.
 * Of our own doing: `full`: the queue has no room now. `closed`: no record follows a `close`. `out_of_turn`: a
 * record that this side may not send, or not now. `ended`: the session was wiped.
 */
export class SessionError extends ProtocolError<
  "refused" | "malformed" | "answer_refused" | "full" | "closed" | "out_of_turn" | "ended"
> {}
