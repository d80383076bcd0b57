// The consultation as the person sees it: every state that the page can show, and how one leads to the next.
// Pure: `visit.ts` talks with the world and tells this machine what happened.

import type { ServiceCard } from "../protocol/card.ts";
import type { ShiftCertificate } from "../protocol/certificate.ts";
import type { FileKind } from "../protocol/file.ts";
import type { Wait } from "../protocol/frame.ts";
import type { Cover } from "../protocol/pacer.ts";
import type { SafetyPhrase } from "../protocol/safety.ts";
import type { Card } from "./card-words.ts";
import type { Closing } from "./closing.ts";
import type { FileAsked, FileProblem, FileStage, Removed } from "./file.ts";
import type { InApp } from "./in-app.ts";
import type { PasteProblem } from "./paste.ts";
import type { LinkProblem } from "./read-link.ts";
import type { Reading } from "./reading.ts";
import type { ReturnLink } from "./return-link.ts";
import { stepTalking } from "./step-talking.ts";
import type { SubjectName } from "./triage.ts";
import type { VoiceShown } from "./voice.ts";

/** What stays the same from the welcome to the conversation. */
export interface Start {
  readonly card: ServiceCard;
  /** The link is the service's open address: not of one person, and not used up. */
  readonly isDoor: boolean;
  readonly subject: SubjectName;
  /** Leaflets, once somebody has asked for them. */
  readonly reading: Reading | undefined;
}

export type Worker = Pick<ShiftCertificate, "alias" | "role">;

export interface OwnMessage {
  readonly id: number;
  readonly from: "you";
  readonly text: string;
  readonly isDelivered: boolean;
}

interface FromAdvisor {
  readonly id: number;
  readonly from: "advisor";
  /** Whoever it was then. */
  readonly alias: string;
}

/** What an advisor can send: words, a card to read and keep, or a link to come back with. */
export type AdvisorMessage = FromAdvisor &
  (
    | { readonly kind: "text"; readonly text: string }
    | { readonly kind: "card"; readonly card: Card }
    | { readonly kind: "return-link"; readonly link: ReturnLink }
  );

/** What the page itself says among the messages, about a hand-over to this worker. */
export interface Note {
  readonly id: number;
  readonly from: "page";
  readonly note: "came" | "withdrawn" | "did-not-come";
  readonly worker: Worker;
}

/** A file of the person's, from the moment at which the advisor is asked. */
export interface OwnFile {
  readonly id: number;
  readonly from: "your-file";
  readonly kind: FileKind;
  /** In bytes. */
  readonly size: number;
  readonly stage: FileStage;
  /** How much has arrived. */
  readonly percent: number;
}

export type Entry = OwnMessage | OwnFile | AdvisorMessage | Note;

/**
 * `offline`: the device has no network. `reconnecting`: the socket broke, or nothing was heard on it.
 * `advisor-away`: the relay has us, the worker is not there.
 */
export type LineShown = "joined" | "offline" | "reconnecting" | "advisor-away";

export interface HandOverShown {
  readonly stage: "asked" | "going";
  readonly to: Worker;
}

/**
 * `puzzle`: many come by this door, and the relay wants a sum done first. `lost`: tried again by the page itself.
 * `offline`: the device has no network, and nothing is tried until it has one again.
 */
export type WaitShown = Wait | "unknown" | "puzzle" | "lost" | "offline";

export type EndedHow = "by-you" | "by-advisor" | "lost" | "broken";

export type RefusedWhy =
  | "link-spent"
  | "link-open-elsewhere"
  | "link-refused"
  | "crowded"
  | "broken"
  | "advisor-unproven";

