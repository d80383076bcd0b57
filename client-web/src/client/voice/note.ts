// A voice note while it is made: samples of the device's in, what is sent out. Beside it, what the other end will hear,
// so that the person can listen to just that.

import { VOICE_BYTES_PER_SECOND, VOICE_SECONDS_MAX } from "../../protocol/file.ts";
import { clamp, Encoder } from "./adpcm.ts";
import { Resampler } from "./resampler.ts";

const BYTES_MAX = VOICE_SECONDS_MAX * VOICE_BYTES_PER_SECOND;
const FULL_SCALE = 32_768;

export interface Recorded {
  /** As it is sent. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** From −1 to 1. */
  readonly samples: Float32Array<ArrayBuffer>;
}

export class Note {
  readonly #resampler: Resampler;
  readonly #encoder = new Encoder();
  // Made once, so that nothing of it is ever moved.
  readonly #bytes = new Uint8Array(BYTES_MAX);
  readonly #samples = new Float32Array(2 * BYTES_MAX);
  #count = 0;

  constructor(inputPerSecond: number) {
    this.#resampler = new Resampler(inputPerSecond);
  }

  get isFull(): boolean {
    return this.#count === this.#samples.length;
  }

  /** Whole ones. */
  get seconds(): number {
    return Math.floor(this.#count / (2 * VOICE_BYTES_PER_SECOND));
  }

  /** What does not fit any more is dropped. */
  add(input: Float32Array): void {
    this.#resampler.add(input, (sample) => this.#take(sample));
  }

  /** Half a byte at the end is left out. */
  finish(): Recorded {
    const length = this.#count >> 1;
    const recorded = {
      bytes: this.#bytes.slice(0, length),
      samples: this.#samples.slice(0, 2 * length),
    };
    this.wipe();
    return recorded;
  }

  wipe(): void {
    this.#resampler.wipe();
    this.#bytes.fill(0);
    this.#samples.fill(0);
    this.#count = 0;
  }

  #take(sample: number): void {
    if (this.isFull) return;
    const code = this.#encoder.encode(clamp(Math.round(sample * FULL_SCALE), -FULL_SCALE, FULL_SCALE - 1));
    const at = this.#count >> 1;
    // The earlier of both in the lower half.
    this.#bytes[at] = (this.#bytes[at] ?? 0) | (this.#count % 2 === 0 ? code : code << 4);
    this.#samples[this.#count] = this.#encoder.sample / FULL_SCALE;
    this.#count += 1;
  }
}
