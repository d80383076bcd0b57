// Stands between the relay and everybody else, and keeps every byte of both directions.

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { type Frame, FrameReader } from "./websocket.ts";

export type Direction = "to-relay" | "from-relay";

/** A WebSocket frame with where it went, and when by `performance.now()`. */
export interface RecordedFrame extends Frame {
  readonly direction: Direction;
  readonly at: number;
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

  /** Of a browser; consoles are native programs. */
  get isBrowsers(): boolean {
    return /\r\nuser-agent: mozilla/i.test(this.#heads["to-relay"] ?? "");
  }

  get leftover(): number {
    return this.#readers["to-relay"].leftover.length + this.#readers["from-relay"].leftover.length;
  }

  #read(direction: Direction, bytes: Buffer): void {
    // An HTTP connection stays HTTP: only the relay's 101 makes frames of what follows.
    if (!this.firstRequest.startsWith("GET /ws/")) return;
    if (direction === "from-relay" && this.socketPath === undefined) return;
    const at = performance.now();
    for (const frame of this.#readers[direction].push(bytes)) this.#frames.push({ direction, at, ...frame });
  }
}

/** Whose way through the recorder. */
interface Way {
  readonly near: Socket;
  readonly far: Socket;
  readonly recorded: RecordedConnection;
  /** Begun without a network: in truth it would not have begun. */
  isVain: boolean;
}

export class Recorder {
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  readonly #ways = new Set<Way>();
  #isHeld = false;
  #cutOff: "browsers" | "consoles" | undefined;
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
    for (const { far } of this.#ways) far.pause();
  }

  release(): void {
    this.#isHeld = false;
    for (const { far } of this.#ways) far.resume();
  }

  /**
   * The network of browsers, or of consoles, is gone: nothing of theirs gets through, in neither direction, on no
   * socket, and nobody is told. What they send is kept, as a kernel keeps what was not acknowledged.
   */
  cutOff(whose: "browsers" | "consoles"): void {
    this.#cutOff = whose;
    for (const way of this.#ways) this.#stopIfCutOff(way);
  }

  /** The same network is back: what was kept comes late, and what was begun meanwhile fails. */
  reconnect(): void {
    this.#cutOff = undefined;
    for (const { near, far, isVain } of this.#ways) {
      if (isVain) {
        near.destroy();
        far.destroy();
      } else {
        near.resume();
        far.resume();
      }
    }
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
    const recorded = new RecordedConnection();
    const way = { near, far, recorded, isVain: false };
    this.#ways.add(way);
    this.connections.push(recorded);
    this.#pipe(way, "to-relay");
    this.#pipe(way, "from-relay");
    near.on("close", () => {
      recorded.isOpen = false;
      this.#ways.delete(way);
    });
  }

  #pipe(way: Way, direction: Direction): void {
    const [from, to] = direction === "to-relay" ? [way.near, way.far] : [way.far, way.near];
    from.on("data", (bytes: Buffer) => {
      way.recorded.keep(direction, bytes);
      // A new connection says whose it is with its first bytes.
      if (this.#stopIfCutOff(way)) {
        way.isVain = true;
        return;
      }
      if (!to.write(bytes)) from.pause();
    });
    to.on("drain", () => {
      if (!this.#isHeld && !this.#isStopped(way)) from.resume();
    });
    from.on("end", () => to.end());
    from.on("error", () => to.destroy());
    from.on("close", () => to.destroySoon());
  }

  #stopIfCutOff(way: Way): boolean {
    if (!this.#isStopped(way)) return false;
    way.near.pause();
    way.far.pause();
    return true;
  }

  #isStopped({ recorded }: Way): boolean {
    return this.#cutOff !== undefined && recorded.isBrowsers === (this.#cutOff === "browsers");
  }

  #keepOpen(socket: Socket): void {
    socket.setNoDelay(true);
    this.#open.add(socket);
    socket.on("close", () => this.#open.delete(socket));
  }
}
