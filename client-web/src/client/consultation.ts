// The consultation as the person sees it: every state that the page can show, and how one leads to the next.
// Pure: `visit.ts` talks with the world and tells this machine what happened.

import type { ServiceCard } from "../protocol/card.ts";
import type { ShiftCertificate } from "../protocol/certificate.ts";
import type { Wait } from "../protocol/frame.ts";
import type { Cover } from "../protocol/pacer.ts";
import type { Closing } from "./closing.ts";
import type { SubjectName } from "./triage.ts";

/** What stays the same from the welcome to the conversation. */
export interface Start {
  readonly card: ServiceCard;
  readonly subject: SubjectName;
}

export type Worker = Pick<ShiftCertificate, "alias" | "role">;

export interface OwnMessage {
  readonly id: number;
  readonly from: "you";
  readonly text: string;
  readonly isDelivered: boolean;
}

export interface AdvisorMessage {
  readonly id: number;
  readonly from: "advisor";
  /** Whoever it was then. */
  readonly alias: string;
  readonly text: string;
}

/** What the page itself says among the messages, about a hand-over to this worker. */
export interface Note {
  readonly id: number;
  readonly from: "page";
  readonly note: "came" | "withdrawn" | "did-not-come";
  readonly worker: Worker;
}

export type Entry = OwnMessage | AdvisorMessage | Note;

/**
 * `offline`: the device has no network. `reconnecting`: the socket broke, or nothing was heard on it.
 * `advisor-away`: the relay has us, the worker is not there.
 */
export type LineShown = "joined" | "offline" | "reconnecting" | "advisor-away";

export interface HandOverShown {
  readonly stage: "asked" | "going";
  readonly to: Worker;
}

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
  | { readonly status: "no-link" }
  | { readonly status: "link-damaged" }
  | { readonly status: "link-unsupported" }
  | { readonly status: "link-expired" }
  | { readonly status: "service-unknown" }
  | { readonly status: "service-unproven" }
  | { readonly status: "unreachable" }
  | ({ readonly status: "welcome" } & Start)
  | ({ readonly status: "clock-wrong"; readonly relayTime: Date; readonly deviceTime: Date } & Start)
  | ({ readonly status: "waiting"; readonly wait: Wait | "unknown"; readonly isConnected: boolean } & Start)
  | ({ readonly status: "securing" } & Start)
  | ({
      readonly status: "talking";
      readonly worker: Worker;
      readonly entries: readonly Entry[];
      readonly line: LineShown;
      /** For how long the worker has been away, in whole minutes. */
      readonly awayMinutes: number;
      /** So much is under way that nothing more is taken. */
      readonly isFull: boolean;
      readonly cover: Cover;
      readonly handOver: HandOverShown | undefined;
      readonly isEndAsked: boolean;
    } & Start)
  /** Until it is wiped, what has to be told to the worker is still kept, out of sight. */
  | { readonly status: "ended"; readonly how: EndedHow; readonly isWiped: boolean }
  | { readonly status: "refused"; readonly why: RefusedWhy; readonly again: Start | undefined };

export type Status = State["status"];
export type StateOf<Name extends Status> = Extract<State, { status: Name }>;

export type Event =
  | {
      readonly type: "link-read";
      readonly problem: "no-link" | "link-damaged" | "link-unsupported" | "link-expired";
    }
  | { readonly type: "card-opened"; readonly card: ServiceCard }
  | {
      readonly type: "card-missing";
      readonly problem: "service-unknown" | "service-unproven" | "unreachable";
    }
  | { readonly type: "subject-picked"; readonly subject: SubjectName }
  | { readonly type: "started" }
  | { readonly type: "left" }
  | { readonly type: "clock-differs"; readonly relayTime: Date; readonly deviceTime: Date }
  | { readonly type: "waits"; readonly wait: Wait }
  | { readonly type: "matched" }
  | { readonly type: "closed"; readonly closing: Closing }
  | { readonly type: "relay-broken" }
  | { readonly type: "advisor-unproven" }
  | { readonly type: "advisor-proven"; readonly worker: Worker; readonly cover: Cover }
  | { readonly type: "said"; readonly id: number; readonly text: string }
  | { readonly type: "heard"; readonly id: number; readonly text: string }
  | { readonly type: "delivered"; readonly ids: readonly number[] }
  | { readonly type: "line-changed"; readonly line: LineShown; readonly awayMinutes: number }
  | { readonly type: "queue-changed"; readonly isFull: boolean }
  | { readonly type: "cover-chosen"; readonly cover: Cover }
  | { readonly type: "hand-over-asked"; readonly to: Worker }
  | { readonly type: "hand-over-agreed" }
  | { readonly type: "hand-over-declined" }
  | { readonly type: "hand-over-withdrawn"; readonly id: number }
  | { readonly type: "hand-over-failed"; readonly id: number }
  | { readonly type: "handed-over"; readonly id: number; readonly worker: Worker }
  | { readonly type: "end-asked" }
  | { readonly type: "end-cancelled" }
  | { readonly type: "ended"; readonly how: EndedHow }
  | { readonly type: "wiped" };

