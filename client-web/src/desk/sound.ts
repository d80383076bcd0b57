// Two calm tones, and nothing that tells anybody what they are about.

import type { Tone } from "./heard.ts";

/** Frequencies in hertz, one after the other: two notes up for somebody who waits, one low note for a message. */
const NOTES_HZ: Readonly<Record<Tone, readonly number[]>> = { waiting: [440, 554], message: [370] };
const NOTE_SECONDS = 0.35;
/** The next note begins while the one before fades. */
const STEP_SECONDS = 0.2;
const LOUDNESS = 0.08;

export class Sound {
  #isAllowed = false;
  #context: AudioContext | null = null;
  #notesPlaying = 0;

  /** A browser lets a page be heard only after a press. */
  allow(): void {
    this.#isAllowed = true;
  }

  play(tone: Tone): void {
    if (!this.#isAllowed) return;
    this.#context ??= new AudioContext();
    const context = this.#context;
    // Where there is nothing to hear with, there is nothing to do.
    context.resume().then(
      () => this.#schedule(context, NOTES_HZ[tone]),
      () => undefined,
    );
  }

  #schedule(context: AudioContext, notes: readonly number[]): void {
    for (const [index, frequency] of notes.entries()) {
      const from = context.currentTime + index * STEP_SECONDS;
      const until = from + NOTE_SECONDS;
      const oscillator = new OscillatorNode(context, { type: "sine", frequency });
      const gain = new GainNode(context, { gain: 0 });
      gain.gain.setValueAtTime(0, from);
      gain.gain.linearRampToValueAtTime(LOUDNESS, from + 0.04);
      gain.gain.exponentialRampToValueAtTime(0.0001, until);
      oscillator.connect(gain).connect(context.destination);
      oscillator.addEventListener("ended", () => this.#ended(context));
      oscillator.start(from);
      oscillator.stop(until);
      this.#notesPlaying += 1;
    }
  }

  /** Between tones the machine's sound is left in peace. */
  #ended(context: AudioContext): void {
    this.#notesPlaying -= 1;
    if (this.#notesPlaying === 0) context.suspend().catch(() => undefined);
  }
}
