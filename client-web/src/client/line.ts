// The sockets of a running consultation, one after another: found dead, made anew, joined at a route.

import type { Bytes } from "../protocol/bytes.ts";
import { CELL_SIZE } from "../protocol/cell.ts";
import { CLOSE } from "../protocol/close.ts";
import { decodeFrameFromRelay, encodeFrame } from "../protocol/frame.ts";
import { SILENT_AFTER_MS } from "../protocol/pacer.ts";
import { type Connection, FIRST_WORD_MIN_MILLISECONDS, type Listener } from "./connection.ts";
import type { Nodes } from "./nodes.ts";

/** For a node to say something when there are others: one whose machine has gone never does. */
const NODE_FIRST_WORD_MILLISECONDS = 4_000;
/** So long we wait alone at one of several nodes: the worker may be at another. Doubled with every round. */
const STAY_MIN_MILLISECONDS = 2_000;
const STAY_MAX_MILLISECONDS = 16_000;
/** After a sleep there is no reason to give a socket the benefit of the doubt for long. */
const SILENT_ASLEEP_MAX_MILLISECONDS = 5_000;

/**
 * `alone`: the relay has us, the worker is not there. `joined`: the relay says that both are there. `heard`: and a
 * new cell of the worker's has come, so it is true.
 */
export type LineState = "broken" | "alone" | "joined" | "heard";

export interface LineListener {
  /** Where this end waits for the other now. */
  route(): Bytes;
  joined(): void;
  cell(cell: Uint8Array): void;
  broken(): void;
}

export class Line implements Listener {
  readonly #elapsed: () => number;
  readonly #connection: Connection;
  readonly #nodes: Nodes;
  readonly #listener: LineListener;
  #state: LineState = "heard";
  #soundAt: number;
  /** In the order of the nodes: where the next socket goes. */
  #place = 0;
  #stayMilliseconds = STAY_MIN_MILLISECONDS;

  /** Takes a socket over that has just brought the worker's answer. */
  constructor(elapsed: () => number, connection: Connection, nodes: Nodes, listener: LineListener) {
    this.#elapsed = elapsed;
    this.#connection = connection;
    this.#nodes = nodes;
    this.#listener = listener;
    this.#soundAt = elapsed();
    connection.handTo(this);
  }

  get address(): string {
    const order = this.#order;
    return `${order[this.#place % order.length]}/ws/rejoin`;
  }

  get firstWordMilliseconds(): number {
    return this.#order.length > 1 ? NODE_FIRST_WORD_MILLISECONDS : FIRST_WORD_MIN_MILLISECONDS;
  }

  get state(): LineState {
    return this.#state;
  }

  get isJoined(): boolean {
    return this.#state === "joined" || this.#state === "heard";
  }

  send(cell: Bytes): void {
    this.#connection.send(cell);
  }

  /** The worker's end made a cell that had not come before. Nothing less proves that it lives. */
  heard(): void {
    this.#state = "heard";
    this.#soundAt = this.#elapsed();
    this.#stayMilliseconds = STAY_MIN_MILLISECONDS;
  }

  beat(hasSlept: boolean): void {
    const silentMilliseconds = this.#elapsed() - this.#soundAt;
    const silentMax = hasSlept ? SILENT_ASLEEP_MAX_MILLISECONDS : SILENT_AFTER_MS;
    if (this.#state === "broken") {
      if (hasSlept) this.#connection.tryAgain();
    } else if (this.#state === "alone" && this.#isLongEnough(silentMilliseconds)) {
      this.#nodes.ask();
      this.#moveOn();
      this.#soundAt = this.#elapsed();
      this.#connection.redial();
    } else if (silentMilliseconds >= silentMax) {
      // The relay's pings do not reach a page. To ask it is to come again: it lets the new socket take the place.
      if (this.#state === "alone") this.#connection.renew();
      else this.drop();
    }
  }

  /** To another route, or because the network is another one: a socket from before is dead, or of no use. */
  redial(): void {
    this.#state = "broken";
    this.#place = 0;
    this.#connection.redial();
  }

  /** For a socket that brought what the worker's end has not sealed. */
  drop(code: number = CLOSE.silent): void {
    this.#connection.drop(code);
  }

  stop(code: number): void {
    this.#state = "broken";
    this.#connection.stop(code);
  }

  greeting(): Bytes {
    return encodeFrame({ type: "rejoin", route: this.#listener.route() });
  }

  message(bytes: Uint8Array, isFirst: boolean): void {
    if (isFirst) this.#state = "broken";
    if (!this.isJoined) this.#takeFrame(bytes);
    else if (bytes.length === CELL_SIZE) this.#listener.cell(bytes);
    else this.drop(CLOSE.malformed);
  }

  /** Whatever the relay says about it: a consultation lives in its two ends. */
  closed(): "again" | "next" {
    const wasHeard = this.#state === "heard";
    this.#state = "broken";
    if (wasHeard) this.#place = 0;
    const isNext = !wasHeard && this.#moveOn();
    this.#nodes.ask();
    this.#listener.broken();
    return isNext ? "next" : "again";
  }

  get #order(): readonly string[] {
    return this.#nodes.inOrderOf(this.#listener.route());
  }

  #isLongEnough(aloneMilliseconds: number): boolean {
    return aloneMilliseconds >= this.#stayMilliseconds && this.#order.length > 1;
  }

  /** To the next node; says whether there was one. Behind the last comes the first, where we stay longer. */
  #moveOn(): boolean {
    this.#place += 1;
    if (this.#place < this.#order.length) return true;
    this.#place = 0;
    this.#stayMilliseconds = Math.min(2 * this.#stayMilliseconds, STAY_MAX_MILLISECONDS);
    return false;
  }

  #takeFrame(bytes: Uint8Array): void {
    const type = frameType(bytes);
    if (type !== "alone" && type !== "joined") {
      this.drop(CLOSE.malformed);
      return;
    }
    this.#state = type;
    this.#soundAt = this.#elapsed();
    if (type === "joined") this.#listener.joined();
  }
}

function frameType(bytes: Uint8Array): string | undefined {
  try {
    return decodeFrameFromRelay(bytes).type;
  } catch {
    return undefined;
  }
}
