// The consultation as the person sees it: every state that the page can show, and how one leads to the next.
// Pure: `visit.ts` talks with the world and tells this machine what happened.

import type { ServiceCard } from "../protocol/card.ts";
import type { ShiftCertificate } from "../protocol/certificate.ts";
import type { Wait } from "../protocol/frame.ts";
import type { Closing } from "./closing.ts";
import type { SubjectName } from "./triage.ts";

/** What stays the same from the welcome to the conversation. */
export interface Start {
  readonly card: ServiceCard;
  readonly subject: SubjectName;
}

export type Worker = Pick<ShiftCertificate, "alias" | "role">;

export interface Message {
  readonly id: number;
  readonly from: "you" | "advisor";
  readonly text: string;
  readonly isDelivered: boolean;
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
      readonly messages: readonly Message[];
      readonly isEndAsked: boolean;
    } & Start)
  | { readonly status: "ended"; readonly how: EndedHow }
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
  | { readonly type: "advisor-proven"; readonly worker: Worker }
  | { readonly type: "said"; readonly id: number; readonly text: string }
  | { readonly type: "heard"; readonly id: number; readonly text: string }
  | { readonly type: "delivered"; readonly ids: readonly number[] }
  | { readonly type: "end-asked" }
  | { readonly type: "end-cancelled" }
  | { readonly type: "ended"; readonly how: EndedHow };

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
    case "no-link":
    case "link-damaged":
    case "link-unsupported":
    case "link-expired":
    case "service-unknown":
    case "service-unproven":
    case "ended":
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
      return { status: "talking", worker: event.worker, messages: [], isEndAsked: false, ...start };
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

function stepTalking(state: StateOf<"talking">, event: Event): State {
  switch (event.type) {
    case "said": {
      const message: Message = { id: event.id, from: "you", text: event.text, isDelivered: false };
      return { ...state, messages: [...state.messages, message] };
    }
    case "heard": {
      const message: Message = { id: event.id, from: "advisor", text: event.text, isDelivered: true };
      return { ...state, messages: [...state.messages, message] };
    }
    case "delivered":
      return {
        ...state,
        messages: state.messages.map((message) =>
          event.ids.includes(message.id) ? { ...message, isDelivered: true } : message,
        ),
      };
    case "end-asked":
      return { ...state, isEndAsked: true };
    case "end-cancelled":
      return { ...state, isEndAsked: false };
    case "ended":
      return { status: "ended", how: event.how };
    case "closed":
      return { status: "ended", how: event.closing === "broken" ? "broken" : "lost" };
    case "relay-broken":
      return { status: "ended", how: "broken" };
    default:
      return state;
  }
}

function startOf({ card, subject }: Start): Start {
  return { card, subject };
}
