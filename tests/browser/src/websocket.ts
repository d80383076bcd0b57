// Enough of RFC 6455 to read a recorded socket back, one direction at a time.

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface Frame {
  readonly opcode: number;
  readonly isFinal: boolean;
  readonly isMasked: boolean;
  readonly isPlain: boolean;
  readonly payload: Buffer;
}

/** Takes bytes as they come and gives whole frames. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  /** Bytes of a frame that is not whole yet. */
  get leftover(): Buffer {
    return this.#rest;
  }

  push(bytes: Buffer): readonly Frame[] {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    const frames: Frame[] = [];
    for (;;) {
      const read = readFrame(this.#rest);
      if (read === undefined) return frames;
      frames.push(read.frame);
      this.#rest = this.#rest.subarray(read.length);
    }
  }
}

function readFrame(bytes: Buffer): { frame: Frame; length: number } | undefined {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return undefined;
  const short = second & 0x7f;
  const lengthBytes = short === 127 ? 8 : short === 126 ? 2 : 0;
  const isMasked = (second & 0x80) !== 0;
  const head = 2 + lengthBytes + (isMasked ? 4 : 0);
  if (bytes.length < head) return undefined;
  const payloadLength =
    lengthBytes === 8 ? Number(bytes.readBigUInt64BE(2)) : lengthBytes === 2 ? bytes.readUInt16BE(2) : short;
  if (bytes.length < head + payloadLength) return undefined;
  const payload = Buffer.from(bytes.subarray(head, head + payloadLength));
  if (isMasked) unmask(payload, bytes.subarray(head - 4, head));
  const frame = {
    opcode: first & 0x0f,
    isFinal: (first & 0x80) !== 0,
    isMasked,
    isPlain: (first & 0x70) === 0,
    payload,
  };
  return { frame, length: head + payloadLength };
}

function unmask(payload: Buffer, mask: Buffer): void {
  for (let at = 0; at < payload.length; at += 1) {
    payload.writeUInt8(payload.readUInt8(at) ^ mask.readUInt8(at % 4), at);
  }
}
