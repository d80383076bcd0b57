// A running consultation, from the first cell to the last: what comes and goes between the person and the worker,
// over however many sockets, and to another worker if the person agrees.

import type { Bytes } from "../protocol/bytes.ts";
import { CLOSE } from "../protocol/close.ts";
import { SessionError } from "../protocol/errors.ts";
import { ABSENT_AFTER_MS, type Cover } from "../protocol/pacer.ts";
import type { ConsultationRecord, Survey } from "../protocol/record.ts";
import type { Session } from "../protocol/session.ts";
import type { EndedHow, Event, LineShown } from "./consultation.ts";
import { Conversation, type Heard } from "./conversation.ts";
import type { FileUnderWay } from "./file.ts";
import { HandOver } from "./hand-over.ts";
import { Line } from "./line.ts";
import { LineDisplay } from "./line-display.ts";
import type { Met } from "./meeting.ts";
import { Nodes } from "./nodes.ts";
import { VoiceNote } from "./recording.ts";
import { returnLink } from "./return-link.ts";
import { Sending } from "./sending.ts";
import type { World } from "./world.ts";

/** A close of ours is tried for so long, also over new sockets; the advisor's is acknowledged for so long. */
const CLOSE_MAX_MILLISECONDS = 20_000;
const CLOSED_MAX_MILLISECONDS = 5_000;
/** For the first worker to learn that the person has agreed. */
const LEAVING_MAX_MILLISECONDS = 3_000;
/** For the colleague to answer, while we are at the place to meet. */
const ARRIVING_MAX_MILLISECONDS = 20_000;
/** A clock that was set forward looks like a sleep: after either, so much is left to find the other end, once. */
const AWAKE_MIN_MILLISECONDS = 30_000;

export class Talk {
  readonly #world: World;
  readonly #met: Met;
  readonly #tell: (event: Event) => unknown;
  /** Nothing is left to do: keys and socket are gone. */
  readonly #over: () => void;
  readonly #line: Line;
  readonly #sending: Sending;
  /** Until it is offered. */
  readonly voice: VoiceNote;

  /** With the present worker; with the first one until another has answered. */
  #conversation: Conversation;
  #cover: Cover;
  #nextId = 1;
  #isFull = false;

  #isEndProposed = false;
  #handOver: HandOver | undefined;
  #leaveBy: number | undefined;
  #arrivingMilliseconds = 0;

  #heardAt: number;
  #hasSearched = false;
  #offlineAt: number | undefined;
  #display = new LineDisplay();
  #lineTold = "joined 0";

  /** Set once either side has closed. */
  #wipeBy: number | undefined;
  #isClosedByWorker = false;
  #isOver = false;
  #slotTimer: ReturnType<typeof setTimeout> | undefined;
  #beatAt: number;

