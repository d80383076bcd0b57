// Does what a press or a key asks for: says it to the console, changes the state, moves the focus.

import { type Action, ON_CONSULTATION, type OnConsultation, type OnThread } from "./actions.ts";
import { textToSend } from "./draft.ts";
import type { PageMessage } from "./messages.ts";
import { type DeskState, find, threadWith } from "./model.ts";
import { performOnFile } from "./perform-files.ts";
import { openPanel, performTool } from "./perform-tools.ts";
import type { Screen } from "./screen.ts";
import type { ConsoleSocket } from "./socket.ts";
import { askable, type DeskEvent, handOverUnderWay, sendable, whisperable } from "./state.ts";

/** What a press may reach. */
export interface Hands {
  readonly state: () => DeskState;
  readonly dispatch: (event: DeskEvent) => void;
  readonly socket: Pick<ConsoleSocket, "leave" | "retry"> & {
    readonly send: (message: PageMessage) => boolean;
  };
  readonly screen: Pick<
    Screen,
    "focus" | "focusBack" | "followLog" | "keepPlace" | "rememberFocus" | "select" | "takePassphrase"
  >;
}

export function perform(hands: Hands, action: Action): void {
  const { dispatch, socket } = hands;
  switch (action.type) {
    case "language":
    case "dismiss":
    case "turn":
    case "choose":
      dispatch(action);
      break;
    case "go_on_duty":
      socket.send({ type: action.type });
      break;
    case "go_off_duty":
      if (handOverUnderWay(hands.state())) openPanel(hands, "off_duty");
      else socket.send({ type: action.type });
      break;
    case "retry":
      socket.retry();
      break;
    case "accept":
      if (socket.send({ type: "accept", offer: action.offer })) dispatch(action);
      break;
    case "accept_hand_over":
      if (!socket.send({ type: action.type, hand_over: action.handOver })) break;
      dispatch({ type: "take_over", handOver: action.handOver });
      break;
    case "decline_hand_over":
      socket.send({ type: action.type, hand_over: action.handOver });
      break;
    case "open_whispers":
    case "close_whispers":
      showWhispers(hands, action.type);
      break;
    case "write_to_colleague":
    case "whisper":
    case "forget_whispers":
      performInThread(hands, action);
      break;
    case "accept_file":
    case "refuse_file":
    case "look_at_file":
      performOnFile(hands, action);
      break;
    default:
      if (isOnConsultation(action)) performInConsultation(hands, action);
      else performTool(hands, action);
  }
}

function isOnConsultation(action: Action): action is OnConsultation {
  return ON_CONSULTATION.some((type) => type === action.type);
}

function performInConsultation(hands: Hands, { type, consultation }: OnConsultation): void {
  const { dispatch, socket, screen } = hands;
  switch (type) {
    case "ask_to_end":
      dispatch({ type, consultation });
      screen.focus("end-cancel", consultation);
      break;
    case "ask_to_hand_over":
      dispatch({ type, consultation });
      screen.focus("hand-over-first", consultation);
      break;
    case "ask_more":
      dispatch({ type, consultation });
      screen.focus("more-first", consultation);
      break;
    case "keep":
      keep(hands, consultation);
      break;
    case "end":
    case "end_and_refuse":
    case "propose_end":
      if (!socket.send({ type, consultation })) break;
      dispatch({ type: "keep", consultation });
      screen.focus("composer", consultation);
      break;
    case "done":
      done(hands, consultation);
      break;
    case "mute":
      mute(hands, consultation);
      break;
    case "forget":
    case "cancel_hand_over":
      socket.send({ type, consultation });
      break;
    case "hand_over":
      handOver(hands, consultation);
      break;
    case "write_to_client":
      dispatch({ type, consultation });
      screen.focus("composer", consultation);
      break;
    case "show_script":
      dispatch({ type, consultation });
      screen.focus("script-first", consultation);
      break;
    case "earlier":
      screen.keepPlace(consultation, () => dispatch({ type, consultation }));
      // The button may be gone, and the arrow keys now lead up into what has come.
      screen.focus("log", consultation);
      break;
    case "send":
      send(hands, consultation);
      break;
  }
}

/** Closes what was asked, and goes back to the button that opened it. */
function keep({ state, dispatch, screen }: Hands, consultation: number): void {
  const asked = find(state(), consultation)?.asking;
  dispatch({ type: "keep", consultation });
  const opener = { end: "end", hand_over: "hand-over", nobody: "hand-over", more: "more" } as const;
  if (asked !== null && asked !== undefined) screen.focus(opener[asked], consultation);
}

/** The answers are counted before the words are wiped. */
function done({ state, socket }: Hands, id: number): void {
  const conversation = find(state(), id);
  if (conversation === undefined) return;
  const { codes, consultation } = conversation;
  if (consultation.ended !== "handed_over") socket.send({ type: "code", consultation: id, codes });
  socket.send({ type: "forget", consultation: id });
}

function mute({ state, dispatch, socket, screen }: Hands, id: number): void {
  const muted = find(state(), id)?.consultation.muted;
  if (muted === undefined || !socket.send({ type: "mute", consultation: id, muted: !muted })) return;
  dispatch({ type: "keep", consultation: id });
  screen.focus("more", id);
}

function showWhispers({ dispatch, screen }: Hands, type: "open_whispers" | "close_whispers"): void {
  dispatch({ type: "whispers", open: type === "open_whispers" });
  screen.focus(type === "open_whispers" ? "whispers-first" : "whispers-open");
}

function performInThread(hands: Hands, action: OnThread): void {
  switch (action.type) {
    case "write_to_colleague":
      hands.dispatch(action);
      hands.screen.focus("whisper-composer");
      break;
    case "whisper":
      whisper(hands, action.colleague);
      break;
    case "forget_whispers":
      hands.socket.send(action);
      break;
  }
}

/** On the screen at once; the console's own word takes the place of the echo. */
function send({ state, dispatch, socket, screen }: Hands, id: number): void {
  const conversation = find(state(), id);
  if (conversation === undefined || !sendable(state(), conversation)) return;
  if (!socket.send({ type: "send", consultation: id, text: textToSend(conversation.draft) })) return;
  screen.followLog(id);
  dispatch({ type: "send", consultation: id });
  screen.focus("composer", id);
}

function whisper({ state, dispatch, socket, screen }: Hands, colleague: number): void {
  const thread = threadWith(state(), colleague);
  if (!whisperable(state(), thread)) return;
  if (!socket.send({ type: "whisper", colleague, text: textToSend(thread.draft) })) return;
  dispatch({ type: "whisper", colleague });
  screen.focus("whisper-composer");
}

function handOver({ state, dispatch, socket, screen }: Hands, id: number): void {
  const conversation = find(state(), id);
  if (conversation === undefined || !askable(state(), conversation)) return;
  const { handOverTo: colleague, summary } = conversation;
  if (colleague === null) return;
  const asked = socket.send({
    type: "hand_over",
    consultation: id,
    colleague,
    summary: textToSend(summary),
  });
  if (!asked) return;
  dispatch({ type: "keep", consultation: id });
  screen.focus("hand-over", id);
}
