// How each message of the console changes what the page knows. Pure: no DOM, no socket, no clock.

import type { Language } from "../shared/text.ts";
import type { Announcement, LinkSheet } from "./content.ts";
import { textToSend } from "./draft.ts";
import { isOpening, withFile, withPictures, withSound } from "./files.ts";
import type {
  Colleague,
  ConsoleMessage,
  Consultation,
  Lock,
  Message,
  NoticeCode,
  Snapshot,
  Whisper,
  WhisperThread,
  Worker,
} from "./messages.ts";
import {
  type Conversation,
  change,
  changeThread,
  conversationOf,
  type DeskState,
  find,
  hasWords,
  initialState,
  markRead,
  type Thread,
  threadWith,
} from "./model.ts";
import { withAllSaid, withDelivered, withOutgoingRestored, withSaid } from "./talk.ts";
import { withoutLook, withoutWords } from "./tools.ts";

export function withConsoleMessage(state: DeskState, message: ConsoleMessage): DeskState {
  // What was on its way when the worker locked the desk.
  if (state.lock !== null && message.type !== "snapshot" && message.type !== "locked") return state;
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
      return markRead(
        change(state, message.consultation, (it) =>
          quiet(withSaid<Message, Conversation>(it, message.message)),
        ),
      );
    case "delivered":
      return change(state, message.consultation, (it) =>
        withDelivered<Message, Conversation>(it, message.up_to),
      );
    case "file":
      return change(state, message.consultation, (it) => withFile(it, message.message, message.file));
    case "pictures": {
      const look = withPictures(state.tools.look, message.consultation, message.file, message);
      return { ...state, tools: { ...state.tools, look } };
    }
    case "sound":
      return { ...state, tools: { ...state.tools, look: withSound(state.tools.look, message) } };
    case "forgotten":
      return {
        ...state,
        tools:
          state.tools.look?.consultation === message.consultation ? withoutLook(state.tools) : state.tools,
        conversations: state.conversations.filter((it) => it.consultation.id !== message.consultation),
        selected: state.selected === message.consultation ? null : state.selected,
      };
    case "colleagues":
      return withColleagues(state, message.colleagues);
    case "hand_overs":
      return { ...state, requests: message.hand_overs };
    case "whisper":
      return markRead(
        changeThread(state, message.colleague, (it) => withSaid<Whisper, Thread>(it, message.message)),
      );
    case "whisper_delivered":
      return changeThread(state, message.colleague, (it) =>
        withDelivered<Whisper, Thread>(it, message.up_to),
      );
    case "whispers_forgotten":
      return withoutThread(state, message.colleague);
    case "locked":
      return withLock(state, message);
    case "lock_minutes":
      return { ...state, lockMinutes: message.lock_minutes };
    case "capacity":
      return { ...state, capacity: message.capacity };
    case "pack":
      return {
        ...state,
        pack: message.pack,
        coding: message.coding,
        tools: { ...state.tools, packProblem: null },
      };
    case "pack_problem":
      return { ...state, tools: { ...state.tools, packProblem: message } };
    case "totals":
      return { ...state, totals: message.totals, handIn: message.hand_in };
    case "announcements":
      return withAnnouncements(state, message.announcements);
    case "links":
      return withLinks(state, message);
    case "report":
      return withReport(state, message.path);
    case "notice":
      return withNotice(state, message.notice);
  }
}

/** Everything that anybody wrote leaves the page with the lock, drafts too. */
export function withLock(state: DeskState, { locked, wrong_passphrase, wait_seconds }: Lock): DeskState {
  if (!locked) return { ...state, lock: null };
  return {
    ...initialState(state.language, state.now),
    worker: state.worker,
    connection: state.connection,
    languageSettled: state.languageSettled,
    attended: state.attended,
    online: state.online,
    duty: state.duty,
    tools: withoutWords(state.tools),
    lock: { locked, wrong_passphrase, wait_seconds, checking: false },
  };
}

/** What the worker wrote stays in its field until it stands among what was said. */
function withAnnouncements(state: DeskState, announcements: readonly Announcement[]): DeskState {
  const words = textToSend(state.tools.announcement);
  const known = state.announcements.map(({ id }) => id);
  const isSaid = announcements.some((it) => it.from === null && it.text === words && !known.includes(it.id));
  const tools = isSaid ? { ...state.tools, announcement: "" } : state.tools;
  return { ...state, announcements, tools };
}

/** Only the page that has asked, and still looks at its question, shows them. */
function withLinks(state: DeskState, { links, expires_at }: LinkSheet): DeskState {
  const { tools } = state;
  if (tools.panel !== "links" || !tools.making) return state;
  return { ...state, tools: { ...tools, making: false, sheet: { links, expires_at } } };
}

/** As links: to whoever still looks at the question. */
function withReport(state: DeskState, reportPath: string): DeskState {
  const { tools } = state;
  if (tools.panel !== "report" || !tools.reporting) return state;
  return { ...state, tools: { ...tools, reporting: false, reportPath } };
}

/** Whoever is muted asks for nothing. */
function quiet(it: Conversation): Conversation {
  return it.consultation.muted && it.unread > 0 ? { ...it, unread: 0 } : it;
}

