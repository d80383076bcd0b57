// The desk page: joins the console's socket, the state and the screen.

import { chooseLanguage } from "../shared/text.ts";
import { type Action, actionOf } from "./actions.ts";
import { obey } from "./commands.ts";
import { eventOf, type Field, fieldOf } from "./fields.ts";
import { toneFor } from "./heard.ts";
import { type Command, commandOf } from "./keys.ts";
import { CHANNELS, type ConsoleMessage } from "./messages.ts";
import { find, initialState } from "./model.ts";
import { markedOption, nextAt } from "./pack.ts";
import { type Hands, perform } from "./perform.ts";
import { showPictures, showSound } from "./perform-files.ts";
import { backFrom, choose, closePanel, closePicker } from "./perform-tools.ts";
import { Press } from "./press.ts";
import { Screen } from "./screen.ts";
import { ConsoleSocket, takeBearer } from "./socket.ts";
import { Sound } from "./sound.ts";
import { readable } from "./sources.ts";
import { type DeskEvent, isOver, reduce } from "./state.ts";

const TICK_MS = 15_000;
/** A lock that makes somebody wait counts the seconds. */
const LOCKED_TICK_MS = 1_000;
/** How long a first Alt+P waits for the second. */
const PANIC_MS = 2_000;
/** How often at most the console hears that the worker is there. */
const ACTIVE_EVERY_MS = 20_000;

const bearer = takeBearer(location, history);
const screen = new Screen(document.body, (consultation, atEnd) =>
  dispatch({ type: "scrolled", consultation, atEnd }),
);
const sound = new Sound();
const press = new Press(document);
let state = initialState(chooseLanguage(navigator.languages, readable), nowSeconds());
let activeAt = 0;
let lockCount: ReturnType<typeof setInterval> | undefined;
let panicAt = Number.NEGATIVE_INFINITY;

const socket = new ConsoleSocket(`ws://${location.host}/socket`, bearer ?? "", {
  onConnection: (connection) => {
    const { tools } = state;
    dispatch({ type: "connection", connection });
    // Pictures went with the console.
    if (tools.panel !== null && state.tools.panel === null) backFrom(hands, tools);
  },
  onMessage: (message) => {
    const around = screen.consultationAround(document.activeElement);
    dispatch({ type: "console", message });
    if (message.type === "consultation" && message.consultation.status !== "ended") {
      turnTo(message.consultation.id);
    }
    if (message.type === "locked" && message.locked) {
      countLockDown();
      screen.focus("passphrase");
    }
    if (message.type === "report") screen.focus("report-open");
    if (message.type === "pictures") showPictures(hands, fieldOf(document.activeElement) !== null);
    if (message.type === "sound") showSound(hands, fieldOf(document.activeElement) !== null);
    catchFocus(message, around);
  },
});
const hands: Hands = { state: () => state, dispatch, socket, screen };

