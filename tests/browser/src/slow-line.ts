// A slow and lossy network between browsers and the relay, on this machine. The kernel's own (netem) is not in every
// kernel, so this is a proxy that does to the bytes of a connection what such a network and TCP do together:
//
// - Each direction is one queue for all connections, of so many bits a second. A packet carries 1,460 bytes and costs
//   40 more.
// - A packet arrives half a round trip after it has left, or is lost. TCP notices the loss after a round trip when
//   later packets have arrived (RFC 8985), otherwise after two, and sends it again. What follows it waits: bytes are
//   given on in order.
// - A connection begins with a round trip, one second longer for each lost packet of its handshake.
//
// Left out: acknowledgements cost nothing, and no window ever holds a sender back (at 50 kbit/s and 800 ms, 5 kB are
// underway at most, less than TCP's first window).

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

export interface Conditions {
  readonly bitsPerSecond: number;
  readonly roundTripMs: number;
  /** Of a hundred packets. */
  readonly lossPercent: number;
}

const PACKET_BYTES = 1_460;
const HEADER_BYTES = 40;
const SYN_LOST_MS = 1_000;

export class SlowLine {
  readonly #conditions: Conditions;
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  readonly #chance: () => number;
  /** Packets that left, and those of them that were lost. */
  readonly counted = { packets: 0, lost: 0 };

  private constructor(farPort: number, conditions: Conditions, seed: number) {
    this.#conditions = conditions;
    this.#chance = chances(seed);
    const [there, back] = [new Link(this, conditions), new Link(this, conditions)];
    this.#server = createServer({ allowHalfOpen: true }, (near) => {
      void this.#carry(near, farPort, there, back);
    });
  }

  /** To a port of this machine. The same seed loses packets by the same dice. */
  static async start(farPort: number, conditions: Conditions, seed: number): Promise<SlowLine> {
    const line = new SlowLine(farPort, conditions, seed);
    line.#server.listen(0, "127.0.0.1");
    await once(line.#server, "listening");
    return line;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  isLost(): boolean {
    this.counted.packets += 1;
    const isLost = this.#chance() * 100 < this.#conditions.lossPercent;
    if (isLost) this.counted.lost += 1;
    return isLost;
  }

  stop(): void {
    this.#server.close();
    for (const socket of this.#open) socket.destroy();
  }

  async #carry(near: Socket, farPort: number, there: Link, back: Link): Promise<void> {
    this.#keep(near);
    near.pause();
    let lostCount = 0;
    while (this.isLost() || this.isLost()) lostCount += 1;
    await sleep(this.#conditions.roundTripMs + lostCount * SYN_LOST_MS);
    const far = connect({ port: farPort, host: "127.0.0.1", allowHalfOpen: true });
    this.#keep(far);
    new Flow(near, far, there);
    new Flow(far, near, back);
  }

  #keep(socket: Socket): void {
    socket.setNoDelay(true);
    this.#open.add(socket);
    socket.on("close", () => this.#open.delete(socket));
  }
}

/** One direction of the network, for all connections. */
class Link {
  readonly #line: SlowLine;
  readonly #conditions: Conditions;
  #freeAt = 0;

  constructor(line: SlowLine, conditions: Conditions) {
    this.#line = line;
    this.#conditions = conditions;
  }

  /** Resolves when the packet has arrived, the first time or a later one. */
  async carry(bytes: number, isFollowed: () => boolean): Promise<void> {
    const { bitsPerSecond, roundTripMs } = this.#conditions;
    for (let isFirst = true; ; isFirst = false) {
      const now = performance.now();
      this.#freeAt = Math.max(now, this.#freeAt) + ((bytes + HEADER_BYTES) * 8_000) / bitsPerSecond;
      const isLost = this.#line.isLost();
      await sleep(this.#freeAt + roundTripMs / 2 - now);
      if (!isLost) return;
      await sleep(isFirst && isFollowed() ? roundTripMs / 2 : 1.5 * roundTripMs);
    }
  }
}

/** One direction of a connection. */
class Flow {
  readonly #to: Socket;
  readonly #link: Link;
  /** In the order in which they left: a packet, and whether it has arrived. The empty one is the end. */
  readonly #underway: { readonly bytes: Buffer; hasArrived: boolean }[] = [];

  constructor(from: Socket, to: Socket, link: Link) {
    this.#to = to;
    this.#link = link;
    from.on("data", (bytes: Buffer) => {
      for (let at = 0; at < bytes.length; at += PACKET_BYTES)
        void this.#send(bytes.subarray(at, at + PACKET_BYTES));
    });
    from.on("end", () => void this.#send(Buffer.alloc(0)));
    from.on("error", () => to.destroy());
    from.on("close", (isBroken) => {
      if (isBroken) to.destroy();
    });
    from.resume();
  }

  async #send(bytes: Buffer): Promise<void> {
    const packet = { bytes, hasArrived: false };
    this.#underway.push(packet);
    await this.#link.carry(bytes.length, () => this.#underway.at(-1) !== packet);
    packet.hasArrived = true;
    while (this.#underway[0]?.hasArrived === true) {
      const next = this.#underway.shift();
      if (next === undefined || this.#to.destroyed) return;
      if (next.bytes.length > 0) this.#to.write(next.bytes);
      else this.#to.end();
    }
  }
}

/** Chances from 0 to 1, the same ones for the same seed (mulberry32). */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
