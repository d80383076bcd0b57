// The desk page: joins the console's socket, the state and the screen.

import { chooseLanguage } from "../shared/text.ts";
import { type Action, actionOf, numberOf } from "./actions.ts";
import { Screen } from "./screen.ts";
import { ConsoleSocket, takeBearer } from "./socket.ts";
import { type DeskEvent, find, initialState, reduce, sendable, textToSend } from "./state.ts";

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
  if (event.type === "draft") screen.showComposer(state, event.consultation);
  else screen.show(state);
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
    const consultation = composerOf(target);
    if (consultation !== null && target instanceof HTMLTextAreaElement) {
      dispatch({ type: "draft", consultation, text: target.value });
    }
  });
  document.addEventListener("keydown", pressed);
  for (const name of ["focus", "blur"]) window.addEventListener(name, attend);
  document.addEventListener("visibilitychange", attend);
  setInterval(() => dispatch({ type: "tick", now: nowSeconds() }), TICK_MS);
}

function pressed(event: KeyboardEvent): void {
  const consultation = composerOf(event.target);
  // 229: an input method is at work, and the key is its own (Safari says so only here).
  const composing = event.isComposing || event.keyCode === 229;
  if (consultation !== null && event.key === "Enter" && !event.shiftKey && !composing) {
    event.preventDefault();
    perform({ type: "send", consultation });
  }
  const asked = state.conversations.find((it) => it.askingToEnd && it.consultation.id === state.selected);
  if (event.key === "Escape" && asked !== undefined) {
    perform({ type: "keep", consultation: asked.consultation.id });
  }
}

function composerOf(target: EventTarget | null): number | null {
  return target instanceof HTMLElement ? numberOf(target.dataset.composer) : null;
}

function attend(): void {
  dispatch({ type: "attended", attended: document.visibilityState === "visible" && document.hasFocus() });
}

function selectAround(target: EventTarget | null): void {
  const column = target instanceof Element ? target.closest("[data-consultation]") : null;
  const consultation = column instanceof HTMLElement ? numberOf(column.dataset.consultation) : null;
  if (consultation === null) return;
  const unread = find(state, consultation)?.unread ?? 0;
  if (consultation !== state.selected || unread > 0) dispatch({ type: "select", consultation });
}

/** To the consultation that Accept on this page has just opened; never away from what is being written. */
function turnTo(id: number): void {
  const { activeElement } = document;
  const writing = activeElement instanceof HTMLElement ? activeElement.dataset.composer : undefined;
  if (writing !== undefined && writing !== String(id)) return;
  const opened = find(state, id);
  if (state.selected === id && opened?.messages.length === 0 && opened.draft === "") {
    screen.focus(id, "composer");
  }
}

function perform(action: Action): void {
  switch (action.type) {
    case "language":
    case "select":
    case "dismiss":
      dispatch(action);
      break;
    case "ask_to_end":
      dispatch({ type: "ask_to_end", consultation: action.consultation });
      screen.focus(action.consultation, "end-cancel");
      break;
    case "keep":
      dispatch({ type: "keep", consultation: action.consultation });
      screen.focus(action.consultation, "end");
      break;
    case "go_on_duty":
    case "go_off_duty":
      socket.send({ type: action.type });
      break;
    case "accept":
      if (socket.send({ type: "accept", offer: action.offer })) dispatch(action);
      break;
    case "end":
      if (!socket.send({ type: "end", consultation: action.consultation })) break;
      dispatch({ type: "keep", consultation: action.consultation });
      break;
    case "forget":
      socket.send({ type: "forget", consultation: action.consultation });
      break;
    case "send":
      send(action.consultation);
      break;
    case "retry":
      socket.retry();
      break;
  }
}

function send(id: number): void {
  const conversation = find(state, id);
  if (conversation === undefined || !sendable(state, conversation)) return;
  if (!socket.send({ type: "send", consultation: id, text: textToSend(conversation) })) return;
  screen.followLog(id);
  dispatch({ type: "send", consultation: id });
  screen.focus(id, "composer");
}
