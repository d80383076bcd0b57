// From Start to the keys: knocks at the relay, waits for an advisor, and lets the one who answers prove who it is.

import type { Bytes } from "../protocol/bytes.ts";
import { CELL_SIZE } from "../protocol/cell.ts";
import type { ShiftCertificate } from "../protocol/certificate.ts";
import { CLOSE } from "../protocol/close.ts";
import { decodeFrameFromRelay, encodeFrame, type FrameFromRelay } from "../protocol/frame.ts";
import { type AwaitingAnswer, HandshakeError, startHandshake } from "../protocol/handshake.ts";
import { factsOf } from "../protocol/languages.ts";
import { type Link, token } from "../protocol/link.ts";
import type { Session } from "../protocol/session.ts";
import { SUBJECT, type Triage } from "../protocol/triage.ts";
import type { Language } from "../shared/text.ts";
import { AnswerCells } from "./answer-cells.ts";
import { closingOf } from "./closing.ts";
import { Connection, FIRST_WORD_MIN_MILLISECONDS, type Listener } from "./connection.ts";
import type { Event, Status } from "./consultation.ts";
import { Sum } from "./sum.ts";
import type { SubjectName } from "./triage.ts";
import type { World } from "./world.ts";

const CLOCK_DIFFERENCE_MAX_SECONDS = 3_600;
const ANSWER_MAX_MILLISECONDS = 20_000;
/**
 * A relay says nothing while nothing changes, and its pings do not reach a page: so a socket that is dead is never
 * known as such. After this time the same opening goes out on another one, which takes the place of the first.
 */
const QUIET_MAX_MILLISECONDS = 120_000;
/** The same for a page that was asleep or out of sight. */
const QUIET_ASLEEP_MAX_MILLISECONDS = 15_000;

/** What the conversation begins with. */
export interface Met {
  readonly session: Session;
  readonly worker: ShiftCertificate;
  readonly authority: Uint8Array;
  readonly triage: Triage;
  /** Its socket carries cells now. */
  readonly connection: Connection;
  /** The relay's time, by which certificates are judged. */
  nowSeconds(): number;
}

interface Choices {
  /** Told to the worker, so that somebody who speaks it accepts. */
  readonly language: Language;
  readonly subject: SubjectName;
}

interface Handshake extends Choices {
  readonly triage: Triage;
  readonly awaiting: AwaitingAnswer;
  /** Sent again as it is whenever the socket broke: the relay lets the same opening in. */
  readonly openFrame: Bytes;
}

export class Meeting implements Listener {
  readonly address = "/ws/client";
  readonly firstWordMilliseconds = FIRST_WORD_MIN_MILLISECONDS;
  readonly #world: World;
  readonly #link: Link;
  readonly #tell: (event: Event) => Status;
  readonly #met: (met: Met) => void;

  #choices: Choices | undefined;
  #handshake: Handshake | undefined;
  #relayAheadMilliseconds = 0;

