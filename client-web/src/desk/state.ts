// How each event changes what the desk page knows, and what follows from it. Pure: no DOM, no socket, no clock.

import type { Language } from "../shared/text.ts";
import { withConsoleMessage } from "./arrivals.ts";
import { toggled } from "./codes.ts";
import type { CodeGroup } from "./content.ts";
import { fits, SUMMARY_BYTES_MAX, TEXT_BYTES_MAX, WHISPER_BYTES_MAX } from "./draft.ts";
import { stillAsked } from "./files.ts";
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
  underWay,
  withAllRead,
} from "./model.ts";
import { withEarlier, withNewest, withPlaceKept } from "./newest.ts";
import { withDraftSent } from "./talk.ts";
import { type ToolEvent, withoutLook, withoutWords, withTool } from "./tools.ts";

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
  | { readonly type: "ask_more"; readonly consultation: number }
  /** A reply was chosen: it goes into the field, where it may still be changed. */
  | { readonly type: "insert"; readonly consultation: number; readonly text: string }
  | {
      readonly type: "toggle_code";
      readonly consultation: number;
      readonly group: CodeGroup;
      readonly label: string;
    }
  | { readonly type: "open_group"; readonly consultation: number; readonly group: string }
  | { readonly type: "choose"; readonly consultation: number; readonly colleague: number }
  | { readonly type: "summary"; readonly consultation: number; readonly text: string }
  | { readonly type: "keep"; readonly consultation: number }
  /** Earlier messages are to be laid out too. */
  | { readonly type: "earlier"; readonly consultation: number }
  /** The log was scrolled away from its end, or back to it. */
  | { readonly type: "scrolled"; readonly consultation: number; readonly atEnd: boolean }
  | { readonly type: "write_to_client"; readonly consultation: number }
  | { readonly type: "whispers"; readonly open: boolean }
  | { readonly type: "write_to_colleague"; readonly colleague: number }
  | { readonly type: "whisper_draft"; readonly colleague: number; readonly text: string }
  | { readonly type: "whisper"; readonly colleague: number }
  | { readonly type: "dismiss"; readonly notice: NoticeCode }
  | { readonly type: "online"; readonly online: boolean }
  | { readonly type: "unlocking" }
  /** One second of those that a wrong passphrase costs. */
  | { readonly type: "lock_waited" }
  | ToolEvent;

