// What the desk page knows. Pure: no DOM, no socket, no clock.

import type { Language } from "../shared/text.ts";
import type { Announcement, CodeGroup, Codes, HandIn, Pack, Total } from "./content.ts";
import type {
  Colleague,
  Consultation,
  Duty,
  HandOverRequest,
  Lock,
  Message,
  NoticeCode,
  WaitingEntry,
  Whisper,
  Worker,
} from "./messages.ts";
import { type Talk, talkOf } from "./talk.ts";
import { initialTools, type Tools } from "./tools.ts";

/** How the page stands with the console. The last five are final until the worker does something. */
export type Connection =
  | "connecting"
  | "connected"
  | "reconnecting"
  | "gone"
  | "no_bearer"
  | "bearer_refused"
  | "crowded"
  | "misunderstood";

/** A consultation as this page holds it. */
export interface Conversation extends Talk<Message> {
  readonly consultation: Consultation;
  /** What the worker is being asked above the messages. */
  readonly asking: Asking | null;
  /** To whom the worker is about to hand over, and with what summary. */
  readonly handOverTo: number | null;
  readonly summary: string;
  /** Answers about the consultation, chosen on this page. */
  readonly codes: Codes;
  /** Groups of questions that the worker has opened. */
  readonly openGroups: readonly string[];
  /** From which message on they are laid out; null while that goes with the newest. */
  readonly laidOutFrom: number | null;
}

/**
 * `nobody`: to hand over was asked for when no colleague was there. The field for the client stays, and a colleague
 * who arrives changes nothing of that: only the worker opens and closes fields.
 */
export type Asking = "end" | "hand_over" | "nobody" | "more";

/** What a colleague and the worker say to each other. */
export interface Thread extends Talk<Whisper> {
  readonly colleague: number;
}

/** Where the worker talks with colleagues: beside the consultations, or instead of them on a narrow screen. */
export interface Whispers {
  readonly open: boolean;
  /** The colleague whose thread is in front. */
  readonly colleague: number | null;
  readonly threads: readonly Thread[];
}

export interface DeskState {
  readonly language: Language;
  /** The first snapshot may choose a language that the worker speaks; after it, only the worker. */
  readonly languageSettled: boolean;
  readonly now: number;
  readonly connection: Connection;
  readonly worker: Worker | null;
  readonly duty: Duty;
  readonly waiting: readonly WaitingEntry[];
  /** Offers for which Accept was pressed on this page. */
  readonly accepted: readonly string[];
  readonly requests: readonly HandOverRequest[];
  /** Requests for which Take over was pressed on this page. */
  readonly takingOver: readonly HandOverRequest[];
  readonly colleagues: readonly Colleague[];
  readonly conversations: readonly Conversation[];
  /** The consultation in front of the worker; null is the waiting list. */
  readonly selected: number | null;
  readonly whispers: Whispers;
  /**
   * To whom there is a field to write in: never to both. A word for a colleague that reaches a client cannot be
   * taken back, so the worker opens one of the two, and the other is closed.
   */
  readonly writingTo: "clients" | "colleagues";
  /** Whether the worker looks at this page at all. */
  readonly attended: boolean;
  readonly notices: readonly NoticeCode[];
  /** The browser's own view of the network. */
  readonly online: boolean;
  /** Locked: nothing of any consultation is on this page. */
  readonly lock: (Lock & { readonly checking: boolean }) | null;
  readonly lockMinutes: number;
  /** How many consultations at once the worker wants. */
  readonly capacity: number;
  readonly pack: Pack | null;
  readonly coding: readonly CodeGroup[];
  readonly totals: readonly Total[];
  readonly handIn: HandIn;
  readonly announcements: readonly Announcement[];
  readonly tools: Tools;
}

export function initialState(language: Language, now: number): DeskState {
  return {
    language,
    languageSettled: false,
    now,
    connection: "connecting",
    worker: null,
    duty: { status: "off", reason: null },
    waiting: [],
    accepted: [],
    requests: [],
    takingOver: [],
    colleagues: [],
    conversations: [],
    selected: null,
    whispers: { open: false, colleague: null, threads: [] },
    writingTo: "clients",
    attended: true,
    notices: [],
    online: true,
    lock: null,
    lockMinutes: 10,
    capacity: 3,
    pack: null,
    coding: [],
    totals: [],
    handIn: { handed_in: 0, going: 0, waiting: 0 },
    announcements: [],
    tools: initialTools,
  };
}

export function conversationOf(consultation: Consultation, messages: readonly Message[]): Conversation {
  const { codes } = consultation;
  return {
    ...talkOf(messages),
    consultation,
    asking: null,
    handOverTo: null,
    summary: "",
    codes,
    openGroups: [],
    laidOutFrom: null,
  };
}

export function find(state: DeskState, id: number): Conversation | undefined {
  return state.conversations.find((it) => it.consultation.id === id);
}

export function change(state: DeskState, id: number, update: (it: Conversation) => Conversation): DeskState {
  return {
    ...state,
    conversations: state.conversations.map((it) => (it.consultation.id === id ? update(it) : it)),
  };
}

/** A colleague with whom nothing was said yet has an empty thread. */
export function threadWith(state: DeskState, colleague: number): Thread {
  const found = state.whispers.threads.find((it) => it.colleague === colleague);
  return found ?? { ...talkOf<Whisper>([]), colleague };
}

export function changeThread(state: DeskState, colleague: number, update: (it: Thread) => Thread): DeskState {
  const { whispers } = state;
  const changed = update(threadWith(state, colleague));
  const threads = whispers.threads.some((it) => it.colleague === colleague)
    ? whispers.threads.map((it) => (it.colleague === colleague ? changed : it))
    : [...whispers.threads, changed];
  return { ...state, whispers: { ...whispers, threads } };
}

/** Whether anything would be lost with the thread. */
export function hasWords({ messages, draft }: Thread): boolean {
  return messages.length > 0 || draft !== "";
}

export function onDuty(state: DeskState): readonly Colleague[] {
  return state.colleagues.filter((it) => it.on_duty);
}

/** Those that take the worker's attention: an ended one waits for its answers only. */
export function underWay(state: DeskState): readonly Conversation[] {
  return state.conversations.filter((it) => it.consultation.status !== "ended");
}

export function hasRoom(state: DeskState): boolean {
  return underWay(state).length < state.capacity;
}

export function colleagueOf(state: DeskState, id: number): Colleague | undefined {
  return state.colleagues.find((it) => it.id === id);
}

/** What is in front of the worker and looked at is read. While whispering, that is not a consultation. */
export function markRead(state: DeskState): DeskState {
  if (!state.attended) return state;
  const { selected, whispers, writingTo } = state;
  const read = selected !== null && writingTo === "clients" ? change(state, selected, withAllRead) : state;
  return whispers.open && whispers.colleague !== null
    ? changeThread(read, whispers.colleague, withAllRead)
    : read;
}

export function withAllRead<Of extends { readonly unread: number }>(talk: Of): Of {
  return talk.unread === 0 ? talk : { ...talk, unread: 0 };
}
