// For tests alone: a relay and workers of a service, in the same process and on the test's clock.

import { x25519 } from "@noble/curves/ed25519.js";
import { type Bytes, concat, encodeUtf8, equal, toHex } from "../protocol/bytes.ts";
import { CELL_SIZE } from "../protocol/cell.ts";
import { type FileOffer, paddedSize } from "../protocol/file.ts";
import { decodeFrame, encodeFrame } from "../protocol/frame.ts";
import { handOverRoute } from "../protocol/handshake.ts";
import { hash } from "../protocol/hash.ts";
import { parseLink } from "../protocol/link.ts";
import type {
  ConsultationRecord,
  FileReply,
  HandOverReply,
  SpokenRecord,
  Survey,
} from "../protocol/record.ts";
import type { Session } from "../protocol/session.ts";
import {
  answerFresh,
  answerHandOver,
  answerOpening,
  issueCertificate,
  issueLinkText,
  NOW,
  pseudoRandom,
} from "../protocol/testing.ts";
import type { Bench, FakeSocket } from "./testing.ts";

const LATENCY_MILLISECONDS = 20;
/** A steady worker's slots. */
const SLOT_MILLISECONDS = 2_000;
const OPENING_CELLS = 2;

export class FakeWorker {
  readonly certificate: Bytes;
  readonly #shiftKey: Bytes;
  readonly #random;
  /** At its console, with a network. */
  isThere = true;
  readonly heard: string[] = [];
  readonly replies: HandOverReply[] = [];
  carriedOver: bigint | undefined;
  isClosed = false;
  /** How often the person wanted to go on talking. */
  endsDeclined = 0;
  /** Files that the person offered and withdrew, and what has come of the one that may come. */
  readonly offers: FileOffer[] = [];
  readonly withdrawn: number[] = [];
  came: Bytes = new Uint8Array(0);
  /** What it says to each offer, at once. */
  saysToFiles: FileReply | undefined = "send";
  readonly answers: (readonly [Survey["question"], Survey["answer"]])[] = [];
  session: Session | undefined;
  socket: FakeSocket | undefined;
  /** Of a hand-over to this worker, or to the one whose certificate was offered. */
  secret: Bytes | undefined;
  offered: Bytes | undefined;
  #opening: Bytes[] = [];
  /** Everything that this worker sealed, in order. */
  readonly sealed: Bytes[] = [];

