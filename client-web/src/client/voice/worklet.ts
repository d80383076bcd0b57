// Takes the sound of the microphone where the browser makes sound, so that a busy page loses none of it. A script of
// its own, fetched by who records and by nobody else.

import { Note } from "./note.ts";
import { ASKED, type Said } from "./said.ts";

// Of a worklet; the page's own types do not know it.
declare const sampleRate: number;
declare function registerProcessor(name: string, processor: new () => object): void;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}

class Recorder extends AudioWorkletProcessor {
  readonly #note = new Note(sampleRate);
  #isOver = false;
  #secondsTold = -1;

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (data === ASKED.finish) this.#finish();
      else this.#note.wipe();
      this.#isOver = true;
    };
  }

  /** Its own output stays silent: nobody is to hear themselves. */
  process([input]: readonly (readonly Float32Array[])[]): boolean {
    const channel = input?.[0];
    if (this.#isOver || channel === undefined) return !this.#isOver;
    this.#note.add(channel);
    const { seconds, isFull } = this.#note;
    if (seconds !== this.#secondsTold) this.#say({ seconds });
    this.#secondsTold = seconds;
    if (isFull) this.#finish();
    return !this.#isOver;
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const recorded = this.#note.finish();
    this.#say({ recorded }, [recorded.bytes.buffer, recorded.samples.buffer]);
  }

  #say(said: Said, given: ArrayBuffer[] = []): void {
    this.port.postMessage(said, given);
  }
}

registerProcessor("recorder", Recorder);
