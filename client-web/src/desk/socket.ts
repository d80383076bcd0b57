// The one connection of this page: to the console on the same machine.

import { decodeConsoleMessage } from "./decode.ts";
import { type ConsoleMessage, encodePageMessage, type PageMessage } from "./messages.ts";
import type { Connection } from "./model.ts";

/** How long to wait before each try. After the last the console counts as closed. */
export const RETRY_DELAYS_MS = [250, 500, 1000, 2000, 4000] as const;

const BEARER = /^#bearer=([A-Za-z0-9_-]{43})$/;
const MISUNDERSTOOD_CLOSE_CODE = 4400;

export interface ConsoleListener {
  readonly onConnection: (connection: Connection) => void;
  readonly onMessage: (message: ConsoleMessage) => void;
}

/**
 * Reads the bearer and takes it out of the address bar. It stays in this tab's history entry, so that a
 * reload works; it dies with the console's process.
 */
export function takeBearer(
  location: Pick<Location, "hash" | "pathname">,
  history: { readonly state: unknown; replaceState(state: unknown, unused: string, address: string): void },
): string | null {
  const fromFragment = BEARER.exec(location.hash)?.[1];
  const bearer = fromFragment ?? bearerOf(history.state);
  history.replaceState(bearer === null ? null : { bearer }, "", location.pathname);
  return bearer;
}

function bearerOf(state: unknown): string | null {
  return typeof state === "object" && state !== null && "bearer" in state && typeof state.bearer === "string"
    ? state.bearer
    : null;
}

export class ConsoleSocket {
  readonly #address: string;
  readonly #bearer: string;
  readonly #listener: ConsoleListener;
  #socket: WebSocket | null = null;
  #tries = 0;

  constructor(address: string, bearer: string, listener: ConsoleListener) {
    this.#address = address;
    this.#bearer = bearer;
    this.#listener = listener;
  }

  connect(): void {
    const socket = new WebSocket(this.#address);
    this.#socket = socket;
    socket.addEventListener("open", () =>
      socket.send(encodePageMessage({ type: "hello", bearer: this.#bearer })),
    );
    socket.addEventListener("message", (event) => {
      if (socket === this.#socket) this.#receive(socket, event.data);
    });
    socket.addEventListener("close", (event) => {
      if (socket === this.#socket) this.#closed(event.code);
    });
  }

  /** By hand, after the console counted as closed. */
  retry(): void {
    this.#tries = 0;
    this.#listener.onConnection("connecting");
    this.connect();
  }

  /** Whether the message was handed to a connection that is open. */
  send(message: PageMessage): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(encodePageMessage(message));
    return true;
  }

  /** Nothing that the console still says is heard. */
  leave(): void {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #receive(socket: WebSocket, data: unknown): void {
    const message = decodeConsoleMessage(data);
    if (message === null) {
      this.#socket = null;
      socket.close(MISUNDERSTOOD_CLOSE_CODE);
      this.#listener.onConnection("misunderstood");
      return;
    }
    if (message.type === "snapshot") {
      this.#tries = 0;
      this.#listener.onConnection("connected");
    }
    this.#listener.onMessage(message);
  }

  #closed(code: number): void {
    this.#socket = null;
    const refusal = refusalOf(code);
    const delay = RETRY_DELAYS_MS[this.#tries];
    if (refusal !== null || delay === undefined) {
      this.#listener.onConnection(refusal ?? "gone");
      return;
    }
    this.#tries += 1;
    this.#listener.onConnection("reconnecting");
    setTimeout(() => this.connect(), delay);
  }
}

/** What a close code of the console says for good; null for a break that may pass. */
function refusalOf(code: number): Connection | null {
  switch (code) {
    case 1000: // the console was told to stop
    case 1001:
      return "gone";
    case MISUNDERSTOOD_CLOSE_CODE:
      return "misunderstood";
    case 4401:
      return "bearer_refused";
    case 4429:
      return "crowded";
    default:
      return null;
  }
}