/** An event that means nothing in a state leaves the state itself, the same object. */
export function step(state: State, event: Event): State {
  switch (state.status) {
    case "checking":
    case "unreachable":
      return stepBeforeCard(state, event);
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
      return state.status === event.problem ? state : { status: event.problem };
    case "card-opened":
      return { status: "welcome", card: event.card, subject: "notSaid" };
    default:
      return state;
  }
}

function stepBeforeStart(state: StateOf<"welcome" | "clock-wrong" | "refused">, event: Event): State {
  const start = state.status === "refused" ? state.again : startOf(state);
  if (start === undefined) return state;
  switch (event.type) {
    case "subject-picked":
      return state.status === "welcome" ? { ...state, subject: event.subject } : state;
    case "started":
      return { status: "waiting", wait: "unknown", isConnected: true, ...start };
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
    case "waits":
      return { status: "waiting", wait: event.wait, isConnected: true, ...start };
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
      return begin(start, event.worker, event.cover);
    default:
      return state;
  }
}

function afterClosing(closing: Closing, start: Start): State {
  switch (closing) {
    case "lost":
      return { status: "waiting", wait: "unknown", isConnected: false, ...start };
    case "nobody":
      return { status: "waiting", wait: "nobody", isConnected: true, ...start };
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

function begin(start: Start, worker: Worker, cover: Cover): State {
  return {
    status: "talking",
    worker,
    entries: [],
    line: "joined",
    awayMinutes: 0,
    isFull: false,
    cover,
    handOver: undefined,
    isEndAsked: false,
    ...start,
  };
}

function stepTalking(state: StateOf<"talking">, event: Event): State {
  const { entries } = state;
  switch (event.type) {
    case "said": {
      const { id, text } = event;
      return { ...state, entries: [...entries, { id, from: "you", text, isDelivered: false }] };
    }
    case "heard": {
      const { id, text } = event;
      const { alias } = state.worker;
      return { ...state, entries: [...entries, { id, from: "advisor", alias, text }] };
    }
    case "delivered": {
      const hasArrived = (entry: Entry): boolean => entry.from === "you" && event.ids.includes(entry.id);
      return {
        ...state,
        entries: entries.map((entry) => (hasArrived(entry) ? { ...entry, isDelivered: true } : entry)),
      };
    }
    case "line-changed":
      return { ...state, line: event.line, awayMinutes: event.awayMinutes };
    case "queue-changed":
      return { ...state, isFull: event.isFull };
    case "cover-chosen":
      return { ...state, cover: event.cover };
    case "end-asked":
      return { ...state, isEndAsked: true };
    case "end-cancelled":
      return { ...state, isEndAsked: false };
    case "ended":
      return { status: "ended", how: event.how, isWiped: false };
    default:
      return stepHandOver(state, event);
  }
}

function stepHandOver(state: StateOf<"talking">, event: Event): State {
  const { handOver } = state;
  const note = (id: number, what: Note["note"]): StateOf<"talking"> => {
    if (handOver === undefined) return state;
    const entry: Note = { id, from: "page", note: what, worker: handOver.to };
    return { ...state, handOver: undefined, entries: [...state.entries, entry] };
  };
  switch (event.type) {
    case "hand-over-asked":
      return { ...state, handOver: { stage: "asked", to: event.to } };
    case "hand-over-agreed":
      return handOver === undefined ? state : { ...state, handOver: { ...handOver, stage: "going" } };
    case "hand-over-declined":
      return { ...state, handOver: undefined };
    case "hand-over-withdrawn":
      return note(event.id, "withdrawn");
    case "hand-over-failed":
      return note(event.id, "did-not-come");
    case "handed-over":
      return { ...note(event.id, "came"), worker: event.worker };
    default:
      return state;
  }
}

function startOf({ card, subject }: Start): Start {
  return { card, subject };
}