export type State =
  | { readonly status: "checking" }
  /** The page is a file, and waits for a link. */
  | { readonly status: "paste"; readonly problem: PasteProblem | undefined }
  | { readonly status: "no-link" }
  | { readonly status: "link-damaged" }
  | { readonly status: "link-unsupported" }
  | { readonly status: "link-expired" }
  | { readonly status: "service-unknown" }
  | { readonly status: "service-unproven" }
  /** `isApart`: it may also be that the relay does not take this page. */
  | { readonly status: "unreachable"; readonly isApart: boolean }
  /** Before anything is fetched or sent. */
  | ({ readonly status: "in-app" } & InApp)
  | ({ readonly status: "welcome" } & Start)
  | ({ readonly status: "clock-wrong"; readonly relayTime: Date; readonly deviceTime: Date } & Start)
  | ({ readonly status: "waiting"; readonly wait: WaitShown } & Start)
  | ({ readonly status: "securing" } & Start)
  | ({
      readonly status: "talking";
      readonly worker: Worker;
      /** Of the session with this worker. */
      readonly safetyPhrase: SafetyPhrase;
      readonly entries: readonly Entry[];
      readonly line: LineShown;
      /** For how long the worker has been away, in whole minutes. */
      readonly awayMinutes: number;
      /** So much is under way that nothing more is taken. */
      readonly isFull: boolean;
      readonly cover: Cover;
      readonly handOver: HandOverShown | undefined;
      /** Chosen, and not offered yet. */
      readonly file: FileAsked | undefined;
      /** Whether the browser can record. */
      readonly canRecord: boolean;
      /** Made here, and not offered yet. */
      readonly voice: VoiceShown | undefined;
      /** By the worker; the person has not answered. */
      readonly isEndProposed: boolean;
      readonly isEndAsked: boolean;
      /** How many of the survey's questions, in their order. */
      readonly answered: number;
    } & Start)
  /** Until it is wiped, what has to be told to the worker is still kept, out of sight. */
  | { readonly status: "ended"; readonly how: EndedHow; readonly isDoor: boolean; readonly isWiped: boolean }
  | { readonly status: "refused"; readonly why: RefusedWhy; readonly again: Start | undefined };

export type Status = State["status"];
export type StateOf<Name extends Status> = Extract<State, { status: Name }>;

export type Event =
  | {
      readonly type: "link-read";
      readonly problem: LinkProblem;
    }
  | ({ readonly type: "in-app" } & InApp)
  | { readonly type: "in-app-accepted" }
  | { readonly type: "card-opened"; readonly card: ServiceCard; readonly isDoor: boolean }
  | {
      readonly type: "card-missing";
      readonly problem: "service-unknown" | "service-unproven";
    }
  | { readonly type: "unreachable"; readonly isApart: boolean }
  | { readonly type: "subject-picked"; readonly subject: SubjectName }
  | { readonly type: "started" }
  | { readonly type: "left" }
  | { readonly type: "clock-differs"; readonly relayTime: Date; readonly deviceTime: Date }
  | { readonly type: "reading"; readonly reading: Reading }
  | { readonly type: "waits"; readonly wait: Wait | "puzzle" }
  | { readonly type: "online" }
  | { readonly type: "matched" }
  | { readonly type: "closed"; readonly closing: Closing | "offline" }
  | { readonly type: "relay-broken" }
  | { readonly type: "advisor-unproven" }
  | {
      readonly type: "advisor-proven";
      readonly worker: Worker;
      readonly safetyPhrase: SafetyPhrase;
      readonly cover: Cover;
      readonly canRecord: boolean;
    }
  | { readonly type: "said"; readonly id: number; readonly text: string }
  | { readonly type: "heard"; readonly id: number; readonly text: string }
  | { readonly type: "card-came"; readonly id: number; readonly card: Card }
  | { readonly type: "return-link-came"; readonly id: number; readonly link: ReturnLink }
  | { readonly type: "file-chosen" }
  | {
      readonly type: "file-cleaned";
      readonly kind: FileKind;
      readonly size: number;
      readonly removed: readonly Removed[];
    }
  | { readonly type: "file-problem"; readonly why: FileProblem }
  | { readonly type: "file-dropped" }
  | { readonly type: "voice"; readonly voice: VoiceShown | undefined }
  | { readonly type: "file-offered"; readonly id: number; readonly kind: FileKind; readonly size: number }
  | {
      readonly type: "file-went";
      readonly id: number;
      readonly stage: FileStage;
      readonly percent: number;
    }
  | { readonly type: "delivered"; readonly ids: readonly number[] }
  | { readonly type: "line-changed"; readonly line: LineShown; readonly awayMinutes: number }
  | { readonly type: "queue-changed"; readonly isFull: boolean }
  | { readonly type: "cover-chosen"; readonly cover: Cover }
  | { readonly type: "hand-over-asked"; readonly to: Worker }
  | { readonly type: "hand-over-agreed" }
  | { readonly type: "hand-over-declined" }
  | { readonly type: "hand-over-withdrawn"; readonly id: number }
  | { readonly type: "hand-over-failed"; readonly id: number }
  | {
      readonly type: "handed-over";
      readonly id: number;
      readonly worker: Worker;
      readonly safetyPhrase: SafetyPhrase;
    }
  | { readonly type: "end-proposed" }
  | { readonly type: "end-declined" }
  | { readonly type: "end-asked" }
  | { readonly type: "end-cancelled" }
  | { readonly type: "survey-answered" }
  | { readonly type: "ended"; readonly how: EndedHow }
  | { readonly type: "wiped" };

