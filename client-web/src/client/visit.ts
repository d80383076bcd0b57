// One visit, from a link to the end: joins the state machine to the relay, the clock and the keys. The world
// comes in as an argument, so that tests can bring their own.

import type { Bytes } from "../protocol/bytes.ts";
import { CELL_SIZE } from "../protocol/cell.ts";
import { decodeFrameFromRelay, encodeFrame } from "../protocol/frame.ts";
import { type AwaitingAnswer, HandshakeError, type Random, startHandshake } from "../protocol/handshake.ts";
import { type Link, LinkError, linkExpiresAt, parseLink, token } from "../protocol/link.ts";
import { LANGUAGE, SUBJECT } from "../protocol/triage.ts";
import type { Language } from "../shared/text.ts";
import { closingOf } from "./closing.ts";
import { type Connection, type Listener, retryMilliseconds } from "./connection.ts";
import { type Event, type State, type Status, step } from "./consultation.ts";
import { Conversation } from "./conversation.ts";
import type { CardOutcome } from "./service.ts";
import type { SubjectName } from "./triage.ts";

const CLOCK_DIFFERENCE_MAX_SECONDS = 3_600;
const ANSWER_MAX_MILLISECONDS = 20_000;
const CLOSE_MAX_MILLISECONDS = 5_000;
const ANSWER_CELLS = 2;

export interface World {
  readonly origin: string;
  readonly random: Random;
  nowMilliseconds(): number;
  fetchCard(authority: Uint8Array): Promise<CardOutcome>;
  connect(listener: Listener): Pick<Connection, "send" | "tryNow" | "drop" | "stop">;
  show(state: State): void;
}

interface Handshake {
  readonly language: Language;
  readonly subject: SubjectName;
  readonly awaiting: AwaitingAnswer;
  /** Sent again as it is whenever the socket broke: the relay lets the same opening in. */
  readonly openFrame: Bytes;
}

export class Visit {
  readonly #world: World;
  #state: State = { status: "checking" };
  #link: Link | undefined;

  #cardTimer: ReturnType<typeof setTimeout> | undefined;
  #cardFailures = 0;

  #connection: ReturnType<World["connect"]> | undefined;
  #isTimeRead = false;
  #relayAheadMilliseconds = 0;

  #handshake: Handshake | undefined;
  #answer: Uint8Array[] = [];
  #answerTimer: ReturnType<typeof setTimeout> | undefined;

  #conversation: Conversation | undefined;

  constructor(world: World) {
    this.#world = world;
  }

  get status(): Status {
    return this.#state.status;
  }

  /** Takes the fragment of the address. */
  open(fragment: string): void {
    this.#world.show(this.#state);
    const link = this.#readLink(fragment);
    if (typeof link === "string") {
      this.#tell({ type: "link-read", problem: link });
      return;
    }
    this.#link = link;
    this.#lookUpService(link);
  }

  pick(subject: SubjectName): void {
    this.#tell({ type: "subject-picked", subject });
  }