  constructor(alias = "Mira", role = 1) {
    this.#shiftKey = hash(encodeUtf8(`shift of ${alias}`));
    this.certificate = issueCertificate({
      shiftPublic: x25519.getPublicKey(this.#shiftKey),
      alias: encodeUtf8(alias),
      role,
    });
    this.#random = pseudoRandom(alias);
    setInterval(() => this.#sendSlot(), SLOT_MILLISECONDS);
  }

  say(text: string): void {
    this.session?.say({ type: "text", text });
    this.#sendDue();
  }

  /** A card, a link to come back with, or the question whether it is over. */
  give(record: SpokenRecord): void {
    this.session?.say(record);
    this.#sendDue();
  }

  close(): void {
    this.session?.say({ type: "close", reason: "ended" });
    this.#sendDue();
  }

  /** Proposes a colleague, who was told before. */
  propose(colleague: FakeWorker, certificate = colleague.certificate): void {
    const secret = hash(this.#random(32));
    colleague.secret = secret;
    this.session?.say({ type: "hand_over", secret: secret.slice(), certificate });
    this.#sendDue();
  }

  withdraw(): void {
    this.session?.say({ type: "hand_over_withdrawn" });
    this.#sendDue();
  }

  isAt(route: Bytes): boolean {
    const routes = this.session?.routes() ?? [];
    const all = this.secret === undefined ? routes : [...routes, handOverRoute(this.secret)];
    return this.isThere && all.some((one) => equal(one, route));
  }

  /** The answer to a client's first opening. */
  answer(socket: FakeSocket, opening: Bytes): Bytes {
    const link = parseLink(issueLinkText());
    const changes = { shiftKey: this.#shiftKey, certificate: this.certificate };
    const { answer, session } = answerOpening(link, opening, this.#random, changes);
    this.socket = socket;
    this.session = session;
    return answer;
  }

  joined(socket: FakeSocket, route: Bytes): void {
    this.socket = socket;
    this.#opening = [];
    const isHandOver = this.secret !== undefined && equal(route, handOverRoute(this.secret));
    if (isHandOver) {
      // Until the client was heard, its opening may come again.
      if (this.carriedOver === undefined) this.session = undefined;
      return;
    }
    const first = this.session?.emptyCell();
    if (first !== undefined) this.#send(first);
    this.session?.rejoined(0);
    this.#sendDue();
  }

  left(socket: FakeSocket): void {
    if (this.socket === socket) this.socket = undefined;
  }

  receive(socket: FakeSocket, cell: Bytes): void {
    if (this.socket !== socket || !this.isThere) return;
    if (this.secret !== undefined && this.session === undefined) {
      this.#takeOpening(this.secret, cell);
      return;
    }
    for (const record of this.session?.openCell(cell, NOW).records ?? []) {
      if (record.type === "text") this.heard.push(record.text);
      if (record.type === "close") this.isClosed = true;
      if (record.type === "end_declined") this.endsDeclined += 1;
      if (record.type === "survey") this.answers.push([record.question, record.answer]);
      this.#takeFile(record);
      if (record.type === "hand_over_reply") this.replies.push(record.reply);
      if (record.type === "carried_over") this.carriedOver = record.receivedBelow;
      if (record.type === "fresh_opening" && this.session !== undefined) {
        const changes = { shiftKey: this.#shiftKey, certificate: this.certificate };
        answerFresh(this.session, record.message, this.#random, changes);
      }
    }
    this.#sendDue();
  }

  #takeFile(record: ConsultationRecord): void {
    if (record.type === "file_withdrawn") this.withdrawn.push(record.file);
    if (record.type === "file_offer") {
      this.offers.push(record);
      this.came = new Uint8Array(0);
      if (this.saysToFiles !== undefined)
        this.session?.say({ type: "file_reply", file: record.file, reply: this.saysToFiles });
    }
    if (record.type === "file_part") {
      this.came = concat(this.came, record.data);
      const { size } = this.offers[this.offers.length - 1] ?? { size: 0 };
      if (this.came.length === paddedSize(size))
        this.session?.say({ type: "file_reply", file: record.file, reply: "received" });
    }
  }

  #takeOpening(secret: Bytes, cell: Bytes): void {
    this.#opening.push(cell);
    if (this.#opening.length < OPENING_CELLS) return;
    const handOver = { secret, certificate: this.offered ?? this.certificate };
    const opening = concat(...this.#opening);
    const changes = { shiftKey: this.#shiftKey, certificate: this.certificate };
    const { answer, session } = answerHandOver(handOver, opening, this.#random, changes);
    this.session = session;
    this.#send(answer.slice(0, CELL_SIZE));
    this.#send(answer.slice(CELL_SIZE));
  }

  #sendSlot(): void {
    const cell = this.socket === undefined || !this.isThere ? undefined : this.session?.slotCell();
    if (cell !== undefined) this.#send(cell);
  }

  #sendDue(): void {
    if (this.socket === undefined || !this.isThere) return;
    for (let cell = this.session?.nextCell(); cell !== undefined; cell = this.session?.nextCell()) {
      this.#send(cell);
    }
  }

  #send(cell: Bytes): void {
    this.sealed.push(cell);
    const { socket } = this;
    setTimeout(() => socket?.brings(cell), LATENCY_MILLISECONDS);
  }
}

export class FakeRelay {
  isUp = true;
  readonly workers: FakeWorker[];
  /** Where a client waits, in hex. */
  readonly #waiting = new Map<FakeSocket, Bytes>();
  readonly #matched = new Map<FakeSocket, FakeWorker>();
  /** Every route at which a client came, in hex. */
  readonly routes: string[] = [];

  /** Takes every socket of a page, or those that a test gives it. */
  constructor(page: Pick<Bench, "onSocket">, ...workers: FakeWorker[]) {
    this.workers = workers;
    page.onSocket = (socket) => this.#take(socket);
  }

  /** The worker is at its console again, or has a network again. */
  comes(worker: FakeWorker): void {
    worker.isThere = true;
    for (const [socket, route] of this.#waiting) if (worker.isAt(route)) this.#join(socket, worker, route);
  }

  /** Its program ended, or its network. */
  goes(worker: FakeWorker): void {
    worker.isThere = false;
    for (const [socket, other] of this.#matched) if (other === worker) socket.breaksFor("peer_left");
  }

  /** As `kill -9` does it. */
  dies(): void {
    this.isUp = false;
    for (const socket of [...this.#waiting.keys(), ...this.#matched.keys()]) socket.breaks();
  }

  #take(socket: FakeSocket): void {
    socket.onSent = (bytes) => setTimeout(() => this.#receive(socket, bytes), LATENCY_MILLISECONDS);
    socket.onClosed = () => this.#gone(socket);
    setTimeout(() => {
      if (!this.isUp) socket.breaks();
      else socket.opens();
      if (socket.address === "/ws/client") socket.brings(encodeFrame({ type: "relay_time", time: NOW }));
    }, LATENCY_MILLISECONDS);
  }

  #gone(socket: FakeSocket): void {
    this.#matched.get(socket)?.left(socket);
    this.#matched.delete(socket);
    this.#waiting.delete(socket);
  }

  #receive(socket: FakeSocket, bytes: Bytes): void {
    if (socket.isGone || socket.isDead || !this.isUp) return;
    const worker = this.#matched.get(socket);
    if (worker !== undefined) {
      worker.receive(socket, bytes);
      return;
    }
    if (bytes.length === CELL_SIZE) return; // of a page that was told wrongly that it is joined
    const frame = decodeFrame(bytes);
    if (frame.type === "open") this.#open(socket, frame.opening);
    if (frame.type === "rejoin") this.#rejoin(socket, frame.route);
  }

  #open(socket: FakeSocket, opening: Bytes): void {
    const worker = this.workers.find(({ isThere }) => isThere);
    this.#later(socket, encodeFrame({ type: "waiting", wait: worker === undefined ? "nobody" : "now" }));
    if (worker === undefined) return;
    const answer = worker.answer(socket, opening);
    this.#matched.set(socket, worker);
    this.#later(socket, encodeFrame({ type: "matched" }));
    this.#later(socket, answer.slice(0, CELL_SIZE));
    this.#later(socket, answer.slice(CELL_SIZE));
  }

  #rejoin(socket: FakeSocket, route: Bytes): void {
    this.routes.push(toHex(route));
    for (const [older, at] of this.#waiting) if (equal(at, route)) older.breaksFor("rejoined_elsewhere");
    const worker = this.workers.find((one) => one.isAt(route));
    if (worker !== undefined) {
      this.#join(socket, worker, route);
      return;
    }
    this.#waiting.set(socket, route);
    this.#later(socket, encodeFrame({ type: "alone" }));
  }

  #join(socket: FakeSocket, worker: FakeWorker, route: Bytes): void {
    this.#waiting.delete(socket);
    this.#matched.set(socket, worker);
    this.#later(socket, encodeFrame({ type: "joined" }));
    worker.joined(socket, route);
  }

  #later(socket: FakeSocket, bytes: Bytes): void {
    setTimeout(() => socket.brings(bytes), LATENCY_MILLISECONDS);
  }
}
