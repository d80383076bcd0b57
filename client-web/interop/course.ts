// A consultation from its handshake to its close, in virtual time: a client in TypeScript, a worker in Rust, and a
// bad line between them that breaks in every way that a line can break. Mirrors protocol/src/tests/lossy/course.rs.

import { isDeepStrictEqual } from "node:util";
import type { Bytes } from "../src/protocol/bytes.ts";
import { retryDelayMs, SILENT_AFTER_MS } from "../src/protocol/pacer.ts";
import { Agenda } from "./agenda.ts";
import type { ClientEnd } from "./client-end.ts";
import type { Happening, Outcome } from "./end.ts";
import { Line } from "./line.ts";
import { type Met, meet } from "./meeting.ts";
import { Random, wordsOf } from "./random.ts";
import { RustWorker, type Setting } from "./rust-worker.ts";
import { Seat } from "./seat.ts";

/** All times are in microseconds. */
const SECOND = 1_000_000;
/** By the clock of both ends. */
const START_SECONDS = 1_795_000_000;
/** Nobody waits so long for a word: when it does not come, they are stuck. */
const PROGRESS_MAX = 3600 * SECOND;
const CUT_EVERY = 40 * SECOND;
const SAY_EVERY = 1.8 * SECOND;
/** So many messages at a time. */
const SAID_AT_ONCE_MAX = 3;
const COVER_CHANGES_EVERY = 600 * SECOND;
/** Of a thousand cuts, so many take the relay away for a while. */
const RELAY_GONE = 200;
const RELAY_GONE_MAX = 20 * SECOND;
/** For the first worker to learn that the client goes. */
const LEAVING_MAX = 3 * SECOND;

type Event =
  | { readonly type: "say" | "wake" | "silence" | "cover"; readonly seat: Seat }
  | { readonly type: "retry" | "cut" }
  | Parcel;

/** Cells that are read at one time from one socket. */
interface Parcel {
  readonly type: "arrive";
  readonly to: Seat;
  readonly line: number;
  readonly cells: Bytes[];
}

/** What arrived, and how bad the line was. */
export type Report = Course["counts"] &
  Line["counts"] & { messages: number; renewals: number; seconds: number };

export class Course {
  readonly #setting: Setting;
  /** Each way. */
  readonly #messages: number;
  readonly #random: Random;
  readonly #met: Met;
  readonly #agenda = new Agenda<Event>();
  readonly #parcels = new Map<string, Parcel>();
  readonly #line: Line;
  readonly #client: Seat<ClientEnd>;
  readonly #worker: Seat<RustWorker>;
  #now = 0;
  #progressAt = 0;
  /** The pair of sockets that the relay has joined. */
  #joined: number | undefined;
  #relayIsBackAt = 0;

  readonly counts = { cells: 0, sentAgain: 0, refused: 0, late: 0, cuts: 0, joins: 0 };