export function reduce(state: DeskState, event: DeskEvent): DeskState {
  switch (event.type) {
    case "connection":
      return withConnection(state, event.connection);
    case "console":
      return withConsoleMessage(state, event.message);
    case "tick":
      return {
        ...state,
        now: event.now,
        tools: { ...state.tools, look: stillAsked(state.tools.look, event.now) },
      };
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
    case "online":
      return { ...state, online: event.online };
    case "unlocking":
      return state.lock === null ? state : { ...state, lock: { ...state.lock, checking: true } };
    case "lock_waited":
      return state.lock === null
        ? state
        : { ...state, lock: { ...state.lock, wait_seconds: Math.max(0, state.lock.wait_seconds - 1) } };
    case "pick":
    case "show_script":
      return markRead(withToolBeside(state, event));
    case "ask_to_end":
    case "ask_to_hand_over":
    case "ask_more":
      return withoutPicker(change(state, event.consultation, (it) => inConversation(state, it, event)));
    case "insert":
      return withoutPicker(
        change(state, event.consultation, (it) => ({ ...it, draft: joined(it.draft, event.text) })),
      );
    default:
      return isInConversation(event)
        ? change(state, event.consultation, (it) => inConversation(state, it, event))
        : { ...state, tools: withTool(state.tools, event) };
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

/** Whether going off duty would break off what a colleague and a client are being asked. */
export function handOverUnderWay(state: DeskState): boolean {
  const own = underWay(state).some((it) => it.consultation.hand_over !== null);
  return own || state.requests.some((it) => isTakingOver(state, it));
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
  if (connection === "connected") return { ...state, connection };
  // Pictures are the console's, and are not left on a page that it does not know of.
  if (!isOver(connection)) return { ...state, connection, tools: withoutLook(state.tools) };
  // The consultations lived in the console. What this page still holds of them goes too.
  return { ...initialState(state.language, state.now), ...kept(state), connection };
}

function kept(
  state: DeskState,
): Pick<DeskState, "worker" | "languageSettled" | "attended" | "online" | "tools"> {
  const { worker, languageSettled, attended, online, tools } = state;
  return { worker, languageSettled, attended, online, tools: withoutWords(tools) };
}

const IN_CONVERSATION = [
  "draft",
  "send",
  "ask_to_end",
  "ask_to_hand_over",
  "ask_more",
  "choose",
  "summary",
  "keep",
  "earlier",
  "scrolled",
  "toggle_code",
  "open_group",
] as const;

type InConversation = Extract<DeskEvent, { readonly type: (typeof IN_CONVERSATION)[number] }>;

function isInConversation(event: InConversation | ToolEvent): event is InConversation {
  return IN_CONVERSATION.some((type) => type === event.type);
}

function inConversation(state: DeskState, it: Conversation, event: InConversation): Conversation {
  switch (event.type) {
    case "draft":
      return { ...it, draft: event.text };
    case "send":
      return withDraftSent(withNewest(it));
    case "ask_to_end":
      return { ...it, asking: "end" };
    case "ask_to_hand_over":
      return onDuty(state).length === 0
        ? { ...it, asking: "nobody" }
        : { ...it, asking: "hand_over", handOverTo: it.handOverTo ?? theOnlyOne(state) };
    case "ask_more":
      return { ...it, asking: "more" };
    case "choose":
      return { ...it, handOverTo: event.colleague };
    case "summary":
      return { ...it, summary: event.text };
    case "keep":
      return { ...it, asking: null };
    case "earlier":
      return withEarlier(it);
    case "scrolled":
      return event.atEnd ? withNewest(it) : withPlaceKept(it);
    case "toggle_code":
      return { ...it, codes: toggled(it.codes, event.group, event.label) };
    case "open_group":
      return { ...it, openGroups: withToggled(it.openGroups, event.group) };
  }
}

function withToggled(groups: readonly string[], group: string): readonly string[] {
  return groups.includes(group) ? groups.filter((it) => it !== group) : [...groups, group];
}

/** What is written stays; what is put in comes after it. */
function joined(draft: string, text: string): string {
  return draft === "" || /\s$/.test(draft) ? `${draft}${text}` : `${draft} ${text}`;
}

/** What helps to write to a client opens the field for that client. */
function withToolBeside(
  state: DeskState,
  event: Extract<ToolEvent, { readonly type: "pick" | "show_script" }>,
): DeskState {
  const turned = change(withClient(state, event.consultation), event.consultation, (it) =>
    event.type === "pick" ? { ...it, asking: null } : it,
  );
  return { ...turned, tools: withTool(turned.tools, event) };
}

function withoutPicker(state: DeskState): DeskState {
  return { ...state, tools: withTool(state.tools, { type: "pick_close" }) };
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
  return withoutPicker({
    ...state,
    writingTo: "colleagues",
    whispers: { ...whispers, open: true, colleague },
  });
}

function closed(state: DeskState): DeskState {
  return { ...state, writingTo: "clients", whispers: { ...state.whispers, open: false } };
}

function withThread(state: DeskState, colleague: number): DeskState {
  const whispers = { ...state.whispers, open: true, colleague };
  return withoutPicker({ ...state, writingTo: "colleagues", whispers });
}

function withClient(state: DeskState, id: number): DeskState {
  const turned: DeskState = { ...state, writingTo: "clients", selected: id };
  return change(turned, id, (it) => (it.asking === "hand_over" ? { ...it, asking: null } : it));
}
