// Makes 16,000 samples a second of however many the device gives. What is too high to be in so few is left out first
// (a sinc under a Hann window), or it would come back as a sound that nobody made.

export const SAMPLES_PER_SECOND = 16_000;

/** To each side of a sample: more are sharper and slower. */
const LOBES = 16;
/** Of what could be kept; above it the filter falls. */
const KEPT_SHARE = 0.92;

export class Resampler {
  /** One set of weights for each place that a sample can have between two of the device's. */
  readonly #weights: readonly Float32Array[];
  /** So many steps of the finer of both clocks are between two samples of the device's, and of ours. */
  readonly #perInput: number;
  readonly #perOutput: number;
  readonly #width: number;
  /** The last ones, twice, so that they always stand in a row. */
  readonly #past: Float32Array;
  #at = 0;
  #ahead = 0;

  constructor(inputPerSecond: number) {
    const divisor = commonDivisor(Math.round(inputPerSecond), SAMPLES_PER_SECOND);
    this.#perInput = SAMPLES_PER_SECOND / divisor;
    this.#perOutput = Math.round(inputPerSecond) / divisor;
    const slower = Math.max(1, this.#perOutput / this.#perInput);
    const half = Math.ceil(LOBES * slower);
    this.#width = 2 * half;
    this.#past = new Float32Array(2 * this.#width);
    const places = Array.from({ length: this.#perInput }, (_, place) => place / this.#perInput);
    this.#weights = places.map((place) =>
      Float32Array.from({ length: this.#width }, (_, tap) => weight(tap + 1 - half - place, half, slower)),
    );
  }

  /** Gives each sample that is due to `take`. */
  add(input: Float32Array, take: (sample: number) => void): void {
    for (const sample of input) {
      this.#past[this.#at] = sample;
      this.#past[this.#at + this.#width] = sample;
      this.#at = (this.#at + 1) % this.#width;
      for (; this.#ahead < this.#perInput; this.#ahead += this.#perOutput) take(this.#between(this.#ahead));
      this.#ahead -= this.#perInput;
    }
  }

  wipe(): void {
    this.#past.fill(0);
  }

  #between(place: number): number {
    const weights = this.#weights[place];
    let sum = 0;
    for (let tap = 0; tap < this.#width; tap += 1)
      sum += (this.#past[this.#at + tap] ?? 0) * (weights?.[tap] ?? 0);
    return sum;
  }
}

/** Of a sample that is so far from the middle, in samples of the device's. */
function weight(distance: number, half: number, slower: number): number {
  const share = KEPT_SHARE / slower;
  const angle = Math.PI * distance * share;
  const sinc = angle === 0 ? 1 : Math.sin(angle) / angle;
  return share * sinc * (0.5 + 0.5 * Math.cos((Math.PI * distance) / half));
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
