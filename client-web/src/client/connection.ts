// One socket after another to the relay, for as long as its listener wants one.

import type { Bytes } from "../protocol/bytes.ts";
import { CLOSE } from "../protocol/close.ts";
import { retryDelayMs } from "../protocol/pacer.ts";
import { Later } from "./later.ts";
import type { Socket } from "./socket.ts";
import type { World } from "./world.ts";

/**
 * How long a socket may take until the relay says something. It grows with the time without one: first a network
 * that swallows everything should not cost a minute, but Tor may need one to build a circuit.
 */
export const FIRST_WORD_MIN_MILLISECONDS = 10_000;
const FIRST_WORD_MAX_MILLISECONDS = 60_000;
/** What ended sooner was in vain, whatever came through it: a relay that turns us away is not to be pressed. */
const USEFUL_MIN_MILLISECONDS = 5_000;
/** The relay closes a socket whose place another has taken. If it cannot, we do. */
const LINGER_MILLISECONDS = 10_000;
/** What browsers report for a socket that ended without a close frame. */
const NO_CODE = 1006;

export interface Listener {
  /** Where the next socket goes. */
  readonly address: string;
  /** How long a socket may take there at first, until the relay says something. */
  readonly firstWordMilliseconds: number;
  /** What a new socket says first, if it is not the relay that speaks first. */
  greeting(): Bytes | undefined;
  /** `isFirst`: of a new socket, which from now on is the one. */
  message(bytes: Uint8Array, isFirst: boolean): void;
  /** Says whether to try again: after a while, or at once because the next socket goes somewhere else. */
  closed(code: number): "again" | "next" | "stop";
}

interface Attempt {
  readonly socket: Socket;
  readonly since: number;
  hasSpoken: boolean;
}

export class Connection {
  readonly #world: World;
  #listener: Listener;
  #present: Attempt | undefined;
  /** Opened while the present one may be dead. The first of the two that brings something stays. */
  #beside: Attempt | undefined;
  readonly #retry: Later;
  #brokenSince: number | undefined;
  #isStopped = false;

  constructor(world: World, listener: Listener) {
    this.#world = world;
    this.#listener = listener;
    this.#retry = new Later(world, () => this.tryNow());
    this.#present = this.#dial();
  }

  /** The socket stays; what it brings goes to another listener, and the next one goes where that one wants. */
  handTo(listener: Listener): void {
    this.#listener = listener;
  }

  /** Bytes for a socket that has gone are dropped: `closed` has said or will say so. */
  send(bytes: Bytes): void {
    this.#present?.socket.send(bytes);
  }

  /** Whatever the device says about its network: somebody has pressed a button. */
  tryNow(): void {
    if (this.#present !== undefined || this.#beside !== undefined) return;
    this.#retry.cancel();
    this.#present = this.#dial();
  }

  /** The same without a press. */
  tryAgain(): void {
    if (this.#world.isOnline()) this.tryNow();
  }

  /** Another socket instead of whatever is there: at once, or when there is a network. */
  redial(): void {
    this.#release(CLOSE.silent);
    if (this.#world.isOnline()) this.#present = this.#dial();
    else this.#retry.in(0);
  }

  /** The socket may be dead, though it does not know: another takes its place as soon as the relay answers it. */
  renew(): void {
    if (this.#beside !== undefined || !this.#world.isOnline()) return;
    if (this.#present?.hasSpoken === true) this.#beside = this.#dial();
    else this.redial();
  }

  /** Gives the socket up; the listener is asked about another one. */
  drop(code: number = CLOSE.silent): void {
    const attempt = this.#present;
    this.#release(code);
    if (attempt !== undefined) this.#broken(NO_CODE);
  }

  /** The listener hears nothing more. */
  stop(code: number = CLOSE.done): void {
    this.#isStopped = true;
    this.#release(code);
  }

  #release(code: number): void {
    this.#retry.cancel();
    const attempts = [this.#present, this.#beside];
    this.#judge(this.#present);
    this.#present = undefined;
    this.#beside = undefined;
    for (const attempt of attempts) attempt?.socket.close(code);
  }

  #dial(): Attempt {
    const now = this.#world.elapsedMilliseconds();
    const attempt: Attempt = {
      since: now,
      hasSpoken: false,
      socket: this.#world.openSocket(this.#listener.address, {
        opened: () => this.#opened(attempt),
        message: (bytes) => this.#message(attempt, bytes),
        closed: (code) => this.#closed(attempt, code),
      }),
    };
    const brokenMilliseconds = now - (this.#brokenSince ?? now);
    const patience = Math.max(brokenMilliseconds / 2, this.#listener.firstWordMilliseconds);
    setTimeout(
      () => {
        if (!attempt.hasSpoken) this.#closed(attempt, NO_CODE);
      },
      Math.min(patience, FIRST_WORD_MAX_MILLISECONDS),
    );
    return attempt;
  }

  #has(attempt: Attempt): boolean {
    return attempt === this.#present || attempt === this.#beside;
  }

  #opened(attempt: Attempt): void {
    if (!this.#has(attempt)) return;
    const greeting = this.#listener.greeting();
    if (greeting !== undefined) attempt.socket.send(greeting);
  }

  #message(attempt: Attempt, bytes: Uint8Array): void {
    if (!this.#has(attempt)) return;
    if (attempt === this.#beside) this.#succeed(attempt);
    else this.#beside?.socket.close(CLOSE.done);
    this.#beside = undefined;
    const isFirst = !attempt.hasSpoken;
    attempt.hasSpoken = true;
    this.#listener.message(bytes, isFirst);
  }

  /** Closed at once, the old socket would cost its place in the waiting room before the new one has said whose it is. */
  #succeed(attempt: Attempt): void {
    const old = this.#present;
    this.#judge(old);
    this.#present = attempt;
    setTimeout(() => old?.socket.close(CLOSE.done), LINGER_MILLISECONDS);
  }

  #judge(attempt: Attempt | undefined): void {
    if (attempt?.hasSpoken !== true) return;
    const livedMilliseconds = this.#world.elapsedMilliseconds() - attempt.since;
    if (livedMilliseconds >= USEFUL_MIN_MILLISECONDS) this.#brokenSince = undefined;
  }

  #closed(attempt: Attempt, code: number): void {
    if (!this.#has(attempt)) return;
    if (attempt === this.#present && this.#beside !== undefined) {
      this.#present = undefined; // its place has been taken, perhaps
      return;
    }
    this.#release(CLOSE.silent);
    this.#broken(code);
  }

  #broken(code: number): void {
    const then = this.#listener.closed(code);
    if (then === "stop" || this.#isStopped) return;
    const now = this.#world.elapsedMilliseconds();
    const since = this.#brokenSince;
    const delay =
      since === undefined || then === "next" ? 0 : retryDelayMs(now - since, this.#world.chance());
    this.#brokenSince = since ?? now;
    this.#retry.in(delay);
  }
}
