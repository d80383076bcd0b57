// What the desk page knows, and how each event changes it. Pure: no DOM, no socket, no clock.

import type { Language } from "../shared/text.ts";
import {
  type ConsoleMessage,
  type Consultation,
  type Duty,
  fits,
  type Message,
  type NoticeCode,
  type Snapshot,
  type WaitingEntry,
  type Worker,
  wellFormed,
} from "./messages.ts";

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
export interface Conversation {
  readonly consultation: Consultation;
  readonly messages: readonly Message[];
  readonly draft: string;
  /** Texts handed to the socket that the console has not yet shown back. */
  readonly outgoing: readonly string[];
  readonly unread: number;
  readonly askingToEnd: boolean;
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
  readonly conversations: readonly Conversation[];
  /** The consultation in front of the worker; null is the waiting list. */
  readonly selected: number | null;
  /** Whether the worker looks at this page at all. */
  readonly attended: boolean;
  readonly notices: readonly NoticeCode[];
}

export type DeskEvent =
  | { readonly type: "connection"; readonly connection: Connection }
  | { readonly type: "console"; readonly message: ConsoleMessage }
  | { readonly type: "tick"; readonly now: number }
  | { readonly type: "attended"; readonly attended: boolean }
  | { readonly type: "language"; readonly language: Language }
  | { readonly type: "select"; readonly consultation: number | null }
  | { readonly type: "accept"; readonly offer: string }
  | { readonly type: "draft"; readonly consultation: number; readonly text: string }
  | { readonly type: "send"; readonly consultation: number }
  | { readonly type: "ask_to_end"; readonly consultation: number }
  | { readonly type: "keep"; readonly consultation: number }
  | { readonly type: "dismiss"; readonly notice: NoticeCode };

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
    conversations: [],
    selected: null,
    attended: true,
    notices: [],
  };
}

export function reduce(state: DeskState, event: DeskEvent): DeskState {
  switch (event.type) {
    case "connection":
      return withConnection(state, event.connection);
    case "console":
      return withConsoleMessage(state, event.message);
    case "tick":
      return { ...state, now: event.now };
    case "attended":
      return markRead({ ...state, attended: event.attended });
    case "language":
      return { ...state, language: event.language, languageSettled: true };
    case "select":
      return markRead({ ...state, selected: event.consultation });
    case "accept":
      return state.accepted.includes(event.offer)
        ? state
        : { ...state, accepted: [...state.accepted, event.offer], notices: [] };
    case "draft":
      return change(state, event.consultation, (it) => ({ ...it, draft: event.text }));
    case "send":
      return change(state, event.consultation, (it) => ({
        ...it,
        draft: "",
        outgoing: [...it.outgoing, textToSend(it)],
      }));
    case "ask_to_end":
      return change(state, event.consultation, (it) => ({ ...it, askingToEnd: true }));
    case "keep":
      return change(state, event.consultation, (it) => ({ ...it, askingToEnd: false }));
    case "dismiss":
      return { ...state, notices: state.notices.filter((notice) => notice !== event.notice) };
  }
}

export function find(state: DeskState, id: number): Conversation | undefined {
  return state.conversations.find((it) => it.consultation.id === id);
}

/** Whether the draft may be sent now. */
export function sendable(state: DeskState, conversation: Conversation): boolean {
  const { consultation, draft } = conversation;
  return (
    state.connection === "connected" && consultation.status === "open" && draft.trim() !== "" && fits(draft)
  );
}

/** The draft as it travels: without the empty lines around it. */
export function textToSend({ draft }: Conversation): string {
  return wellFormed(draft.trim());
}

export function isAccepting(state: DeskState, entry: WaitingEntry): boolean {
  return entry.accepting || state.accepted.includes(entry.offer);
}

/** What asks for the worker: people who wait and messages not yet read. */
export function countForTitle(state: DeskState): number {
  return state.conversations.reduce((sum, it) => sum + it.unread, state.waiting.length);
}

/** Nothing is reachable any more, and nothing is kept on the screen. */
export function isOver(connection: Connection): boolean {
  switch (connection) {
    case "gone":
    case "no_bearer":
    case "bearer_refused":
    case "crowded":
    case "misunderstood":
      return true;
    case "connecting":
    case "connected":
    case "reconnecting":
      return false;
  }
}

function withConnection(state: DeskState, connection: Connection): DeskState {
  if (!isOver(connection)) return { ...state, connection };
  // The consultations lived in the console. What this page still holds of them goes too.
  return { ...initialState(state.language, state.now), ...kept(state), connection };
}

function kept(state: DeskState): Pick<DeskState, "worker" | "languageSettled" | "attended"> {
  return { worker: state.worker, languageSettled: state.languageSettled, attended: state.attended };
}