  private constructor(setting: Setting, messages: number, random: Random, met: Met) {
    this.#setting = setting;
    this.#messages = messages;
    this.#random = random;
    this.#met = met;
    this.#line = new Line(random);
    this.#client = new Seat("client", met.client);
    this.#worker = new Seat("worker", met.worker);
    for (const seat of [this.#client, this.#worker]) {
      for (const type of ["say", "silence", "cover"] as const) this.#agenda.plan(0, { type, seat });
    }
    for (const type of ["cut", "retry"] as const) this.#agenda.plan(0, { type });
  }

  static async begin(seed: number, messages: number): Promise<Course> {
    const random = new Random(seed);
    const setting = { seed, startSeconds: START_SECONDS };
    return new Course(setting, messages, random, await meet(setting, random));
  }

  /**
   * Goes on until half of the client's words have arrived. Then another worker takes over: the client leaves the
   * first one, whatever has arrived at whom, and each end says again what the other has not received.
   */
  async handOver(): Promise<void> {
    const [client, first] = [this.#client, this.#worker.end];
    await this.#until(() => client.delivered >= this.#messages / 2);
    const colleague = new RustWorker();
    const secret = this.#random.bytes(32);
    first.offer(secret, await colleague.awaitHandOver(this.#setting, secret));
    await this.#until(() => client.end.isLeaving);
    const leavesAt = this.#now + LEAVING_MAX;
    await this.#until(() => client.end.isSettled || client.line === undefined || this.#now >= leavesAt);

    this.#leave(client);
    this.#leave(this.#worker);
    this.#joined = undefined;
    const saidByFirst = this.#worker.said;
    await client.end.goOver(this.#now, this.#met.authority, this.#met.triage, colleague);
    this.#worker.takeOver(colleague, client);
    client.highestSent = 0;
    for (const seat of [client, this.#worker]) await this.#turn(seat, []);
    await this.#until(() => colleague.carriedOver !== undefined);

    const undelivered = await first.leave(colleague.carriedOver ?? 0n);
    const missing = this.#wordsOf(this.#worker, client.heard, saidByFirst);
    if (!isDeepStrictEqual(undelivered, missing)) throw new Error("the first worker knows something else");
    this.#worker.isMute = false;
  }

  /** Until everything has arrived and the client has closed. */
  async run(): Promise<Report> {
    const seats = [this.#client, this.#worker];
    await this.#until(() => seats.every(({ delivered }) => delivered === this.#messages));
    this.#client.end.close();
    await this.#turn(this.#client, []);
    await this.#until(() => this.#client.end.isSettled && this.#worker.end.isClosed);
    await this.#worker.end.stop();
    const messages = this.#client.heard + this.#worker.heard;
    const renewals = this.#worker.end.generation;
    return {
      messages,
      ...this.counts,
      renewals,
      ...this.#line.counts,
      seconds: Math.round(this.#now / SECOND),
    };
  }

  async #until(isReached: () => boolean): Promise<void> {
    while (!isReached()) await this.#step();
  }

  async #step(): Promise<void> {
    const { at, event } = this.#agenda.next();
    if (at > this.#progressAt + PROGRESS_MAX) {
      throw new Error(`stuck: the worker has heard ${this.#worker.heard}, the client ${this.#client.heard}`);
    }
    this.#now = at;
    switch (event.type) {
      case "say":
        return this.#say(event.seat);
      case "wake":
        if (event.seat.line !== undefined && event.seat.wakesAt === at) await this.#turn(event.seat, []);
        return;
      case "silence":
        if (at >= event.seat.heardNewAt + SILENT_AFTER_MS * 1000) this.#drop(event.seat);
        this.#agenda.plan(at + SECOND, event);
        return;
      case "cover":
        this.#planAfter(COVER_CHANGES_EVERY, event);
        await this.#turn(event.seat, [
          { type: "cover", cover: this.#random.happens(500) ? "steady" : "sparing" },
        ]);
        return;
      case "retry":
        return this.#retry();
      case "cut":
        return this.#cut();
      case "arrive":
        this.#parcels.delete(nameOf(event, at));
        return this.#arrive(event);
    }
  }

  #planAfter(about: number, event: Event): void {
    this.#agenda.plan(this.#now + this.#random.below(2 * about), event);
  }

  /** Lets it happen at this end, checks what the end tells, and carries what it sends. */
  async #turn(seat: Seat, happenings: readonly Happening[]): Promise<Outcome> {
    const { line } = seat;
    const outcome = await seat.end.turn({ at: this.#now, isJoined: line !== undefined, happenings });
    const other = this.#other(seat);
    const wordsOfOther = (number: number): string => wordsOf(this.#setting.seed, other.side, number);
    if (seat.note(outcome, other, wordsOfOther)) this.#progressAt = this.#now;
    if (line !== undefined) {
      for (const cell of outcome.cells) this.#carry(seat, line, cell);
      if (outcome.wakesAt !== seat.wakesAt) this.#agenda.plan(outcome.wakesAt, { type: "wake", seat });
    }
    seat.wakesAt = outcome.wakesAt;
    return outcome;
  }

  /** The next words. Those that find no room now are said later, and those of an end before this one again. */
  async #say(seat: Seat): Promise<void> {
    this.#planAfter(SAY_EVERY, { type: "say", seat });
    const wanted = seat.said + this.#random.between(1, SAID_AT_ONCE_MAX + 1);
    const texts = this.#wordsOf(seat, seat.said, Math.min(wanted, this.#messages));
    if (seat.isMute || texts.length === 0) return;
    await this.#turn(
      seat,
      texts.map((text) => ({ type: "say", text })),
    );
  }

  #wordsOf({ side }: Seat, from: number, to: number): string[] {
    const { seed } = this.#setting;
    return Array.from({ length: to - from }, (_, i) => wordsOf(seed, side, from + i));
  }

  #carry(from: Seat, line: number, cell: Bytes): void {
    this.counts.cells += 1;
    const number = numberOf(cell);
    if (number <= from.highestSent) this.counts.sentAgain += 1;
    else from.highestSent = number;
    for (const arrival of this.#line.carry(from.side, cell)) {
      const at = this.#now + arrival.after;
      const parcel: Parcel = { type: "arrive", to: this.#other(from), line, cells: [arrival.cell] };
      const present = this.#parcels.get(nameOf(parcel, at));
      if (present !== undefined) present.cells.push(arrival.cell);
      else {
        this.#parcels.set(nameOf(parcel, at), parcel);
        this.#agenda.plan(at, parcel);
      }
    }
  }

  async #arrive({ to, line, cells }: Parcel): Promise<void> {
    const isPresent = line === to.line && line === this.#joined;
    const read = isPresent ? cells : cells.filter(() => this.#line.isReadLate());
    if (read.length === 0) return;
    const happenings = read.map((cell) => ({ type: "take", cell }) as const);
    const { isNew, refused } = await this.#turn(to, happenings);
    this.counts.refused += refused;
    if (!isPresent) {
      this.counts.late += read.length;
      return;
    }
    if (isNew) to.heardNewAt = this.#now;
    if (refused > 0) this.#drop(to);
  }

  /** The line breaks; who notices at once, and for how long the relay is gone, is chance. */
  #cut(): void {
    this.counts.cuts += 1;
    this.#joined = undefined;
    if (this.#random.happens(RELAY_GONE)) {
      this.#relayIsBackAt = this.#now + this.#random.below(RELAY_GONE_MAX);
    }
    for (const seat of [this.#client, this.#worker]) if (this.#random.happens(500)) this.#leave(seat);
    this.#planAfter(CUT_EVERY, { type: "cut" });
  }

  /** An end closes its socket, and the relay the other's. */
  #drop(seat: Seat): void {
    if (seat.line === undefined) return;
    if (seat.line === this.#joined) {
      this.#joined = undefined;
      this.#leave(this.#other(seat));
    }
    this.#leave(seat);
  }

  #leave(seat: Seat): void {
    if (seat.line === undefined) return;
    seat.line = undefined;
    seat.brokenSince = this.#now;
    if (seat === this.#client) this.#agenda.plan(this.#now, { type: "retry" });
  }

  /** A worker waits at its routes also while it is joined: they meet when the client comes. */
  async #retry(): Promise<void> {
    if (this.#now >= this.#relayIsBackAt) return this.#join();
    const brokenForMs = (this.#now - this.#client.brokenSince) / 1000;
    const delay = retryDelayMs(brokenForMs, this.#random.chance()) * 1000;
    this.#agenda.plan(this.#now + Math.ceil(delay), { type: "retry" });
  }

  async #join(): Promise<void> {
    if (!this.#client.shares(this.#worker)) throw new Error("the ends wait at different routes");
    this.counts.joins += 1;
    this.#joined = this.counts.joins;
    for (const seat of [this.#client, this.#worker]) {
      seat.line = this.#joined;
      seat.heardNewAt = this.#now;
    }
    for (const seat of [this.#client, this.#worker]) await this.#turn(seat, [{ type: "join" }]);
  }

  #other(seat: Seat): Seat {
    return seat === this.#client ? this.#worker : this.#client;
  }
}

function nameOf({ to, line }: Parcel, at: number): string {
  return `${to.side} ${line} ${at}`;
}

/** A cell's number; it stays below 2^32. */
function numberOf(cell: Bytes): number {
  return new DataView(cell.buffer, cell.byteOffset).getUint32(4);
}
