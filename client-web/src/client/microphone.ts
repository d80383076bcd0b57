// The device's microphone. It is asked for when the person has pressed to record, and is off from the moment that they
// stop, leave, or put the page out of sight.

import { SAMPLES_PER_SECOND } from "./voice/resampler.ts";
import { ASKED, type Said } from "./voice/said.ts";
import type { Record, Recorded, Recording, RecordingListener } from "./voice.ts";

/** Put in by the build: where the script is that records. The page that is one file has none. */
declare const RECORDING: string;

/** Of a microphone that is switched off. */
const SILENCE = 0.001;

/** Tor Browser has none, nor have browsers in a mode that locks the device down: there nothing is offered. */
export const record: Record | undefined =
  RECORDING !== "" &&
  typeof AudioWorkletNode === "function" &&
  typeof navigator.mediaDevices?.getUserMedia === "function"
    ? (listener) => new MicrophoneRecording(listener)
    : undefined;

class MicrophoneRecording implements Recording {
  readonly #listener: RecordingListener;
  /** Made in the press itself: browsers let a page sound only then. */
  readonly #context = new AudioContext();
  #stream: MediaStream | undefined;
  #node: AudioWorkletNode | undefined;
  #recorded: Recorded | undefined;
  #playing: AudioBufferSourceNode | undefined;
  #isForgotten = false;

  constructor(listener: RecordingListener) {
    this.#listener = listener;
    document.addEventListener("visibilitychange", this.#outOfSight);
    this.#begin();
  }

  stop(): void {
    this.#mute();
    this.#node?.port.postMessage(ASKED.finish);
  }

  play(over: () => void): void {
    if (this.#recorded === undefined) return;
    const { samples } = this.#recorded;
    const source = this.#context.createBufferSource();
    source.buffer = this.#context.createBuffer(1, samples.length, SAMPLES_PER_SECOND);
    source.buffer.copyToChannel(samples, 0);
    source.onended = () => {
      source.buffer?.getChannelData(0).fill(0);
      if (this.#playing === source) over();
    };
    source.connect(this.#context.destination);
    this.#playing = source;
    this.#context.resume();
    source.start();
  }

  hush(): void {
    const source = this.#playing;
    this.#playing = undefined;
    source?.stop();
  }

  forget(): void {
    this.#isForgotten = true;
    document.removeEventListener("visibilitychange", this.#outOfSight);
    this.hush();
    this.#mute();
    this.#node?.port.postMessage(ASKED.forget);
    this.#recorded?.samples.fill(0);
    this.#recorded = undefined;
    // What is closed already may stay so.
    this.#context.close().catch(() => undefined);
  }

  async #begin(): Promise<void> {
    // First what may be long on its way: the microphone is not on while nothing is heard.
    try {
      await this.#context.audioWorklet.addModule(new URL(RECORDING, document.baseURI).href);
    } catch {
      this.#fail("script_missing");
      return;
    }
    if (this.#isForgotten) return;
    try {
      this.#stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
    } catch (error) {
      const isMissing = error instanceof DOMException && error.name === "NotFoundError";
      this.#fail(isMissing ? "no_microphone" : "refused");
      return;
    }
    // The person may have gone while the browser asked them.
    if (this.#isForgotten) {
      this.#mute();
      return;
    }
    try {
      this.#connect(this.#stream);
    } catch {
      // A device whose sound the browser cannot take.
      this.#fail("no_microphone");
    }
  }

  #connect(stream: MediaStream): void {
    const node = new AudioWorkletNode(this.#context, "recorder");
    node.port.onmessage = ({ data }: MessageEvent<Said>) => this.#hear(data);
    this.#context.createMediaStreamSource(stream).connect(node);
    // Browsers run only what leads somewhere; what comes out of it is silent.
    node.connect(this.#context.destination);
    this.#node = node;
    this.#context.resume();
    // Unplugged, or taken back by the person or the device.
    for (const track of stream.getTracks()) track.onended = () => this.stop();
    this.#outOfSight();
  }

  #hear(said: Said): void {
    if (this.#isForgotten) {
      if ("recorded" in said) wipe(said.recorded);
      return;
    }
    if ("seconds" in said) {
      this.#listener.seconds(said.seconds);
      return;
    }
    this.#mute();
    if (!said.recorded.samples.some((sample) => Math.abs(sample) > SILENCE)) {
      wipe(said.recorded);
      this.#fail("silent");
      return;
    }
    this.#recorded = said.recorded;
    this.#listener.recorded(said.recorded);
  }

  #fail(why: Parameters<RecordingListener["problem"]>[0]): void {
    if (this.#isForgotten) return;
    this.forget();
    this.#listener.problem(why);
  }

  /** The browser's own sign that the page listens goes out with it. */
  #mute(): void {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = undefined;
  }

  /** Somebody may have come in: nothing is recorded, and nothing sounds. */
  readonly #outOfSight = (): void => {
    if (!document.hidden) return;
    this.#playing?.stop();
    if (this.#stream !== undefined) this.stop();
  };
}

function wipe({ samples, bytes }: Recorded): void {
  samples.fill(0);
  bytes.fill(0);
}