  /** `language` is told to the worker, so that somebody who speaks it accepts. */
  start(language: Language): void {
    const link = this.#link;
    if (link === undefined) return;
    this.#tell({ type: "started" });
    if (this.#state.status !== "waiting") return;
    const { subject } = this.#state;
    this.#connection?.stop();
    this.#isTimeRead = false;
    this.#connection = this.#world.connect({
      message: (bytes) => this.#receive(bytes, link, language, subject),
      closed: (code) => this.#closed(code),
    });
  }

  /** Back to the welcome, from a state before the conversation. */
  leave(): void {
    this.#stopWaiting();
    this.#tell({ type: "left" });
  }

  tryNow(): void {
    if (this.#state.status === "waiting") this.#connection?.tryNow();
    else if (this.#state.status === "unreachable" && this.#link !== undefined)
      this.#lookUpService(this.#link);
  }

  /** The device has a network again: a socket from before is dead, though it may not know. */
  comeOnline(): void {
    if (this.#state.status === "waiting" && this.#state.isConnected) this.#connection?.drop();
    this.tryNow();
  }

  say(text: string): void {
    if (this.#state.status !== "talking" || this.#conversation === undefined) return;
    // Half of a broken pair of surrogates, as a paste may leave it, has no UTF-8.
    const sound = text.replace(/\p{Surrogate}/gu, "\uFFFD");
    const id = this.#conversation.say(sound);
    this.#tell({ type: "said", id, text: sound });
  }

  askEnd(): void {
    this.#tell({ type: "end-asked" });
  }

  cancelEnd(): void {
    this.#tell({ type: "end-cancelled" });
  }

  /** What was said leaves the page at once; the socket stays a moment to learn that the advisor knows. */
  end(): void {
    if (this.#state.status !== "talking") return;
    this.#conversation?.close();
    this.#tell({ type: "ended", how: "by-you" });
    this.#forgetSoon();
  }

  /** The tab is closing or going elsewhere: nothing may be there when somebody presses Back. */
  abandon(): void {
    this.end();
    this.leave();
    this.#forget();
  }

  #readLink(fragment: string): Link | "no-link" | "link-damaged" | "link-unsupported" | "link-expired" {
    if (fragment.replace(/^#/, "") === "") return "no-link";
    try {
      const link = parseLink(fragment);
      return linkExpiresAt(link) * 1_000 <= this.#world.nowMilliseconds() ? "link-expired" : link;
    } catch (error) {
      if (error instanceof LinkError) return `link-${error.code}`;
      throw error;
    }
  }

  async #lookUpService(link: Link): Promise<void> {
    clearTimeout(this.#cardTimer);
    const outcome = await this.#world.fetchCard(link.authority);
    if ("card" in outcome) {
      this.#tell({ type: "card-opened", card: outcome.card });
      return;
    }
    this.#tell({ type: "card-missing", problem: outcome.problem });
    if (this.#state.status !== "unreachable") return;
    clearTimeout(this.#cardTimer);
    this.#cardTimer = setTimeout(
      () => this.#lookUpService(link),
      retryMilliseconds(this.#cardFailures, Math.random()),
    );
    this.#cardFailures += 1;
  }

  #receive(bytes: Uint8Array, link: Link, language: Language, subject: SubjectName): void {
    if (this.#conversation !== undefined) this.#receiveCell(this.#conversation, bytes);
    else if (this.#state.status === "securing") this.#receiveAnswer(bytes);
    else this.#receiveFrame(bytes, link, language, subject);
  }

  #receiveFrame(bytes: Uint8Array, link: Link, language: Language, subject: SubjectName): void {
    let frame: ReturnType<typeof decodeFrameFromRelay>;
    try {
      frame = decodeFrameFromRelay(bytes);
    } catch {
      this.#relayBroken();
      return;
    }
    if ((frame.type === "relay_time") === this.#isTimeRead) {
      this.#relayBroken();
      return;
    }
    switch (frame.type) {
      case "relay_time":
        this.#isTimeRead = true;
        this.#knock(frame.time, link, language, subject);
        return;
      case "waiting":
        this.#tell({ type: "waits", wait: frame.wait });
        return;
      case "matched":
        this.#answerTimer = setTimeout(() => this.#connection?.drop(), ANSWER_MAX_MILLISECONDS);
        this.#tell({ type: "matched" });
        return;
    }
  }

  #knock(relaySeconds: number, link: Link, language: Language, subject: SubjectName): void {
    const nowMilliseconds = this.#world.nowMilliseconds();
    this.#relayAheadMilliseconds = relaySeconds * 1_000 - nowMilliseconds;
    if (Math.abs(this.#relayAheadMilliseconds) > CLOCK_DIFFERENCE_MAX_SECONDS * 1_000) {
      this.#stopWaiting();
      const [relayTime, deviceTime] = [new Date(relaySeconds * 1_000), new Date(nowMilliseconds)];
      this.#tell({ type: "clock-differs", relayTime, deviceTime });
      return;
    }
    this.#connection?.send(this.#handshakeFor(link, language, subject).openFrame);
  }

  /** The same choices give the same opening, also after leaving: a worker may have accepted it meanwhile. */
  #handshakeFor(link: Link, language: Language, subject: SubjectName): Handshake {
    const before = this.#handshake;
    if (before !== undefined && before.language === language && before.subject === subject) return before;
    before?.awaiting.wipe();
    // A copy, because starting a handshake wipes the psk, and the person may come back with other choices.
    const awaiting = startHandshake(
      { ...link, psk: link.psk.slice() },
      this.#world.origin,
      { language: LANGUAGE[language], subject: SUBJECT[subject], channel: link.channel },
      this.#world.random,
    );
    const { authority } = link;
    const openFrame = encodeFrame({ type: "open", authority, token: token(link), opening: awaiting.opening });
    this.#handshake = { language, subject, awaiting, openFrame };
    return this.#handshake;
  }

  #receiveAnswer(bytes: Uint8Array): void {
    if (bytes.length !== CELL_SIZE) {
      this.#relayBroken();
      return;
    }
    this.#answer.push(bytes);
    if (this.#answer.length < ANSWER_CELLS || this.#handshake === undefined) return;
    clearTimeout(this.#answerTimer);
    const answer = new Uint8Array(CELL_SIZE * ANSWER_CELLS);
    this.#answer.forEach((cell, i) => {
      answer.set(cell, CELL_SIZE * i);
    });
    try {
      // The relay's clock, which is within an hour of the device's: a certificate of this very hour would
      // otherwise seem false to a person whose clock is a little wrong.
      const nowSeconds = (this.#world.nowMilliseconds() + this.#relayAheadMilliseconds) / 1_000;
      const { session, worker } = this.#handshake.awaiting.finish(answer, nowSeconds);
      this.#conversation = new Conversation(session, (cell) => this.#connection?.send(cell));
      this.#tell({ type: "advisor-proven", worker: { alias: worker.alias, role: worker.role } });
    } catch (error) {
      if (!(error instanceof HandshakeError)) throw error;
      this.#forget();
      this.#tell({ type: "advisor-unproven" });
    }
  }

  #receiveCell(conversation: Conversation, bytes: Uint8Array): void {
    let heard: ReturnType<Conversation["receive"]>;
    try {
      heard = conversation.receive(bytes);
    } catch {
      this.#relayBroken();
      return;
    }
    if (heard.deliveredIds.length > 0) this.#tell({ type: "delivered", ids: heard.deliveredIds });
    if (heard.text !== undefined) {
      this.#tell({ type: "heard", id: conversation.takeId(), text: heard.text });
    }
    if (heard.isCloseDelivered) {
      this.#forget();
      return;
    }
    if (heard.isClosed) {
      this.#tell({ type: "ended", how: "by-advisor" });
      this.#forgetSoon();
    }
  }

  #closed(code: number): "again" | "stop" {
    clearTimeout(this.#answerTimer);
    this.#answer = [];
    this.#isTimeRead = false;
    this.#tell({ type: "closed", closing: closingOf(code) });
    if (this.#state.status === "waiting") return "again";
    const canStartAgain = this.#state.status === "refused" && this.#state.again !== undefined;
    if (!canStartAgain) this.#forget();
    return "stop";
  }

  #relayBroken(): void {
    this.#tell({ type: "relay-broken" });
    if (this.#state.status === "refused") this.#stopWaiting();
    else this.#forget();
  }

  #stopWaiting(): void {
    clearTimeout(this.#answerTimer);
    this.#answer = [];
    this.#connection?.stop();
    this.#connection = undefined;
  }

  #forgetSoon(): void {
    setTimeout(() => this.#forget(), CLOSE_MAX_MILLISECONDS);
  }

  /** Keys, link and socket: after this the visit can do nothing more. */
  #forget(): void {
    clearTimeout(this.#cardTimer);
    this.#stopWaiting();
    this.#conversation?.wipe();
    this.#conversation = undefined;
    this.#handshake?.awaiting.wipe();
    this.#handshake = undefined;
    this.#link?.psk.fill(0);
    this.#link = undefined;
  }

  #tell(event: Event): void {
    const next = step(this.#state, event);
    if (next === this.#state) return;
    this.#state = next;
    this.#world.show(next);
  }
}
