// The desk page: joins the console's socket, the state and the screen.

import { chooseLanguage } from "../shared/text.ts";
import { type Action, actionOf, type OnConsultation, type OnThread } from "./actions.ts";
import { textToSend } from "./draft.ts";
import { eventOf, fieldOf } from "./fields.ts";
import { find, initialState, threadWith } from "./model.ts";
import { Screen } from "./screen.ts";
import { ConsoleSocket, takeBearer } from "./socket.ts";
import { askable, type DeskEvent, reduce, sendable, whisperable } from "./state.ts";

const TICK_MS = 15_000;

const bearer = takeBearer(location, history);
const screen = new Screen(document.body);
let state = initialState(chooseLanguage(navigator.languages), nowSeconds());

const socket = new ConsoleSocket(`ws://${location.host}/socket`, bearer ?? "", {
  onConnection: (connection) => dispatch({ type: "connection", connection }),
  onMessage: (message) => {
    dispatch({ type: "console", message });
    if (message.type === "consultation" && message.consultation.status !== "ended") {
      turnTo(message.consultation.id);
    }
  },
});

listen();
if (bearer === null) dispatch({ type: "connection", connection: "no_bearer" });
else {
  screen.show(state);
  socket.connect();
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

function dispatch(event: DeskEvent): void {
  state = reduce(state, event);
  screen.show(state);
}

function listen(): void {
  document.addEventListener("click", (event) => {
    selectAround(event.target);
    const button = event.target instanceof Element ? event.target.closest("[data-action]") : null;
    const action = button instanceof HTMLElement ? actionOf(button) : null;
    if (action !== null) perform(action);
  });
  document.addEventListener("focusin", (event) => selectAround(event.target));
  document.addEventListener("input", ({ target }) => {
    const field = fieldOf(target);
    if (field === null || !(target instanceof HTMLTextAreaElement)) return;
    state = reduce(state, eventOf(field, target.value));
    screen.showField(state, field);
  });
  document.addEventListener("keydown", pressed);
  for (const name of ["focus", "blur"]) window.addEventListener(name, attend);
  document.addEventListener("visibilitychange", attend);
  setInterval(() => dispatch({ type: "tick", now: nowSeconds() }), TICK_MS);
}

function pressed(event: KeyboardEvent): void {
  const field = fieldOf(event.target);
  // 229: an input method is at work, and the key is its own (Safari says so only here).
  const composing = event.isComposing || event.keyCode === 229;
  if (event.key === "Enter" && !event.shiftKey && !composing && field !== null && field.of !== "summary") {
    event.preventDefault();
    if (field.of === "client") perform({ type: "send", consultation: field.id });
    else perform({ type: "whisper", colleague: field.id });
  }
  const asked = state.conversations.find((it) => it.asking !== null && it.consultation.id === state.selected);
  // In the field for a colleague the key belongs to what is written there.
  if (event.key === "Escape" && !composing && field?.of !== "colleague" && asked !== undefined) {
    perform({ type: "keep", consultation: asked.consultation.id });
  }
}

function attend(): void {
  dispatch({ type: "attended", attended: document.visibilityState === "visible" && document.hasFocus() });
}

function selectAround(target: EventTarget | null): void {
  const consultation = screen.consultationAround(target);
  if (consultation === null) return;
  const unread = find(state, consultation)?.unread ?? 0;
  if (consultation !== state.selected || unread > 0) dispatch({ type: "select", consultation });
}

/** To the consultation that was just accepted on this page; never away from what is being written. */
function turnTo(id: number): void {
  const field = fieldOf(document.activeElement);
  if (field !== null && !(field.of === "client" && field.id === id)) return;
  const opened = find(state, id);
  if (state.selected === id && opened?.messages.length === 0 && opened.draft === "") {
    screen.focus("composer", id);
  }
}

function perform(action: Action): void {
  switch (action.type) {
    case "language":
    case "dismiss":
    case "turn":
    case "choose":
      dispatch(action);
      break;
    case "go_on_duty":
    case "go_off_duty":
      socket.send({ type: action.type });
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
      showWhispers(action.type);
      break;
    case "write_to_colleague":
    case "whisper":
    case "forget_whispers":
      performInThread(action);
      break;
    default:
      performInConsultation(action);
  }
}

function performInConsultation({ type, consultation }: OnConsultation): void {
  switch (type) {
    case "ask_to_end":
      dispatch({ type, consultation });
      screen.focus("end-cancel", consultation);
      break;
    case "ask_to_hand_over":
      dispatch({ type, consultation });
      screen.focus("hand-over-first", consultation);
      break;
    case "keep": {
      const asked = find(state, consultation)?.asking;
      dispatch({ type, consultation });
      screen.focus(asked === "hand_over" ? "hand-over" : "end", consultation);
      break;
    }
    case "end":
      if (socket.send({ type, consultation })) dispatch({ type: "keep", consultation });
      break;
    case "forget":
    case "cancel_hand_over":
      socket.send({ type, consultation });
      break;
    case "hand_over":
      handOver(consultation);
      break;
    case "write_to_client":
      dispatch({ type, consultation });
      screen.focus("composer", consultation);
      break;
    case "send":
      send(consultation);
      break;
  }
}

function showWhispers(type: "open_whispers" | "close_whispers"): void {
  dispatch({ type: "whispers", open: type === "open_whispers" });
  screen.focus(type === "open_whispers" ? "whispers-first" : "whispers-open");
}

function performInThread(action: OnThread): void {
  switch (action.type) {
    case "write_to_colleague":
      dispatch(action);
      screen.focus("whisper-composer");
      break;
    case "whisper":
      whisper(action.colleague);
      break;
    case "forget_whispers":
      socket.send(action);
      break;
  }
}

function send(id: number): void {
  const conversation = find(state, id);
  if (conversation === undefined || !sendable(state, conversation)) return;
  if (!socket.send({ type: "send", consultation: id, text: textToSend(conversation.draft) })) return;
  screen.followLog(id);
  dispatch({ type: "send", consultation: id });
  screen.focus("composer", id);
}

function whisper(colleague: number): void {
  const thread = threadWith(state, colleague);
  if (!whisperable(state, thread)) return;
  if (!socket.send({ type: "whisper", colleague, text: textToSend(thread.draft) })) return;
  dispatch({ type: "whisper", colleague });
  screen.focus("whisper-composer");
}

function handOver(id: number): void {
  const conversation = find(state, id);
  if (conversation === undefined || !askable(state, conversation)) return;
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
