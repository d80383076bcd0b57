// For tests alone: a sound with what makes speech hard to write in few bits. A voice that glides, three formants that
// wander, a hiss, and silence between them. The same numbers every time.

import { SAMPLES_PER_SECOND } from "./resampler.ts";

const FORMANTS = [
  [700, 300, 90],
  [1_200, 800, 110],
  [2_600, 400, 160],
] as const;
const THROAT_SHARE = 0.15;

/** Samples of sixteen bits. */
export function speech(seconds: number): Int16Array {
  const voice = new Resonators();
  let phase = 0;
  let seed = 1;
  let opening = 0;
  let throat = 0;
  return Int16Array.from({ length: seconds * SAMPLES_PER_SECOND }, (_, at) => {
    const time = at / SAMPLES_PER_SECOND;
    const syllable = (time * 4) % 1;
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    const hiss = seed / 2 ** 31 - 1;
    phase += (120 + 40 * Math.sin(2 * Math.PI * time * 1.5)) / SAMPLES_PER_SECOND;
    const isPulse = phase >= 1;
    phase %= 1;
    // A vowel, then a consonant, then nothing.
    const pulse = syllable < 0.6 && isPulse ? 1 : 0;
    const breath = syllable < 0.6 ? 0.0005 : syllable < 0.8 ? 0.01 : 0;
    // A throat opens and closes softly: its pulses are rounded, twice.
    opening += (pulse - opening) * THROAT_SHARE;
    throat += (opening - throat) * THROAT_SHARE;
    return Math.round(voice.next(throat + hiss * breath, Math.sin(2 * Math.PI * time * 2)) * 4_000);
  });
}

class Resonators {
  readonly #past = FORMANTS.map(() => [0, 0] as [number, number]);

  next(source: number, shift: number): number {
    let sum = 0;
    for (const [index, [middle, spread, width]] of FORMANTS.entries()) {
      const past = this.#past[index] ?? [0, 0];
      const radius = Math.exp((-Math.PI * width) / SAMPLES_PER_SECOND);
      const angle = (2 * Math.PI * (middle + spread * shift)) / SAMPLES_PER_SECOND;
      const now = source + 2 * radius * Math.cos(angle) * past[0] - radius * radius * past[1];
      this.#past[index] = [now, past[0]];
      sum += now;
    }
    return sum;
  }
}
