// How each event changes what the desk page knows, and what follows from it. Pure: no DOM, no socket, no clock.

import type { Language } from "../shared/text.ts";
import { withConsoleMessage } from "./arrivals.ts";
import { fits, SUMMARY_BYTES_MAX, TEXT_BYTES_MAX, WHISPER_BYTES_MAX } from "./draft.ts";
import type { ConsoleMessage, HandOverRequest, NoticeCode, WaitingEntry } from "./messages.ts";
import {
  type Connection,
  type Conversation,
  change,
  changeThread,
  colleagueOf,
  type DeskState,
  initialState,
  markRead,
  onDuty,
  type Thread,
  withAllRead,
} from "./model.ts";
import { withDraftSent } from "./talk.ts";

export type DeskEvent =
  | { readonly type: "connection"; readonly connection: Connection }
  | { readonly type: "console"; readonly message: ConsoleMessage }
  | { readonly type: "tick"; readonly now: number }
  | { readonly type: "attended"; readonly attended: boolean }
  | { readonly type: "language"; readonly language: Language }
  /** The worker has turned to a consultation that is on the screen. */
  | { readonly type: "select"; readonly consultation: number }
  /** The worker wants another consultation, or the waiting list, on the screen. */
  | { readonly type: "turn"; readonly consultation: number | null }
  | { readonly type: "accept"; readonly offer: string }
  | { readonly type: "take_over"; readonly handOver: string }
  | { readonly type: "draft"; readonly consultation: number; readonly text: string }
  | { readonly type: "send"; readonly consultation: number }
  | { readonly type: "ask_to_end"; readonly consultation: number }
  | { readonly type: "ask_to_hand_over"; readonly consultation: number }
  | { readonly type: "choose"; readonly consultation: number; readonly colleague: number }
  | { readonly type: "summary"; readonly consultation: number; readonly text: string }
  | { readonly type: "keep"; readonly consultation: number }
  | { readonly type: "write_to_client"; readonly consultation: number }
  | { readonly type: "whispers"; readonly open: boolean }
  | { readonly type: "write_to_colleague"; readonly colleague: number }
  | { readonly type: "whisper_draft"; readonly colleague: number; readonly text: string }
  | { readonly type: "whisper"; readonly colleague: number }
  | { readonly type: "dismiss"; readonly notice: NoticeCode };

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
      return change({ ...state, selected: event.consultation }, event.consultation, withAllRead);
    case "turn":
      return markRead({ ...closed(state), selected: event.consultation });
    case "accept":
      return state.accepted.includes(event.offer)
        ? state
        : { ...state, accepted: [...state.accepted, event.offer], notices: [] };
    case "take_over":
      return withTakeOver(state, event.handOver);
    case "dismiss":
      return { ...state, notices: state.notices.filter((notice) => notice !== event.notice) };
    case "whispers":
      return markRead(event.open ? opened(state) : closed(state));
    case "write_to_colleague":
      return markRead(withThread(state, event.colleague));
    case "whisper_draft":
      return changeThread(state, event.colleague, (it) => ({ ...it, draft: event.text }));
    case "whisper":
      return changeThread(state, event.colleague, withDraftSent);
    case "write_to_client":
      return markRead(withClient(state, event.consultation));
    default:
      return change(state, event.consultation, (it) => inConversation(state, it, event));
  }
}

/** Whether the draft may be sent now. */
export function sendable(state: DeskState, { consultation, draft }: Conversation): boolean {
  const open = state.connection === "connected" && consultation.status === "open";
  return open && isComplete(draft, TEXT_BYTES_MAX);
}

export function whisperable(state: DeskState, { colleague, draft }: Thread): boolean {
  const reachable = state.connection === "connected" && colleagueOf(state, colleague)?.on_duty === true;
  return reachable && isComplete(draft, WHISPER_BYTES_MAX);
}

