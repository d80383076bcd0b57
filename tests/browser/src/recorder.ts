// Stands between the relay and everybody else, and keeps every byte of both directions.

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { type Frame, FrameReader } from "./websocket.ts";

export type Direction = "to-relay" | "from-relay";

/** A WebSocket frame with where it went. */
export interface RecordedFrame extends Frame {
  readonly direction: Direction;
}

/** One TCP connection through the recorder. */
export class RecordedConnection {
  readonly #bytes: Record<Direction, Buffer[]> = { "to-relay": [], "from-relay": [] };
  readonly #heads: Record<Direction, string | undefined> = { "to-relay": undefined, "from-relay": undefined };
  readonly #readers = { "to-relay": new FrameReader(), "from-relay": new FrameReader() };
  readonly #frames: RecordedFrame[] = [];
  isOpen = true;

  keep(direction: Direction, bytes: Buffer): void {
    this.#bytes[direction].push(bytes);
    const head = this.#heads[direction];
    if (head !== undefined) {
      this.#read(direction, bytes);
      return;
    }
    const all = this.raw(direction);
    const end = all.indexOf("\r\n\r\n");
    if (end === -1) return;
    this.#heads[direction] = all.subarray(0, end).toString("latin1");
    this.#read(direction, all.subarray(end + 4));
  }

  raw(direction: Direction): Buffer {
    return Buffer.concat(this.#bytes[direction]);
  }

  /** `GET /ws/client`, whatever was asked first on this connection. */
  get firstRequest(): string {
    return this.raw("to-relay").toString("latin1").split("\r\n")[0]?.split(" HTTP/")[0] ?? "";
  }

  /** The path of its WebSocket, if it became one. */
  get socketPath(): string | undefined {
    if (this.#heads["from-relay"]?.startsWith("HTTP/1.1 101 ") !== true) return undefined;
    return this.firstRequest.split(" ")[1];
  }

  /** Request and answer before the WebSocket. */
  get heads(): Readonly<Record<Direction, string | undefined>> {
    return this.#heads;
  }

  /** In the order in which they passed. */
  get frames(): readonly RecordedFrame[] {
    return this.#frames;
  }

  get leftover(): number {
    return this.#readers["to-relay"].leftover.length + this.#readers["from-relay"].leftover.length;
  }

  #read(direction: Direction, bytes: Buffer): void {
    // An HTTP connection stays HTTP: only the relay's 101 makes frames of what follows.
    if (!this.firstRequest.startsWith("GET /ws/")) return;
    if (direction === "from-relay" && this.socketPath === undefined) return;
    for (const frame of this.#readers[direction].push(bytes)) this.#frames.push({ direction, ...frame });
  }
}

export class Recorder {
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  readonly #relaySides = new Set<Socket>();
  #isHeld = false;
  readonly connections: RecordedConnection[] = [];
  /** Where the relay listens. Nobody is there until it is set. */
  relayPort: number | undefined;

  private constructor() {
    this.#server = createServer((near) => this.#pass(near));
  }

  static async start(): Promise<Recorder> {
    const recorder = new Recorder();
    recorder.#server.listen(0, "127.0.0.1");
    await once(recorder.#server, "listening");
    return recorder;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The connections that became this WebSocket, oldest first. */
  sockets(path: string): readonly RecordedConnection[] {
    return this.connections.filter((connection) => connection.socketPath === path);
  }

  /** From now on nobody hears the relay on the sockets that are open; it hears everybody. */
  hold(): void {
    this.#isHeld = true;
    for (const far of this.#relaySides) far.pause();
  }

  release(): void {
    this.#isHeld = false;
    for (const far of this.#relaySides) far.resume();
  }

  async stop(): Promise<void> {
    this.#server.close();
    for (const socket of this.#open) socket.destroy();
    if (this.#server.listening) await once(this.#server, "close");
  }

  #pass(near: Socket): void {
    this.#keepOpen(near);
    if (this.relayPort === undefined) {
      near.destroy();
      return;
    }
    const far = connect(this.relayPort, "127.0.0.1");
    this.#keepOpen(far);
    this.#relaySides.add(far);
    far.on("close", () => this.#relaySides.delete(far));
    const recorded = new RecordedConnection();
    this.connections.push(recorded);
    this.#pipe(near, far, (bytes) => recorded.keep("to-relay", bytes));
    this.#pipe(far, near, (bytes) => recorded.keep("from-relay", bytes));
    near.on("close", () => {
      recorded.isOpen = false;
    });
  }

  #pipe(from: Socket, to: Socket, keep: (bytes: Buffer) => void): void {
    from.on("data", (bytes: Buffer) => {
      keep(bytes);
      if (!to.write(bytes)) from.pause();
    });
    to.on("drain", () => {
      if (!this.#isHeld) from.resume();
    });
    from.on("end", () => to.end());
    from.on("error", () => to.destroy());
    from.on("close", () => to.destroySoon());
  }

  #keepOpen(socket: Socket): void {
    socket.setNoDelay(true);
    this.#open.add(socket);
    socket.on("close", () => this.#open.delete(socket));
  }
}
