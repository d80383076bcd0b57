// The socket to the relay. Sees bytes only: frames until matched, then cells.

import { CLOSE } from "../protocol/close.ts";

const SUBPROTOCOL = "vestibule.1";
const RETRY_FIRST_MILLISECONDS = 1_000;
const RETRY_MAX_MILLISECONDS = 30_000;
/** Tor may need this long to build a circuit. */
const CONNECT_MAX_MILLISECONDS = 60_000;

export interface Listener {
  message(bytes: Uint8Array): void;
  /** Says whether to try again. */
  closed(code: number): "again" | "stop";
}

/** One socket after another, for as long as the listener wants one. */
export class Connection {
  readonly #url: string;
  readonly #listener: Listener;
  #socket: WebSocket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;

  constructor(url: string, listener: Listener) {
    this.#url = url;
    this.#listener = listener;
    this.#connect();
  }

  /** Bytes for a socket that has gone are dropped: `closed` has said or will say so. */
  send(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(bytes);
  }

  tryNow(): void {
    if (this.#socket === undefined) this.#connect();
  }

  /** Gives this socket up; the listener is asked about another one. */
  drop(): void {
    this.#socket?.close(CLOSE.done);
    this.#closed(NO_CODE);
  }

  /** The listener hears nothing more. */
  stop(): void {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close(CLOSE.done);
  }

  #connect(): void {
    clearTimeout(this.#timer);
    const socket = new WebSocket(this.#url, SUBPROTOCOL);
    socket.binaryType = "arraybuffer";
    let isTimeKnown = false;
    this.#socket = socket;
    this.#timer = setTimeout(() => {
      if (socket === this.#socket) this.drop();
    }, CONNECT_MAX_MILLISECONDS);
    socket.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
      if (socket !== this.#socket) return;
      clearTimeout(this.#timer);
      // Every socket begins with the time. Only one that brings more was not in vain.
      if (isTimeKnown) this.#failures = 0;
      isTimeKnown = true;
      // Text is in no table: as a message of no bytes it is refused as malformed.
      this.#listener.message(data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array(0));
    });
    socket.addEventListener("close", ({ code }) => {
      if (socket === this.#socket) this.#closed(code);
    });
  }

  #closed(code: number): void {
    clearTimeout(this.#timer);
    this.#socket = undefined;
    if (this.#listener.closed(code) === "stop") return;
    this.#timer = setTimeout(() => this.#connect(), retryMilliseconds(this.#failures, Math.random()));
    this.#failures += 1;
  }
}

/** What browsers report for a socket that ended without a close frame. */
const NO_CODE = 1006;

/** Doubles with every failure, then spreads by half, so that a relay's restart is not met by everybody at once. */
export function retryMilliseconds(failures: number, chance: number): number {
  const delay = Math.min(RETRY_FIRST_MILLISECONDS * 2 ** Math.min(failures, 16), RETRY_MAX_MILLISECONDS);
  return delay * (0.75 + chance / 2);
}

/** `origin` is a page's: `https://host` or `http://host`. */
export function clientSocketUrl(origin: string): string {
  return `${origin.replace(/^http/, "ws")}/ws/client`;
}