listen();
if (bearer === null) dispatch({ type: "connection", connection: "no_bearer" });
else {
  dispatch({ type: "online", online: navigator.onLine });
  socket.connect();
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

function dispatch(event: DeskEvent): void {
  const before = state;
  state = reduce(state, event);
  screen.show(state);
  const tone = event.type === "console" && event.message.type !== "snapshot" ? toneFor(before, state) : null;
  if (tone !== null) sound.play(tone);
}

function listen(): void {
  document.addEventListener("click", (event) => {
    selectAround(event.target);
    const button = event.target instanceof Element ? event.target.closest("[data-action]") : null;
    const action = button instanceof HTMLElement ? actionOf(button) : null;
    if (action !== null) perform(hands, action);
  });
  document.addEventListener("focusin", ({ target }) => press.after(() => selectFocused(target)));
  document.addEventListener("input", typed);
  document.addEventListener("error", notLoaded, { capture: true });
  document.addEventListener("change", ({ target }) => chosen(target));
  document.addEventListener("keydown", pressed);
  document.addEventListener("pointermove", mark);
  for (const name of ["pointerdown", "keydown", "wheel"]) {
    document.addEventListener(name, touched, { capture: true, passive: true });
  }
  for (const name of ["focus", "blur"]) window.addEventListener(name, attend);
  document.addEventListener("visibilitychange", attend);
  for (const name of ["online", "offline"] as const) {
    window.addEventListener(name, () => networkIs(name === "online"));
  }
  setInterval(() => dispatch({ type: "tick", now: nowSeconds() }), TICK_MS);
}

/** From the console's word on: whole seconds, so that nothing is tried too early. */
function countLockDown(): void {
  clearInterval(lockCount);
  lockCount = setInterval(() => {
    if (state.lock === null || state.lock.wait_seconds === 0) clearInterval(lockCount);
    else dispatch({ type: "lock_waited" });
  }, LOCKED_TICK_MS);
}

function typed({ target }: Event): void {
  const field = fieldOf(target);
  if (field === null) return;
  if (!(target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement)) return;
  if (field.of === "client" && target.value === "/" && find(state, field.id)?.draft === "") {
    // The state knows of no slash, so it goes from the field too.
    perform(hands, { type: "pick", consultation: field.id, of: "replies" });
    return;
  }
  state = reduce(state, eventOf(field, target.value));
  screen.showField(state, field);
}

/** A picture or a sound that was asked for too late, or on a connection that broke. */
function notLoaded({ target }: Event): void {
  if (target instanceof HTMLAudioElement) dispatch({ type: "sound_failed" });
  const path = target instanceof HTMLImageElement ? target.getAttribute("src") : null;
  if (path !== null) dispatch({ type: "picture_failed", path });
}

function chosen(target: EventTarget | null): void {
  if (!(target instanceof HTMLSelectElement)) return;
  const { value } = target;
  switch (target.dataset.select) {
    case "capacity":
      socket.send({ type: "set_capacity", capacity: Number(value) });
      break;
    case "channel": {
      const channel = CHANNELS.find((one) => one === value);
      if (channel !== undefined) dispatch({ type: "order", order: { channel } });
      break;
    }
    case "hours":
      dispatch({ type: "order", order: { hours: Number(value) } });
      break;
    default:
      break;
  }
}

function pressed(event: KeyboardEvent): void {
  const command = commandOf(event);
  if (command !== null) {
    if (obeyKey(command, event.repeat)) event.preventDefault();
    return;
  }
  // 229: an input method is at work, and the key is its own (Safari says so only here).
  if (event.isComposing || event.keyCode === 229) return;
  const field = fieldOf(event.target);
  const done = event.key === "Escape" ? escaped(field) : inField(event, field);
  if (done) event.preventDefault();
}

function obeyKey(command: Command, repeated: boolean): boolean {
  if (repeated) return true;
  if (command.type !== "panic") return obey(hands, command);
  if (isOver(state.connection)) return false;
  const now = performance.now();
  if (now - panicAt <= PANIC_MS) {
    perform(hands, { type: "panic" });
    return true;
  }
  panicAt = now;
  dispatch({ type: "panic_armed", armed: true });
  setTimeout(() => {
    if (performance.now() - panicAt >= PANIC_MS) dispatch({ type: "panic_armed", armed: false });
  }, PANIC_MS);
  return true;
}

/** The innermost thing that can be left is left. */
function escaped(field: Field | null): boolean {
  const { selected } = state;
  const { panel, picker, scriptIn } = state.tools;
  // In the field for a colleague the key belongs to what is written there.
  if (field?.of === "colleague") return false;
  const asked = state.conversations.find((it) => it.asking !== null && it.consultation.id === selected);
  if (panel !== null) closePanel(hands);
  // What is open beside another consultation stays: to leave it would take the keyboard to another client.
  else if (picker?.consultation === selected) closePicker(hands);
  else if (asked !== undefined) perform(hands, { type: "keep", consultation: asked.consultation.id });
  else if (scriptIn !== null && scriptIn === selected) perform(hands, { type: "hide_script" });
  else return false;
  return true;
}

function inField({ key, repeat, shiftKey, target }: KeyboardEvent, field: Field | null): boolean {
  const enter = key === "Enter" && !shiftKey;
  // Held down, it would send what it has just put into the field.
  if (enter && repeat && field !== null && (field.of === "query" || sendFrom(field) !== null)) return true;
  if (enter && target instanceof HTMLInputElement && target.dataset.passphrase !== undefined) {
    perform(hands, { type: "unlock" });
    return true;
  }
  if (field?.of === "query") return inPicker(key);
  const action = enter && field !== null ? sendFrom(field) : null;
  if (action === null) return false;
  perform(hands, action);
  return true;
}

/** What Enter sends. A summary and an announcement are written in lines. */
function sendFrom(field: Field): Action | null {
  switch (field.of) {
    case "client":
      return { type: "send", consultation: field.id };
    case "colleague":
      return { type: "whisper", colleague: field.id };
    case "count":
      return { type: "make_links" };
    case "report":
      return { type: "make_report" };
    case "summary":
    case "announcement":
    case "query":
      return null;
  }
}

function inPicker(key: string): boolean {
  switch (key) {
    case "ArrowDown":
    case "ArrowUp":
      dispatch({ type: "pick_at", at: nextAt(state, key === "ArrowDown" ? 1 : -1) });
      screen.reveal("option-marked");
      return true;
    case "Enter": {
      const option = markedOption(state);
      if (option !== null) choose(hands, option.id);
      return true;
    }
    default:
      return false;
  }
}

/**
 * What the pointer is moved to is what is shown in full. A list that moves under a pointer at rest marks nothing:
 * Enter chooses what the keyboard has marked.
 */
function mark({ target, movementX, movementY }: PointerEvent): void {
  if (movementX === 0 && movementY === 0) return;
  const option = target instanceof Element ? target.closest("[data-option-at]") : null;
  const at = option instanceof HTMLElement ? Number(option.dataset.optionAt) : null;
  if (at !== null && state.tools.picker !== null && state.tools.picker.at !== at) {
    dispatch({ type: "pick_at", at });
  }
}

/** Any press allows sound, and keeps the desk from locking itself. */
function touched(): void {
  if (state.tools.sound) sound.allow();
  const now = performance.now();
  if (state.lock !== null || (activeAt !== 0 && now - activeAt < ACTIVE_EVERY_MS)) return;
  if (socket.send({ type: "active" })) activeAt = now;
}

function networkIs(online: boolean): void {
  dispatch({ type: "online", online });
  socket.send({ type: "network", online });
}

function attend(): void {
  dispatch({ type: "attended", attended: document.visibilityState === "visible" && document.hasFocus() });
}

/** To turn to a consultation scrolls it into view, so it waits for the press that focused something there. */
function selectFocused(target: EventTarget | null): void {
  if (document.activeElement === target) selectAround(target);
}

function selectAround(target: EventTarget | null): void {
  const consultation = screen.consultationAround(target);
  if (consultation === null) return;
  const unread = find(state, consultation)?.unread ?? 0;
  if (consultation !== state.selected || unread > 0) dispatch({ type: "select", consultation });
}

/**
 * Where a field has gone with its consultation, or a button with what its file was, the keyboard goes on at what has
 * taken its place. `around`: the consultation that it was in.
 */
function catchFocus(message: ConsoleMessage, around: number | null): void {
  if (document.activeElement !== document.body || state.tools.panel !== null) return;
  if (message.type === "forgotten") screen.focus("waiting-first");
  if (message.type === "file" && message.consultation === around) screen.focus("log", around);
  if (message.type !== "consultation" || message.consultation.status !== "ended") return;
  if (message.consultation.id === state.selected) screen.focus("ended-first", message.consultation.id);
}

/** To the consultation that was just accepted on this page; never away from what is being written. */
function turnTo(id: number): void {
  const field = fieldOf(document.activeElement);
  if (field !== null && !(field.of === "client" && field.id === id)) return;
  if (state.tools.panel !== null) return;
  const opened = find(state, id);
  if (state.selected === id && opened?.messages.length === 0 && opened.draft === "") {
    screen.focus("composer", id);
  }
}
