// What went wrong, for the layers above. Mirrors docs/protocol.md section 11: a code for the page to explain,
// never a detail for the wire.

/** `code` is stable; the message is for whoever debugs and holds nothing secret. */
export class ProtocolError<Code extends string> extends Error {
  readonly code: Code;

  constructor(code: Code) {
    super(code);
    this.code = code;
  }
}