function withSnapshot(before: DeskState, snapshot: Snapshot): DeskState {
  const { locked } = snapshot;
  const state = withLock(before, { locked, wrong_passphrase: false, wait_seconds: 0 });
  const conversations = snapshot.consultations.map(({ messages, ...consultation }) =>
    rejoined(find(state, consultation.id), consultation, messages),
  );
  const stillThere = conversations.some((it) => it.consultation.id === state.selected);
  const known: DeskState = {
    ...state,
    worker: snapshot.worker,
    lockMinutes: snapshot.lock_minutes,
    capacity: snapshot.capacity,
    pack: snapshot.pack,
    coding: snapshot.coding,
    totals: snapshot.totals,
    handIn: snapshot.hand_in,
    announcements: snapshot.announcements,
    // Links, reports, pictures and sounds go to the connection that has asked for them.
    tools: { ...withoutLook(state.tools), making: false, reporting: false },
    duty: snapshot.duty,
    waiting: snapshot.waiting,
    accepted: [],
    requests: snapshot.hand_overs,
    takingOver: [],
    conversations,
    whispers: { ...state.whispers, threads: threadsAfter(state, snapshot.whispers) },
    language: state.languageSettled ? state.language : languageFor(state.language, snapshot.worker),
    languageSettled: true,
    selected: stillThere ? state.selected : (conversations[0]?.consultation.id ?? null),
  };
  return withColleagues(known, snapshot.colleagues);
}

/** The browser's language, if the worker speaks it; otherwise the worker's first. */
function languageFor(browser: Language, worker: Worker): Language {
  return worker.languages.includes(browser) ? browser : (worker.languages[0] ?? browser);
}

function rejoined(
  before: Conversation | undefined,
  consultation: Consultation,
  messages: readonly Message[],
): Conversation {
  if (before === undefined) return conversationOf(consultation, messages);
  if (consultation.status === "ended") {
    const { codes, openGroups } = before;
    return { ...conversationOf(consultation, messages), codes, openGroups };
  }
  return withAllSaid<Message, Conversation>({ ...before, consultation }, messages);
}

/** The console's threads, and those in which only this page has something: a draft. */
function threadsAfter(state: DeskState, held: readonly WhisperThread[]): readonly Thread[] {
  const unheld = state.whispers.threads
    .filter((it) => !held.some(({ colleague }) => colleague === it.colleague))
    .map(({ colleague }) => ({ colleague, messages: [] }));
  return [...held, ...unheld]
    .map(({ colleague, messages }) => withAllSaid<Whisper, Thread>(threadWith(state, colleague), messages))
    .filter(hasWords);
}

function withColleagues(state: DeskState, colleagues: readonly Colleague[]): DeskState {
  const isThere = (id: number | null): boolean => colleagues.some((it) => it.id === id && it.on_duty);
  const { whispers } = state;
  const hasThread = whispers.threads.some((it) => it.colleague === whispers.colleague && hasWords(it));
  return {
    ...state,
    colleagues,
    conversations: state.conversations.map((it) =>
      it.handOverTo === null || isThere(it.handOverTo) ? it : { ...it, handOverTo: null },
    ),
    whispers: {
      ...whispers,
      colleague: hasThread || isThere(whispers.colleague) ? whispers.colleague : null,
    },
  };
}

function withConsultation(state: DeskState, consultation: Consultation): DeskState {
  if (find(state, consultation.id) === undefined) return withNewConsultation(state, consultation);
  return change(state, consultation.id, (it) => {
    if (consultation.status === "ended") {
      const { unread, codes, openGroups } = it;
      return { ...conversationOf(consultation, it.messages), unread, codes, openGroups };
    }
    const asked = consultation.hand_over !== null && it.asking === "hand_over";
    return quiet({ ...it, consultation, asking: asked ? null : it.asking });
  });
}

/** Only the page on which it was accepted turns to a new consultation, and not in mid-sentence. */
function withNewConsultation(state: DeskState, consultation: Consultation): DeskState {
  const conversations = [...state.conversations, conversationOf(consultation, [])];
  const taken = state.takingOver.find((it) => it.colleague === consultation.taken_over_from);
  if (state.accepted.length === 0 && taken === undefined) return { ...state, conversations };
  const before = state.selected === null ? undefined : find(state, state.selected);
  const isWriting =
    state.writingTo === "colleagues" || (before !== undefined && `${before.draft}${before.summary}` !== "");
  return {
    ...state,
    conversations,
    selected: isWriting ? state.selected : consultation.id,
    accepted: taken === undefined ? state.accepted.slice(1) : state.accepted,
    takingOver: state.takingOver.filter((it) => it !== taken),
  };
}

function withoutThread(state: DeskState, colleague: number): DeskState {
  const { whispers } = state;
  const threads = whispers.threads.filter((it) => it.colleague !== colleague);
  const known: DeskState = { ...state, whispers: { ...whispers, threads } };
  return withColleagues(known, state.colleagues);
}

function withNotice(state: DeskState, notice: NoticeCode): DeskState {
  const notices = [...state.notices.filter((one) => one !== notice), notice];
  switch (notice) {
    case "offer_gone":
    case "offer_deferred":
    case "seat_gone":
    case "too_many_consultations":
    case "link_already_used":
    case "opening_damaged":
    case "hand_over_gone":
    case "at_capacity":
      return { ...state, notices, accepted: [], takingOver: [] };
    case "hand_over_declined":
    case "hand_over_refused":
    case "hand_over_failed":
    case "pack_reloaded":
    case "return_link_limit":
    case "network_gone":
      return { ...state, notices };
    case "no_shift":
      return { ...state, notices, tools: { ...state.tools, making: false } };
    case "file_not_shown":
    case "no_viewer":
      return isOpening(state.tools.look)
        ? { ...state, notices, tools: withoutLook(state.tools) }
        : { ...state, notices };
    case "report_no_periods":
    case "report_unreachable":
    case "report_refused":
    case "report_not_counted":
      return { ...state, notices, tools: { ...state.tools, reporting: false } };
    case "text_too_long":
    case "queue_full":
      return {
        ...state,
        notices,
        conversations: state.conversations.map(withOutgoingRestored),
        whispers: { ...state.whispers, threads: state.whispers.threads.map(withOutgoingRestored) },
      };
  }
}