/** Whether the colleague may be asked now to take the consultation over. */
export function askable(state: DeskState, { consultation, handOverTo, summary }: Conversation): boolean {
  const open = state.connection === "connected" && consultation.status === "open";
  return open && consultation.hand_over === null && handOverTo !== null && fits(summary, SUMMARY_BYTES_MAX);
}

/** Whether there is a field in which to write to this client. */
export function isOpenToClient(state: DeskState, { asking }: Conversation): boolean {
  return state.writingTo === "clients" && asking !== "hand_over";
}

export function isAccepting(state: DeskState, entry: WaitingEntry): boolean {
  return entry.accepting || state.accepted.includes(entry.offer);
}

export function isTakingOver(state: DeskState, request: HandOverRequest): boolean {
  return request.accepted || state.takingOver.some(({ id }) => id === request.id);
}

/** What asks for the worker: people who wait, colleagues who ask, and messages not yet read. */
export function countForTitle(state: DeskState): number {
  const talks = [...state.conversations, ...state.whispers.threads];
  return talks.reduce((sum, it) => sum + it.unread, state.waiting.length + unanswered(state));
}

export function unanswered(state: DeskState): number {
  return state.requests.filter((it) => !isTakingOver(state, it)).length;
}

export function unreadWhispers(state: DeskState): number {
  return state.whispers.threads.reduce((sum, it) => sum + it.unread, 0);
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

function isComplete(draft: string, bytesMax: number): boolean {
  return draft.trim() !== "" && fits(draft, bytesMax);
}

function withConnection(state: DeskState, connection: Connection): DeskState {
  if (!isOver(connection)) return { ...state, connection };
  // The consultations lived in the console. What this page still holds of them goes too.
  return { ...initialState(state.language, state.now), ...kept(state), connection };
}

function kept(state: DeskState): Pick<DeskState, "worker" | "languageSettled" | "attended"> {
  return { worker: state.worker, languageSettled: state.languageSettled, attended: state.attended };
}

type InConversation = Extract<
  DeskEvent,
  { readonly type: "draft" | "send" | "ask_to_end" | "ask_to_hand_over" | "choose" | "summary" | "keep" }
>;

function inConversation(state: DeskState, it: Conversation, event: InConversation): Conversation {
  switch (event.type) {
    case "draft":
      return { ...it, draft: event.text };
    case "send":
      return withDraftSent(it);
    case "ask_to_end":
      return { ...it, asking: "end" };
    case "ask_to_hand_over":
      return { ...it, asking: "hand_over", handOverTo: it.handOverTo ?? theOnlyOne(state) };
    case "choose":
      return { ...it, handOverTo: event.colleague };
    case "summary":
      return { ...it, summary: event.text };
    case "keep":
      return { ...it, asking: null };
  }
}

/** Where there is no choice, nobody has to make it. */
function theOnlyOne(state: DeskState): number | null {
  const [first, ...others] = onDuty(state);
  return first === undefined || others.length > 0 ? null : first.id;
}

function withTakeOver(state: DeskState, id: string): DeskState {
  const request = state.requests.find((it) => it.id === id);
  if (request === undefined || isTakingOver(state, request)) return state;
  return { ...state, takingOver: [...state.takingOver, request], notices: [] };
}

function opened(state: DeskState): DeskState {
  const { whispers } = state;
  const unread = whispers.threads.find((it) => it.unread > 0)?.colleague ?? null;
  const colleague = unread ?? whispers.colleague ?? theOnlyOne(state);
  return { ...state, writingTo: "colleagues", whispers: { ...whispers, open: true, colleague } };
}

function closed(state: DeskState): DeskState {
  return { ...state, writingTo: "clients", whispers: { ...state.whispers, open: false } };
}

function withThread(state: DeskState, colleague: number): DeskState {
  return { ...state, writingTo: "colleagues", whispers: { ...state.whispers, open: true, colleague } };
}

function withClient(state: DeskState, id: number): DeskState {
  const turned: DeskState = { ...state, writingTo: "clients", selected: id };
  return change(turned, id, (it) => (it.asking === "hand_over" ? { ...it, asking: null } : it));
}
