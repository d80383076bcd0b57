// A voice note from the first press to the offer: nothing is recorded before the person has read what it tells, and
// nobody hears of it before they have said that it goes.

import { type Bytes, wipe } from "../protocol/bytes.ts";
import { VOICE_BYTES_PER_SECOND, VOICE_SECONDS_MAX } from "../protocol/file.ts";
import type { Event } from "./consultation.ts";
import type { Record, Recorded, Recording, VoiceShown } from "./voice.ts";

export class VoiceNote {
  readonly #record: Record | undefined;
  readonly #tell: (event: Event) => unknown;
  #recording: Recording | undefined;
  #recorded: Recorded | undefined;
  #shown: VoiceShown | undefined;

  /** `record` is missing where the browser cannot. */
  constructor(record: Record | undefined, tell: (event: Event) => unknown) {
    this.#record = record;
    this.#tell = tell;
  }

  get isOpen(): boolean {
    return this.#shown !== undefined;
  }

  /** What there is to offer. */
  get bytes(): Bytes | undefined {
    return this.#recorded?.bytes;
  }

  ask(): void {
    if (this.#record !== undefined && !this.isOpen) this.#show({ stage: "about" });
  }

  start(): void {
    const isDue = this.#shown?.stage === "about" || this.#shown?.stage === "problem";
    if (!isDue || this.#record === undefined) return;
    this.#recording?.forget();
    this.#show({ stage: "starting" });
    this.#recording = this.#record({
      seconds: (seconds) => this.#show({ stage: "recording", seconds }),
      recorded: (recorded) => {
        this.#recorded = recorded;
        const seconds = recorded.bytes.length / VOICE_BYTES_PER_SECOND;
        this.#show({ stage: "recorded", seconds, isFull: seconds === VOICE_SECONDS_MAX, isPlaying: false });
      },
      problem: (why) => this.#show({ stage: "problem", why }),
    });
  }

  stop(): void {
    if (this.#shown?.stage === "recording") this.#recording?.stop();
  }

  /** Or not any more. */
  listen(): void {
    if (this.#shown?.stage !== "recorded") return;
    if (this.#shown.isPlaying) this.#recording?.hush();
    else this.#recording?.play(() => this.#playing(false));
    this.#playing(!this.#shown.isPlaying);
  }

  drop(): void {
    if (!this.isOpen) return;
    this.forget();
    this.#tell({ type: "voice", voice: undefined });
  }

  /** Whoever took the bytes has to wipe them. */
  taken(): void {
    this.#recorded = undefined;
    this.drop();
  }

  forget(): void {
    this.#recording?.forget();
    this.#recording = undefined;
    if (this.#recorded !== undefined) wipe(this.#recorded.bytes);
    this.#recorded = undefined;
    this.#shown = undefined;
  }

  #playing(isPlaying: boolean): void {
    if (this.#shown?.stage === "recorded") this.#show({ ...this.#shown, isPlaying });
  }

  #show(voice: VoiceShown): void {
    this.#shown = voice;
    this.#tell({ type: "voice", voice });
  }
}
