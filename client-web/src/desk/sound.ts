// Two calm tones, and nothing that tells anybody what they are about.

import type { Tone } from "./heard.ts";

/** Frequencies in hertz, one after the other: two notes up for somebody who waits, one low note for a message. */
const NOTES_HZ: Readonly<Record<Tone, readonly number[]>> = { waiting: [440, 554], message: [370] };
const NOTE_SECONDS = 0.35;
const LOUDNESS = 0.08;

export class Sound {
  #context: AudioContext | null = null;

  /** A browser lets a page be heard only after a press. */
  allow(): void {
    this.#context ??= new AudioContext();
    if (this.#context.state === "suspended") this.#context.resume().catch(() => undefined);
  }

  play(tone: Tone): void {
    const context = this.#context;
    if (context === null || context.state !== "running") return;
    NOTES_HZ[tone].forEach((note, index) => {
      const from = context.currentTime + index * NOTE_SECONDS * 0.6;
      const oscillator = new OscillatorNode(context, { type: "sine", frequency: note });
      const gain = new GainNode(context, { gain: 0 });
      gain.gain.setValueAtTime(0, from);
      gain.gain.linearRampToValueAtTime(LOUDNESS, from + 0.04);
      gain.gain.exponentialRampToValueAtTime(0.0001, from + NOTE_SECONDS);
      oscillator.connect(gain).connect(context.destination);
      oscillator.start(from);
      oscillator.stop(from + NOTE_SECONDS);
    });
  }
}