/** An event that means nothing in a state leaves the state itself, the same object. */
export function step(state: State, event: Event): State {
  switch (state.status) {
    case "checking":
    case "unreachable":
      return stepBeforeCard(state, event);
    case "in-app":
      return event.type === "in-app-accepted" ? { status: "checking" } : state;
    case "welcome":
    case "clock-wrong":
    case "refused":
      return stepBeforeStart(state, event);
    case "waiting":
    case "securing":
      return stepBeforeAdvisor(state, event);
    case "talking":
      return stepTalking(state, event);
    case "ended":
      return event.type === "wiped" && !state.isWiped ? { ...state, isWiped: true } : state;
    case "paste":
    case "no-link":
    case "link-damaged":
    case "link-unsupported":
    case "link-expired":
    case "service-unknown":
    case "service-unproven":
      return state;
  }
}

function stepBeforeCard(state: StateOf<"checking" | "unreachable">, event: Event): State {
  switch (event.type) {
    case "link-read":
    case "card-missing":
      return { status: event.problem };
    case "unreachable":
      return state.status === "unreachable" ? state : { status: "unreachable", isApart: event.isApart };
    case "in-app":
      return { status: "in-app", app: event.app, address: event.address };
    case "card-opened":
      return {
        status: "welcome",
        card: event.card,
        isDoor: event.isDoor,
        subject: "notSaid",
        reading: undefined,
      };
    default:
      return state;
  }
}

function stepBeforeStart(state: StateOf<"welcome" | "clock-wrong" | "refused">, event: Event): State {
  const start = state.status === "refused" ? state.again : startOf(state);
  if (start === undefined) return state;
  switch (event.type) {
    case "reading": {
      const { reading } = event;
      return state.status === "refused" ? { ...state, again: { ...start, reading } } : { ...state, reading };
    }
    case "subject-picked":
      return state.status === "welcome" ? { ...state, subject: event.subject } : state;
    case "started":
      return { status: "waiting", wait: "unknown", ...start };
    case "left":
      return state.status === "welcome" ? state : { status: "welcome", ...start };
    default:
      return state;
  }
}

function stepBeforeAdvisor(state: StateOf<"waiting" | "securing">, event: Event): State {
  const start = startOf(state);
  switch (event.type) {
    case "clock-differs":
      return {
        status: "clock-wrong",
        relayTime: event.relayTime,
        deviceTime: event.deviceTime,
        ...start,
      };
    case "reading":
      return { ...state, reading: event.reading };
    case "waits":
      return { status: "waiting", wait: event.wait, ...start };
    case "online":
      return state.status === "waiting" && state.wait === "offline" ? { ...state, wait: "lost" } : state;
    case "matched":
      return { status: "securing", ...start };
    case "left":
      return { status: "welcome", ...start };
    case "closed":
      return afterClosing(event.closing, start);
    case "relay-broken":
      return afterClosing("broken", start);
    case "advisor-unproven":
      return { status: "refused", why: "advisor-unproven", again: undefined };
    case "advisor-proven":
      return begin(start, event);
    default:
      return state;
  }
}

function afterClosing(closing: Closing | "offline", start: Start): State {
  switch (closing) {
    case "lost":
    case "offline":
    case "nobody":
      return { status: "waiting", wait: closing, ...start };
    case "crowded":
    case "link-open-elsewhere":
    case "broken":
      return { status: "refused", why: closing, again: start };
    case "link-refused":
    case "link-spent":
      return { status: "refused", why: closing, again: undefined };
    case "link-expired":
    case "service-unknown":
      return { status: closing };
  }
}

function begin(
  start: Start,
  { worker, safetyPhrase, cover, canRecord }: Extract<Event, { type: "advisor-proven" }>,
): State {
  return {
    status: "talking",
    worker,
    safetyPhrase,
    entries: [],
    line: "joined",
    awayMinutes: 0,
    isFull: false,
    cover,
    handOver: undefined,
    file: undefined,
    canRecord,
    voice: undefined,
    isEndProposed: false,
    isEndAsked: false,
    answered: 0,
    ...start,
  };
}

function startOf({ card, isDoor, subject, reading }: Start): Start {
  return { card, isDoor, subject, reading };
}
