// How a voice note is written: four bits a sample, 16,000 samples a second, nothing else (docs/protocol.md section 10,
// "Voice notes"). The code is IMA ADPCM, whose decoder is in viewer/src/voice.rs.

/** By how much a sample may differ from the one before, in seven parts. */
const STEPS = [
  7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97,
  107, 118, 130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724,
  796, 876, 963, 1060, 1166, 1282, 1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660, 4026,
  4428, 4871, 5358, 5894, 6484, 7132, 7845, 8630, 9493, 10442, 11487, 12635, 13899, 15289, 16818, 18500,
  20350, 22385, 24623, 27086, 29794, 32767,
];
/** By three bits of a code. */
const STEP_CHANGES = [-1, -1, -1, -1, 2, 4, 6, 8];

export class Encoder {
  #sample = 0;
  #step = 0;

  /** What the other end will hear for the code that was made last. */
  get sample(): number {
    return this.#sample;
  }

  /** The code of a sample of sixteen bits. */
  encode(sample: number): number {
    const step = STEPS[this.#step] ?? 0;
    const isBelow = sample < this.#sample;
    let left = Math.abs(sample - this.#sample);
    let code = 0;
    // Each part as the decoder adds them, so that no error grows.
    let difference = step >> 3;
    for (const [bit, part] of [
      [4, step],
      [2, step >> 1],
      [1, step >> 2],
    ] as const) {
      if (left < part) continue;
      left -= part;
      code |= bit;
      difference += part;
    }
    this.#sample = clamp(this.#sample + (isBelow ? -difference : difference), -32_768, 32_767);
    this.#step = clamp(this.#step + (STEP_CHANGES[code] ?? 0), 0, STEPS.length - 1);
    return isBelow ? code | 8 : code;
  }
}

export function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