  #connection: Connection | undefined;
  #heardAt = 0;
  #isMatched = false;
  /** Asked for on the present socket, done or under way. */
  #sum: Sum | undefined;
  #answer = new AnswerCells();
  #answerTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(world: World, link: Link, tell: (event: Event) => Status, met: (met: Met) => void) {
    this.#world = world;
    this.#link = link;
    this.#tell = tell;
    this.#met = met;
  }

  start(choices: Choices): void {
    this.stop();
    this.#choices = choices;
    this.#connection = new Connection(this.#world, this);
  }

  stop(code: number = CLOSE.done): void {
    this.#forgetSocket();
    this.#connection?.stop(code);
    this.#connection = undefined;
  }

  wipe(): void {
    this.stop();
    this.#handshake?.awaiting.wipe();
    this.#handshake = undefined;
    this.#link.psk.fill(0);
  }

  tryNow(): void {
    this.#connection?.tryNow();
  }

  /** The device has a network again: a socket from before is dead, though it may not know. */
  comeOnline(): void {
    if (this.#isMatched) this.#connection?.drop();
    else {
      this.#tell({ type: "online" });
      this.#connection?.renew();
    }
  }

  goOffline(): void {
    if (this.#connection !== undefined && !this.#isMatched)
      this.#tell({ type: "closed", closing: "offline" });
  }

  beat(hasSlept: boolean): void {
    if (this.#isMatched) return;
    const now = this.#world.elapsedMilliseconds();
    const quietMax = hasSlept ? QUIET_ASLEEP_MAX_MILLISECONDS : QUIET_MAX_MILLISECONDS;
    if (now - this.#heardAt < quietMax) return;
    this.#heardAt = now;
    this.#connection?.renew();
  }

  greeting(): undefined {
    return undefined;
  }

  message(bytes: Uint8Array, isFirst: boolean): void {
    this.#heardAt = this.#world.elapsedMilliseconds();
    if (this.#isMatched) this.#takeAnswer(bytes);
    else this.#takeFrame(bytes, isFirst);
  }

  closed(code: number): "again" | "stop" {
    this.#forgetSocket();
    const meaning = closingOf(code);
    const closing = meaning === "lost" && !this.#world.isOnline() ? "offline" : meaning;
    if (this.#tell({ type: "closed", closing }) === "waiting") return "again";
    this.stop();
    return "stop";
  }

  #forgetSocket(): void {
    clearTimeout(this.#answerTimer);
    this.#isMatched = false;
    this.#sum?.stop();
    this.#sum = undefined;
  }

  #takeFrame(bytes: Uint8Array, isFirst: boolean): void {
    if (isFirst) this.#forgetSocket();
    const frame = readFrame(bytes);
    if (frame === undefined || (frame.type === "relay_time") !== isFirst) {
      this.#relayBroken();
      return;
    }
    switch (frame.type) {
      case "relay_time":
        this.#knock(frame.time);
        return;
      case "puzzle":
        this.#solve(frame.seed, frame.bits);
        return;
      case "waiting":
        this.#sum?.stop();
        this.#tell({ type: "waits", wait: frame.wait });
        return;
      case "matched":
        this.#sum?.stop();
        this.#isMatched = true;
        this.#answer = new AnswerCells();
        this.#answerTimer = setTimeout(() => this.#connection?.drop(), ANSWER_MAX_MILLISECONDS);
        this.#tell({ type: "matched" });
        return;
      case "alone":
      case "joined":
        this.#relayBroken();
    }
  }

  #knock(relaySeconds: number): void {
    const nowMilliseconds = this.#world.nowMilliseconds();
    if (Math.abs(relaySeconds * 1_000 - nowMilliseconds) > CLOCK_DIFFERENCE_MAX_SECONDS * 1_000) {
      this.stop();
      const [relayTime, deviceTime] = [new Date(relaySeconds * 1_000), new Date(nowMilliseconds)];
      this.#tell({ type: "clock-differs", relayTime, deviceTime });
      return;
    }
    this.#relayAheadMilliseconds = relaySeconds * 1_000 - this.#world.elapsedMilliseconds();
    const handshake = this.#readyHandshake();
    if (handshake !== undefined) this.#connection?.send(handshake.openFrame);
  }

  /** Only doors can be crowded, and each socket is asked once: a relay cannot keep a device busy for ever. */
  #solve(seed: Bytes, bits: number): void {
    if (this.#link.kind !== "door" || this.#sum !== undefined) {
      this.#relayBroken();
      return;
    }
    this.#tell({ type: "waits", wait: "puzzle" });
    this.#sum = new Sum(this.#world, { seed, linkId: this.#link.linkId, bits }, (nonce) =>
      this.#connection?.send(encodeFrame({ type: "solution", nonce })),
    );
  }

  /** The same choices give the same opening, also after leaving: a worker may have accepted it meanwhile. */
  #readyHandshake(): Handshake | undefined {
    const [choices, before] = [this.#choices, this.#handshake];
    if (choices === undefined) return undefined;
    const { language, subject } = choices;
    if (before !== undefined && before.language === language && before.subject === subject) return before;
    before?.awaiting.wipe();
    const { authority, channel, psk } = this.#link;
    const triage = { language: factsOf(language).byte, subject: SUBJECT[subject], channel };
    // A copy, because starting a handshake wipes the psk, and the person may come back with other choices.
    const link = { ...this.#link, psk: psk.slice() };
    const awaiting = startHandshake(link, this.#world.origin, triage, this.#world.random);
    const openFrame = encodeFrame({ type: "open", authority, token: token(link), opening: awaiting.opening });
    this.#handshake = { ...choices, triage, awaiting, openFrame };
    return this.#handshake;
  }

  #takeAnswer(bytes: Uint8Array): void {
    if (bytes.length !== CELL_SIZE) {
      this.#relayBroken();
      return;
    }
    const answer = this.#answer.take(bytes);
    const [handshake, connection] = [this.#handshake, this.#connection];
    if (answer === undefined || handshake === undefined || connection === undefined) return;
    clearTimeout(this.#answerTimer);
    // The relay's clock, which is within an hour of the device's: a certificate of this very hour would
    // otherwise seem false to a person whose clock is a little wrong.
    const nowSeconds = (): number =>
      (this.#world.elapsedMilliseconds() + this.#relayAheadMilliseconds) / 1_000;
    try {
      const { session, worker } = handshake.awaiting.finish(answer, nowSeconds());
      const { authority } = this.#link;
      this.#connection = undefined;
      this.#met({ session, worker, authority, triage: handshake.triage, connection, nowSeconds });
    } catch (error) {
      if (!(error instanceof HandshakeError)) throw error;
      this.stop(CLOSE.malformed);
      this.#tell({ type: "advisor-unproven" });
    }
  }

  #relayBroken(): void {
    this.stop(CLOSE.malformed);
    this.#tell({ type: "relay-broken" });
  }
}

function readFrame(bytes: Uint8Array): FrameFromRelay | undefined {
  try {
    return decodeFrameFromRelay(bytes);
  } catch {
    return undefined;
  }
}