  /** The first cell proves to the worker that this end is live. */
  constructor(world: World, met: Met, tell: (event: Event) => unknown, over: () => void) {
    this.#world = world;
    this.#met = met;
    this.#tell = tell;
    this.#over = over;
    this.#cover = world.savesData() ? "sparing" : "steady";
    this.#conversation = new Conversation(met.session, this.#cover);
    this.#heardAt = world.elapsedMilliseconds();
    this.#beatAt = this.#heardAt;
    this.#sending = new Sending((file) => world.clean(file), tell);
    this.voice = new VoiceNote(world.record, tell);
    const nodes = new Nodes(world);
    this.#line = new Line(() => world.elapsedMilliseconds(), met.connection, nodes, {
      route: () => this.#route(),
      joined: () => this.#joined(),
      cell: (cell) => this.#takeCell(cell),
      broken: () => this.#broken(),
    });
    const { alias, role } = met.worker;
    tell({
      type: "advisor-proven",
      worker: { alias, role },
      safetyPhrase: met.session.safetyPhrase,
      cover: this.#cover,
      canRecord: world.record !== undefined,
    });
    this.#send();
    nodes.ask();
  }

  /** Says whether the words were taken. What was not taken stays with the person. */
  say(text: string): boolean {
    if (this.#wipeBy !== undefined || !this.#conversation.hasRoom) return false;
    // Half of a broken pair of surrogates, as a paste may leave it, has no UTF-8.
    const sound = text.replace(/\p{Surrogate}/gu, "\uFFFD");
    const id = this.#takeId();
    this.#conversation.say(id, sound);
    this.#tell({ type: "said", id, text: sound });
    this.#send();
    return true;
  }

  choose(cover: Cover): void {
    this.#cover = cover;
    this.#conversation.setCover(cover);
    this.#tell({ type: "cover-chosen", cover });
    this.#send();
  }

  /** One file at a time is open. */
  async chooseFile(file: Blob): Promise<void> {
    if (!this.#canSendFile || this.voice.isOpen) return;
    await this.#sending.choose(file);
  }

  /** The person would like to speak. Nothing is recorded yet. */
  askVoice(): void {
    if (this.#canSendFile) this.voice.ask();
  }

  /** What has no room stays with the person. */
  offerVoice(): void {
    const { bytes } = this.voice;
    if (bytes === undefined || !this.#canSendFile || this.#isGoing) return;
    const content = { kind: "voice", bytes } as const;
    if (this.#sending.offerThis(content, this.#conversation, () => this.#takeId())) this.voice.taken();
    this.#send();
  }

  offerFile(): void {
    if (this.#wipeBy !== undefined || this.#isGoing) return;
    this.#sending.offer(this.#conversation, () => this.#takeId());
    this.#send();
  }

  /** It is not sent; or not to its end. */
  dropFile(): void {
    this.#sending.drop();
    const { file } = this.#conversation;
    if (file === undefined || this.#wipeBy !== undefined) return;
    if (this.#isGoing) this.#conversation.forgetFile();
    else this.#conversation.withdrawFile();
    this.#sending.withdrawn(file);
    this.#send();
  }

  get #canSendFile(): boolean {
    return this.#wipeBy === undefined && this.#conversation.file === undefined;
  }

  answerHandOver(agrees: boolean): void {
    if (this.#handOver === undefined || this.#isGoing || this.#wipeBy !== undefined) return;
    this.#conversation.answer(agrees ? "agreed" : "declined");
    if (agrees) {
      this.#leaveBy = this.#world.elapsedMilliseconds() + LEAVING_MAX_MILLISECONDS;
      this.#tell({ type: "hand-over-agreed" });
      if (!this.#line.isJoined) this.#leave();
    } else {
      this.#forgetHandOver();
      this.#tell({ type: "hand-over-declined" });
    }
    this.#send();
  }

  /** Not yet: the worker suggested to end. */
  declineEnd(): void {
    if (!this.#isEndProposed || this.#wipeBy !== undefined || !this.#conversation.declineEnd()) return;
    this.#isEndProposed = false;
    this.#tell({ type: "end-declined" });
    this.#send();
  }

  /** Before the end; the worker is not shown it. */
  answerSurvey(survey: Survey): void {
    if (this.#wipeBy !== undefined || !this.#conversation.answerSurvey(survey)) return;
    this.#tell({ type: "survey-answered" });
    this.#send();
  }

  /** What was said leaves the page at once. The keys stay a little to tell the worker. */
  end(): void {
    if (this.#wipeBy !== undefined) return;
    this.#tell({ type: "ended", how: "by-you" });
    if (this.#isGoing) this.#goBack();
    this.#forgetHandOver();
    this.#forgetFiles();
    this.#conversation.close();
    this.#wipeBy = this.#world.elapsedMilliseconds() + CLOSE_MAX_MILLISECONDS;
    this.#send();
  }

  /** The device has a network again: a socket from before is dead, though it may not know. */
  comeOnline(): void {
    this.#offlineAt = undefined;
    if (this.#leaveBy !== undefined) this.#leave();
    else this.#line.redial();
    this.#show();
  }

  goOffline(): void {
    this.#offlineAt = this.#world.elapsedMilliseconds();
    this.#show();
  }

  /** About every second, and whenever something outside has changed. */
  beat(hasSlept: boolean): void {
    const now = this.#world.elapsedMilliseconds();
    const passed = now - this.#beatAt;
    this.#beatAt = now;
    if (hasSlept && !this.#hasSearched && now - this.#heardAt >= ABSENT_AFTER_MS) {
      this.#hasSearched = true;
      this.#heardAt = now - ABSENT_AFTER_MS + AWAKE_MIN_MILLISECONDS;
    }
    if (now >= (this.#wipeBy ?? Number.POSITIVE_INFINITY)) this.#finish(CLOSE.done);
    else if (now - this.#heardAt >= ABSENT_AFTER_MS) this.#endAs("lost");
    if (this.#isOver) return;
    if (now >= (this.#leaveBy ?? Number.POSITIVE_INFINITY)) this.#leave();
    this.#line.beat(hasSlept);
    this.#waitForColleague(hasSlept ? 0 : passed);
    this.#send();
  }

  /** Keys, socket and words. */
  wipe(code: number = CLOSE.done): void {
    this.#isOver = true;
    clearTimeout(this.#slotTimer);
    this.#line.stop(code);
    this.#conversation.wipe();
    this.#sending.forget();
    this.voice.forget();
    this.#forgetHandOver();
  }

  get #isGoing(): boolean {
    return this.#leaveBy !== undefined || this.#handOver?.hasStarted === true;
  }

  #route(): Bytes {
    return this.#handOver?.hasStarted === true ? this.#handOver.route : this.#conversation.route;
  }

  #joined(): void {
    if (this.#handOver?.hasStarted === true) {
      for (const cell of this.#handOver.opening()) this.#line.send(cell);
      return;
    }
    this.#conversation.resume(this.#world.elapsedMilliseconds(), this.#world.chance());
    this.#send();
  }

  #broken(): void {
    if (this.#leaveBy !== undefined) this.#leave();
    // Who has closed has nothing more to say once its socket is gone, and our acknowledgement has reached it.
    else if (this.#wipeBy !== undefined && this.#isClosedByWorker) this.#finish(CLOSE.done);
    else this.#show();
  }

  #takeCell(cell: Uint8Array): void {
    if (this.#handOver?.hasStarted === true) {
      this.#takeAnswer(this.#handOver, cell);
      return;
    }
    let heard: Heard;
    try {
      heard = this.#conversation.receive(cell, this.#met.nowSeconds());
    } catch (error) {
      // Who carries the cells may spoil them. That ends a socket, never the consultation.
      if (error instanceof SessionError && error.code === "refused") this.#line.drop(CLOSE.malformed);
      else this.#endAs("broken");
      return;
    }
    if (heard.isNew) this.#heardNow();
    if (heard.deliveredIds.length > 0) this.#tell({ type: "delivered", ids: heard.deliveredIds });
    for (const record of heard.records) this.#take(record);
    this.#sending.progress(this.#conversation);
    if (this.#isOver) return;
    if (this.#conversation.isCloseDelivered) this.#finish(CLOSE.done);
    else if (this.#leaveBy !== undefined && this.#conversation.isSettled) this.#leave();
    this.#send();
  }

  #take(record: ConsultationRecord): void {
    switch (record.type) {
      case "text":
        this.#tell({ type: "heard", id: this.#takeId(), text: record.text });
        return;
      case "card":
        this.#tell({ type: "card-came", id: this.#takeId(), card: record });
        return;
      case "return_link": {
        const link = returnLink(record.linkText, this.#world.pageOrigin);
        this.#tell({ type: "return-link-came", id: this.#takeId(), link });
        return;
      }
      case "end_proposal":
        this.#isEndProposed = true;
        this.#tell({ type: "end-proposed" });
        return;
      case "close":
        this.#isClosedByWorker = true;
        this.#forgetFiles();
        this.#wipeBy = this.#world.elapsedMilliseconds() + CLOSED_MAX_MILLISECONDS;
        this.#forgetHandOver();
        this.#tell({ type: "ended", how: "by-advisor" });
        return;
      case "hand_over":
        this.#ask(record);
        return;
      case "hand_over_withdrawn":
        this.#tell({ type: "hand-over-withdrawn", id: this.#takeId() });
        this.#forgetHandOver();
        return;
      case "file_reply":
        this.#sending.hear(record.reply, this.#conversation);
        return;
      case "file_offer":
      case "file_part":
      case "file_withdrawn":
      case "hand_over_reply":
      case "carried_over":
      case "fresh_opening":
      case "fresh_answer":
      case "end_declined":
      case "survey":
        this.#endAs("broken");
    }
  }

  #ask(proposal: Extract<ConsultationRecord, { type: "hand_over" }>): void {
    if (this.#wipeBy !== undefined) return; // it crossed our close
    try {
      this.#handOver = new HandOver(proposal, this.#met.authority, this.#met.nowSeconds());
    } catch {
      this.#endAs("broken");
      return;
    }
    this.#tell({ type: "hand-over-asked", to: this.#handOver.to });
  }

  /** From here on the first worker is not heard, until the colleague has come or has not. */
  #leave(): void {
    this.#leaveBy = undefined;
    this.#arrivingMilliseconds = 0;
    const { authority, triage } = this.#met;
    try {
      this.#handOver?.start(authority, triage, this.#met.nowSeconds(), this.#world.random);
    } catch {
      this.#endAs("broken");
      return;
    }
    this.#line.redial();
  }

  #takeAnswer(handOver: HandOver, cell: Uint8Array): void {
    let file: FileUnderWay | undefined;
    let session: Session | undefined;
    try {
      session = handOver.take(cell, this.#met.nowSeconds());
      if (session === undefined) return;
      file = this.#conversation.file;
      this.#conversation = this.#conversation.handTo(session, this.#cover);
    } catch {
      this.#endAs("broken");
      return;
    }
    this.#forgetHandOver();
    this.#isEndProposed = false;
    this.#heardNow();
    this.#sending.offeredAnew(file, this.#conversation);
    const { safetyPhrase } = session;
    this.#tell({ type: "handed-over", id: this.#takeId(), worker: handOver.to, safetyPhrase });
    this.#send();
  }

  /** Counts only the time at the place to meet: without a network nobody is late. */
  #waitForColleague(milliseconds: number): void {
    if (this.#handOver?.hasStarted !== true || this.#line.state === "broken") return;
    this.#arrivingMilliseconds += milliseconds;
    if (this.#arrivingMilliseconds < ARRIVING_MAX_MILLISECONDS) return;
    this.#tell({ type: "hand-over-failed", id: this.#takeId() });
    this.#goBack();
  }

  #goBack(): void {
    const hasLeft = this.#handOver?.hasStarted === true;
    this.#forgetHandOver();
    const { file } = this.#conversation;
    this.#conversation.answer("did_not_come");
    this.#sending.offeredAnew(file, this.#conversation);
    if (hasLeft) this.#line.redial();
  }

  #forgetHandOver(): void {
    this.#handOver?.wipe();
    this.#handOver = undefined;
    this.#leaveBy = undefined;
  }

  /** What was chosen, recorded or offered. */
  #forgetFiles(): void {
    this.#sending.forget();
    this.voice.forget();
    this.#conversation.forgetFile();
  }

  #heardNow(): void {
    this.#heardAt = this.#world.elapsedMilliseconds();
    this.#hasSearched = false;
    this.#line.heard();
  }

  #send(): void {
    if (this.#isOver) return;
    clearTimeout(this.#slotTimer);
    const now = this.#world.elapsedMilliseconds();
    if (this.#line.isJoined && this.#handOver?.hasStarted !== true) {
      const cells = this.#conversation.cells(now, this.#world.chance(), this.#world.random);
      for (const cell of cells) this.#line.send(cell);
      this.#slotTimer = setTimeout(() => this.#send(), Math.max(this.#conversation.wakesAt - now, 1));
    }
    this.#show();
  }

  #show(): void {
    if (this.#wipeBy !== undefined || this.#isOver) return;
    const now = this.#world.elapsedMilliseconds();
    const line = this.#display.see(this.#lineNow(), now);
    const awayMinutes = line === "advisor-away" ? this.#display.minutes(now) : 0;
    const told = `${line} ${awayMinutes}`;
    if (told !== this.#lineTold) {
      this.#lineTold = told;
      this.#tell({ type: "line-changed", line, awayMinutes });
    }
    const isFull = !this.#conversation.hasRoom;
    if (isFull === this.#isFull) return;
    this.#isFull = isFull;
    this.#tell({ type: "queue-changed", isFull });
  }

  /** A browser may think wrongly that there is no network: what is heard proves that there is one. */
  #lineNow(): LineShown {
    const isHeard = this.#offlineAt === undefined || this.#heardAt > this.#offlineAt;
    if (this.#line.state === "heard" && isHeard) return "joined";
    if (!this.#world.isOnline()) return "offline";
    return this.#line.state === "alone" ? "advisor-away" : "reconnecting";
  }

  #endAs(how: EndedHow): void {
    this.#tell({ type: "ended", how });
    this.#finish(how === "broken" ? CLOSE.malformed : CLOSE.done);
  }

  #finish(code: number): void {
    if (this.#isOver) return;
    this.wipe(code);
    this.#over();
  }

  #takeId(): number {
    this.#nextId += 1;
    return this.#nextId - 1;
  }
}