function withConsoleMessage(state: DeskState, message: ConsoleMessage): DeskState {
  switch (message.type) {
    case "snapshot":
      return withSnapshot(state, message);
    case "duty":
      return { ...state, duty: message.duty };
    case "waiting":
      return { ...state, waiting: message.waiting };
    case "consultation":
      return withConsultation(state, message.consultation);
    case "message":
      return withMessage(state, message.consultation, message.message);
    case "delivered":
      return change(state, message.consultation, (it) => ({
        ...it,
        messages: it.messages.map((one) => withDelivered(one, message.up_to)),
      }));
    case "forgotten":
      return {
        ...state,
        conversations: state.conversations.filter((it) => it.consultation.id !== message.consultation),
        selected: state.selected === message.consultation ? null : state.selected,
      };
    case "notice":
      return withNotice(state, message.notice);
  }
}

function withSnapshot(state: DeskState, snapshot: Snapshot): DeskState {
  const conversations = snapshot.consultations.map(({ messages, ...consultation }) =>
    rejoined(find(state, consultation.id), consultation, messages),
  );
  const stillThere = conversations.some((it) => it.consultation.id === state.selected);
  return {
    ...state,
    worker: snapshot.worker,
    duty: snapshot.duty,
    waiting: snapshot.waiting,
    accepted: [],
    conversations,
    language: state.languageSettled ? state.language : languageFor(state.language, snapshot.worker),
    languageSettled: true,
    selected: stillThere ? state.selected : (conversations[0]?.consultation.id ?? null),
  };
}

/** The browser's language, if the worker speaks it; otherwise the worker's first. */
function languageFor(browser: Language, worker: Worker): Language {
  return worker.languages.includes(browser) ? browser : (worker.languages[0] ?? browser);
}

/** After a break: texts that never reached the console go back into the draft instead of getting lost. */
function rejoined(
  before: Conversation | undefined,
  consultation: Consultation,
  messages: readonly Message[],
): Conversation {
  if (before === undefined || consultation.status === "ended") return conversationOf(consultation, messages);
  const arrived = messages.slice(before.messages.length).filter((message) => message.from === "worker");
  const lost = before.outgoing.filter((text) => !arrived.some((message) => message.text === text));
  const fromClient = messages.slice(before.messages.length).length - arrived.length;
  return withOutgoingRestored({
    ...before,
    consultation,
    messages,
    outgoing: lost,
    unread: before.unread + fromClient,
  });
}

function withOutgoingRestored(it: Conversation): Conversation {
  const draft = [...it.outgoing, it.draft].filter((text) => text !== "").join("\n");
  return { ...it, outgoing: [], draft };
}

function conversationOf(consultation: Consultation, messages: readonly Message[]): Conversation {
  return { consultation, messages, draft: "", outgoing: [], unread: 0, askingToEnd: false };
}

function withConsultation(state: DeskState, consultation: Consultation): DeskState {
  if (find(state, consultation.id) === undefined) {
    const conversations = [...state.conversations, conversationOf(consultation, [])];
    if (state.accepted.length === 0) return { ...state, conversations };
    // Only the page on which Accept was pressed turns to the new consultation, and not in mid-sentence.
    const isWriting = state.selected !== null && (find(state, state.selected)?.draft ?? "") !== "";
    const selected = isWriting ? state.selected : consultation.id;
    return { ...state, conversations, selected, accepted: state.accepted.slice(1) };
  }
  const over = consultation.status === "ended";
  return change(state, consultation.id, (it) =>
    over ? { ...it, consultation, draft: "", outgoing: [], askingToEnd: false } : { ...it, consultation },
  );
}

function withMessage(state: DeskState, id: number, message: Message): DeskState {
  return markRead(
    change(state, id, (it) => {
      const known = it.messages.some((one) => isSame(one, message));
      return {
        ...it,
        messages: known
          ? it.messages.map((one) => (isSame(one, message) ? message : one))
          : [...it.messages, message],
        outgoing: message.from === "worker" ? withoutFirst(it.outgoing, message.text) : it.outgoing,
        unread: message.from === "client" && !known ? it.unread + 1 : it.unread,
      };
    }),
  );
}

function isSame(one: Message, other: Message): boolean {
  return one.number === other.number && one.from === other.from;
}

function withDelivered(message: Message, upTo: number): Message {
  return message.from === "worker" && message.number <= upTo && !message.delivered
    ? { ...message, delivered: true }
    : message;
}

function withNotice(state: DeskState, notice: NoticeCode): DeskState {
  const notices = [...state.notices.filter((one) => one !== notice), notice];
  switch (notice) {
    case "offer_gone":
    case "seat_gone":
    case "too_many_consultations":
    case "link_already_used":
    case "opening_damaged":
      return { ...state, notices, accepted: [] };
    case "text_too_long":
      return { ...state, notices, conversations: state.conversations.map(withOutgoingRestored) };
  }
}

function markRead(state: DeskState): DeskState {
  const { selected } = state;
  return state.attended && selected !== null
    ? change(state, selected, (it) => (it.unread === 0 ? it : { ...it, unread: 0 }))
    : state;
}

function change(state: DeskState, id: number, update: (it: Conversation) => Conversation): DeskState {
  return {
    ...state,
    conversations: state.conversations.map((it) => (it.consultation.id === id ? update(it) : it)),
  };
}

function withoutFirst(texts: readonly string[], text: string): readonly string[] {
  const index = texts.indexOf(text);
  return index === -1 ? texts : texts.filter((_, at) => at !== index);
}
