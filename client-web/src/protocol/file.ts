// A file as it is sent: how long it looks, and its parts. Mirrors docs/protocol.md section 10 ("files").

import { type Bytes, concat, uint16, wipe } from "./bytes.ts";

export const FILE_MAX_BYTES = 10_485_760;
/** A voice note is as long as its sound: its size says how long it lasts. */
export const VOICE_BYTES_PER_SECOND = 8_000;
export const VOICE_SECONDS_MAX = 60;
const VOICE_MAX_BYTES = VOICE_SECONDS_MAX * VOICE_BYTES_PER_SECOND;
/** With its head a part fills sixteen cells. */
export const FILE_PART_BYTES = 15_678;

/** In the order of their numbers on the wire, from 1. */
export const FILE_KINDS = ["jpeg", "png", "webp", "pdf", "voice"] as const;
export type FileKind = (typeof FILE_KINDS)[number];

export interface FileOffer {
  /** The how-manieth of the session, from 1. */
  readonly file: number;
  readonly kind: FileKind;
  /** In bytes, without what pads it. */
  readonly size: number;
}

/** Whether something of this kind may be so long. */
export function isFileSize(kind: FileKind, size: number): boolean {
  return size > 0 && size <= (kind === "voice" ? VOICE_MAX_BYTES : FILE_MAX_BYTES);
}

/** A length that tells less than its own (Padmé: Nikitin et al., PoPETs 2019, section 4). */
export function paddedSize(size: number): number {
  const exponent = 31 - Math.clz32(size);
  const unit = 2 ** (exponent - (32 - Math.clz32(exponent)));
  return exponent === 0 ? size : Math.ceil(size / unit) * unit;
}

/** A file on its way out, cut into parts when their turn comes. */
export class OutgoingFile {
  readonly #file: number;
  readonly #content: Bytes;
  readonly #paddedSize: number;
  #cut = 0;
  #arrived = 0;

  /** Takes the content over. */
  constructor(file: number, content: Bytes) {
    this.#file = file;
    this.#content = content;
    this.#paddedSize = paddedSize(content.length);
  }

  get isCut(): boolean {
    return this.#cut >= this.#paddedSize;
  }

  /** From 0 to 1. */
  get arrivedShare(): number {
    return this.#arrived / this.#paddedSize;
  }

  /** The body of the next part. */
  nextPart(): Bytes {
    const length = Math.min(this.#paddedSize - this.#cut, FILE_PART_BYTES);
    const data = this.#content.subarray(this.#cut, this.#cut + length);
    this.#cut += length;
    return concat(uint16(this.#file), data, new Uint8Array(length - data.length));
  }

  /** A part with such a body has arrived. */
  partArrived(bodyLength: number): void {
    this.#arrived += bodyLength - 2;
  }

  wipe(): void {
    wipe(this.#content);
  }
}
