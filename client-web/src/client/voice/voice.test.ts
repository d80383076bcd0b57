import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Encoder } from "./adpcm.ts";
import { Note, type Recorded } from "./note.ts";
import { Resampler, SAMPLES_PER_SECOND } from "./resampler.ts";
import { speech } from "./speech.ts";

/** Shared with the decoder: viewer/tests/viewer/voice.rs. */
const fixtures = new URL("../../../../viewer/tests/viewer/fixtures/", import.meta.url);
const said = new URL("speech.pcm", fixtures);
const written = new URL("speech.voice", fixtures);
/** The sum of the squares of all errors in it. The decoder's test knows the same. */
const ERROR_ENERGY = 208_013_483;

const SPEECH_SECONDS = 1;

function recorded(samples: Float32Array, inputPerSecond: number): Recorded {
  const note = new Note(inputPerSecond);
  for (let at = 0; at < samples.length; at += 128) note.add(samples.subarray(at, at + 128));
  return note.finish();
}

function tone(hertz: number, inputPerSecond: number, seconds: number): Float32Array {
  return Float32Array.from(
    { length: inputPerSecond * seconds },
    (_, at) => 0.5 * Math.sin((2 * Math.PI * hertz * at) / inputPerSecond),
  );
}

function resampled(input: Float32Array, inputPerSecond: number): readonly number[] {
  const output: number[] = [];
  new Resampler(inputPerSecond).add(input, (sample) => output.push(sample));
  return output;
}

/** The root of the mean square, of what is not at either end. */
function loudness(samples: readonly number[]): number {
  const middle = samples.slice(800, -800);
  return Math.sqrt(middle.reduce((sum, sample) => sum + sample * sample, 0) / middle.length);
}

describe("what is written", () => {
  test("is what the decoder's test reads, and the error is known", () => {
    const sound = speech(SPEECH_SECONDS);
    const encoder = new Encoder();
    const bytes = new Uint8Array(sound.length / 2);
    let energy = 0;
    for (const [at, sample] of sound.entries()) {
      const code = encoder.encode(sample);
      bytes[at >> 1] = (bytes[at >> 1] ?? 0) | (at % 2 === 0 ? code : code << 4);
      energy += (encoder.sample - sample) ** 2;
    }
    if (process.env.UPDATE_GOLDEN === "1") {
      writeFileSync(said, new Uint8Array(sound.buffer));
      writeFileSync(written, bytes);
    }
    expect(new Uint8Array(readFileSync(said))).toEqual(new Uint8Array(sound.buffer));
    expect(new Uint8Array(readFileSync(written))).toEqual(bytes);
    expect(energy).toBe(ERROR_ENERGY);
  });

  test("of the loudest and the wildest sound stays within sixteen bits", () => {
    const encoder = new Encoder();
    for (let at = 0; at < 10_000; at += 1) {
      const code = encoder.encode(at % 3 === 0 ? -32_768 : 32_767);
      expect(code >= 0 && code <= 15 && encoder.sample >= -32_768 && encoder.sample <= 32_767).toBe(true);
    }
  });
});

describe("samples of a device", () => {
  test.each([8_000, 16_000, 22_050, 44_100, 48_000, 96_000])("at %i Hz keep their tone", (rate) => {
    const output = resampled(tone(1_000, rate, 1), rate);
    expect(Math.abs(output.length - SAMPLES_PER_SECOND)).toBeLessThanOrEqual(1);
    expect(loudness(output)).toBeCloseTo(0.5 / Math.SQRT2, 2);
    const risen = output.slice(800, -800).filter((sample, at, all) => sample >= 0 && (all[at - 1] ?? 0) < 0);
    expect(Math.abs(risen.length - 900)).toBeLessThanOrEqual(1);
  });

  test.each([44_100, 48_000])("at %i Hz lose what is too high, and nothing comes of it", (rate) => {
    for (const hertz of [9_000, 12_000, 15_000, 19_000])
      expect(loudness(resampled(tone(hertz, rate, 1), rate)), String(hertz)).toBeLessThan(0.001);
  });
});

describe("a note", () => {
  test("has a byte for two samples, and beside it what will be heard", () => {
    const { bytes, samples } = recorded(tone(440, 48_000, 2), 48_000);
    expect([bytes.length, samples.length]).toEqual([16_000, 32_000]);
    expect(loudness([...samples])).toBeCloseTo(0.5 / Math.SQRT2, 2);
  });

  test("ends after a minute, whatever comes", () => {
    const note = new Note(16_000);
    const second = tone(440, 16_000, 1);
    for (let at = 0; at < 59; at += 1) note.add(second);
    expect([note.seconds, note.isFull]).toEqual([59, false]);
    for (let at = 0; at < 3; at += 1) note.add(second);
    expect([note.seconds, note.isFull]).toEqual([60, true]);
    expect(note.finish().bytes.length).toBe(480_000);
  });

  test("keeps nothing once it was given or wiped", () => {
    const note = new Note(16_000);
    note.add(tone(440, 16_000, 1));
    note.wipe();
    expect(note.finish().bytes.length).toBe(0);
  });
});
