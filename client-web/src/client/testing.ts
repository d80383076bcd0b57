// For tests alone: a visit whose world is the test. Nothing that ships imports this.

import { expect, vi } from "vitest";
import type { Bytes } from "../protocol/bytes.ts";
import { CLOSE, type CloseName } from "../protocol/close.ts";
import { decodeFrame, encodeFrame, type OpenFrame } from "../protocol/frame.ts";
import type { Node } from "../protocol/nodes.ts";
import { issueLinkText, NOW, ORIGIN, pseudoRandom } from "../protocol/testing.ts";
import type { Language } from "../shared/text.ts";
import type { State, StateOf } from "./consultation.ts";
import type { CleanOutcome } from "./file.ts";
import { sampleStart } from "./gallery-sample.ts";
import type { InApp } from "./in-app.ts";
import type { Reading } from "./reading.ts";
import type { CardOutcome } from "./service.ts";
import type { Socket, SocketListener } from "./socket.ts";
import { Visit } from "./visit.ts";
import type { Record } from "./voice.ts";
import type { World } from "./world.ts";

/** A socket whose other end is the test. */
export class FakeSocket implements Socket {
  readonly address: string;
  readonly sent: Bytes[] = [];
  closedWith: number | undefined;
  /** Half-open: neither end knows, and nothing passes. */
  isDead = false;
  onSent: (bytes: Bytes) => void = () => undefined;
  onClosed: () => void = () => undefined;
  readonly #listener: SocketListener;
  readonly #isHushed: () => boolean;

  constructor(address: string, listener: SocketListener, isHushed: () => boolean) {
    this.address = address;
    this.#listener = listener;
    this.#isHushed = isHushed;
  }

  get isGone(): boolean {
    return this.closedWith !== undefined;
  }

  send(bytes: Bytes): void {
    if (this.isGone || this.#isHushed()) return;
    this.sent.push(bytes);
    if (!this.isDead) this.onSent(bytes);
  }

  close(code: number): void {
    if (this.isGone || this.#isHushed()) return;
    this.closedWith = code;
    this.onClosed();
  }

  opens(): void {
    if (!this.isGone && !this.isDead) this.#listener.opened();
  }

  brings(bytes: Uint8Array): void {
    if (!this.isGone && !this.isDead) this.#listener.message(bytes.slice());
  }

  /** 1006 is what browsers report for a socket that broke without a word. */
  breaks(code = 1006): void {
    if (this.isGone) return;
    this.closedWith = code;
    this.onClosed();
    this.#listener.closed(code);
  }

  breaksFor(name: CloseName): void {
    this.breaks(CLOSE[name]);
  }
}

export class Bench implements World {
  origin = ORIGIN;
  pageOrigin = ORIGIN;
  isApart = false;
  readonly random = pseudoRandom("visit");
  readonly states: State[] = [];
  readonly sockets: FakeSocket[] = [];
  readonly visit: Visit;
  cards: CardOutcome[] = [{ card: sampleStart.card }];
  readings: Reading[] = [];
  readonly readingsAsked: Language[] = [];
  chances = () => 0.5;
  online = true;
  saveData = false;
  clockAheadSeconds = 0;
  inApp: InApp | undefined;
  /** What was put into the address bar, one after another. */
  readonly fragments: string[] = [];
  isHushed = false;
  /** What the relay says of its nodes. */
  nodes: readonly Node[] | undefined;
  readonly nodesAskedAt: number[] = [];
  onSocket: (socket: FakeSocket) => void = () => undefined;
  #frozenMilliseconds = 0;
  readonly #startedAt = Date.now();

  constructor() {
    this.visit = new Visit(this);
  }

  soon(act: () => void): void {
    setTimeout(act, 0);
  }

  chance(): number {
    return this.chances();
  }

  nowMilliseconds(): number {
    return NOW * 1_000 + this.elapsedMilliseconds() + this.clockAheadSeconds * 1_000;
  }

  elapsedMilliseconds(): number {
    return Date.now() - this.#startedAt + this.#frozenMilliseconds;
  }

  isOnline(): boolean {
    return this.online;
  }

  savesData(): boolean {
    return this.saveData;
  }

  async fetchCard(): Promise<CardOutcome> {
    return this.cards.shift() ?? { card: sampleStart.card };
  }

  async fetchLeaflets(_: Uint8Array, language: Language): Promise<Reading> {
    this.readingsAsked.push(language);
    return this.readings.shift() ?? { language, stage: "none" };
  }

  /** What cleaning comes to. */
  cleans: CleanOutcome = { problem: "damaged" };

  async clean(): Promise<CleanOutcome> {
    return this.cleans;
  }

  /** What recording comes to. */
  record: Record | undefined;

  async fetchNodes(): Promise<readonly Node[] | undefined> {
    this.nodesAskedAt.push(this.elapsedMilliseconds());
    return this.nodes;
  }

  openSocket(address: string, listener: SocketListener): FakeSocket {
    const socket = new FakeSocket(address, listener, () => this.isHushed);
    this.sockets.push(socket);
    this.onSocket(socket);
    return socket;
  }

  hush(): void {
    this.isHushed = true;
  }

  putInAddressBar(fragment: string): void {
    this.fragments.push(fragment);
  }

  show(state: State): void {
    this.states.push(state);
  }

  get state(): State | undefined {
    return this.states.at(-1);
  }

  get talking(): StateOf<"talking"> {
    if (this.state?.status !== "talking") throw new Error(`the page shows ${this.state?.status}`);
    return this.state;
  }

  /** The person's messages, and whether each is shown as delivered. */
  get own(): readonly (readonly [string, boolean])[] {
    return this.talking.entries.flatMap((entry) =>
      entry.from === "you" ? [[entry.text, entry.isDelivered]] : [],
    );
  }

  /** What the page has said of the line, one after another. */
  get linesShown(): readonly StateOf<"talking">["line"][] {
    return this.states
      .flatMap((state) => (state.status === "talking" ? [state.line] : []))
      .filter((line, i, all) => line !== all[i - 1]);
  }

  /** The newest. */
  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error("no socket was opened");
    return socket;
  }

  get openSockets(): readonly FakeSocket[] {
    return this.sockets.filter(({ isGone }) => !isGone);
  }

  async passes(milliseconds: number): Promise<void> {
    await vi.advanceTimersByTimeAsync(milliseconds);
  }

  /** Time goes on, but nothing on the page does. */
  freezes(milliseconds: number): void {
    this.#frozenMilliseconds += milliseconds;
  }

  async toWelcome(fragment = `#${issueLinkText()}`): Promise<void> {
    this.visit.open(fragment);
    await this.passes(0);
  }

  /** The worker of a relay that has one accepts at once, and proves to be one. */
  async toTalking(): Promise<void> {
    await this.toWelcome();
    this.visit.start("ru");
    await this.passes(500);
    expect(this.state?.status).toBe("talking");
  }

  /** What the relay says first on a new socket. */
  time(time = NOW): void {
    this.socket.opens();
    this.socket.brings(encodeFrame({ type: "relay_time", time }));
  }

  /** Up to the open frame, which is returned. */
  async toKnock(relayTime = NOW): Promise<OpenFrame> {
    await this.toWelcome();
    this.visit.start("ru");
    this.time(relayTime);
    return this.openFrame();
  }

  openFrame(): OpenFrame {
    const frame = decodeFrame(this.socket.sent.at(-1) ?? new Uint8Array());
    if (frame.type !== "open") throw new Error("no open frame was sent");
    return frame;
  }
}
