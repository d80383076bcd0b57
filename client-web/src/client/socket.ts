// One WebSocket to the relay. Sees bytes only: frames until matched or joined, then cells.

import type { Bytes } from "../protocol/bytes.ts";

const SUBPROTOCOL = "vestibule.1";

export interface SocketListener {
  opened(): void;
  message(bytes: Uint8Array): void;
  closed(code: number): void;
}

export interface Socket {
  /** Bytes for a socket that is not open are dropped: `closed` has said or will say so. */
  send(bytes: Bytes): void;
  close(code: number): void;
}

let isHushed = false;

/**
 * For a quick exit: who carries the bytes and who answers are to see a line that broke, no more. So no socket says
 * anything again, not even that it closes. The browser itself ends it with the page, as if the system had killed both.
 */
export function hush(): void {
  isHushed = true;
}

export function openSocket(url: string, listener: SocketListener): Socket {
  const socket = new WebSocket(url, SUBPROTOCOL);
  socket.binaryType = "arraybuffer";
  socket.addEventListener("open", () => listener.opened());
  socket.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    // Text is in no table: as a message of no bytes it is refused as malformed.
    listener.message(data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array(0));
  });
  socket.addEventListener("close", ({ code }) => listener.closed(code));
  return {
    send: (bytes) => {
      if (socket.readyState === WebSocket.OPEN && !isHushed) socket.send(bytes);
    },
    close: (code) => {
      if (!isHushed) socket.close(code);
    },
  };
}

/** Of a path of the relay's origin, `https://host` or `http://host`, or of an address that has one of its own. */
export function socketUrl(origin: string, address: string): string {
  return (address.startsWith("/") ? origin + address : address).replace(/^http/, "ws");
}
