// A voice note that the person makes: what of it the page needs to know. What records is in a script of its own
// (voice/), which is fetched when somebody records, and not before.

import type { Recorded } from "./voice/note.ts";

export type { Recorded } from "./voice/note.ts";

/** `silent`: nothing came of it. `script_missing`: what records could not be fetched. */
export type VoiceProblem = "refused" | "no_microphone" | "silent" | "script_missing";

/** What becomes of a recording, in this order. After `recorded` or `problem` the microphone is off. */
export interface RecordingListener {
  /** So many whole seconds: 0 when the first sound has come. */
  seconds(seconds: number): void;
  /** By the person's wish, because there was no more room, or because the microphone has gone. */
  recorded(recorded: Recorded): void;
  problem(why: VoiceProblem): void;
}

/** Asks for the microphone at once. */
export interface Recording {
  stop(): void;
  /** What was recorded, as it will be heard. */
  play(over: () => void): void;
  hush(): void;
  /** The microphone is off, nothing is heard, what was recorded is wiped, and nobody is told. */
  forget(): void;
}

export type Record = (listener: RecordingListener) => Recording;

/** What the person is shown, from the first press until it is offered or dropped. */
export type VoiceShown =
  | { readonly stage: "about" }
  | { readonly stage: "starting" }
  | { readonly stage: "recording"; readonly seconds: number }
  | {
      readonly stage: "recorded";
      readonly seconds: number;
      /** The recording has stopped by itself. */
      readonly isFull: boolean;
      readonly isPlaying: boolean;
    }
  | { readonly stage: "problem"; readonly why: VoiceProblem };
