// Does what the keyboard asks for, wherever the focus is.

import type { Command } from "./keys.ts";
import { type Conversation, type DeskState, find, hasRoom } from "./model.ts";
import { type Hands, perform } from "./perform.ts";
import { closePanel, openPanel } from "./perform-tools.ts";
import { isAccepting, isOver, unreadWhispers } from "./state.ts";

/** Whether the key was the desk's. */
export function obey(hands: Hands, command: Command): boolean {
  const state = hands.state();
  if (isOver(state.connection)) return false;
  if (state.lock !== null) return false;
  const { panel } = state.tools;
  if (command.type === "help" || command.type === "shift") {
    if (panel === command.type) closePanel(hands);
    else openPanel(hands, command.type);
    return true;
  }
  if (command.type === "lock") {
    perform(hands, { type: "lock" });
    return true;
  }
  // What lies over the desk is answered first.
  if (panel !== null) {
    if (command.type === "script" && panel === "scripts") closePanel(hands);
    return true;
  }
  go(hands, state, command);
  return true;
}

function go(hands: Hands, state: DeskState, command: Command): void {
  switch (command.type) {
    case "accept_first": {
      const first = hasRoom(state) ? state.waiting.find((it) => !isAccepting(state, it)) : undefined;
      if (first !== undefined) perform(hands, { type: "accept", offer: first.offer });
      break;
    }
    case "consultation": {
      const it = state.conversations[command.at];
      if (it !== undefined) turn(hands, it);
      break;
    }
    case "waiting":
      hands.dispatch({ type: "turn", consultation: null });
      hands.screen.focus("waiting-first");
      break;
    case "next_unread":
      nextUnread(hands, state);
      break;
    case "whispers":
      perform(hands, { type: state.whispers.open ? "close_whispers" : "open_whispers" });
      break;
    case "script":
      script(hands, state);
      break;
    default: {
      const it = state.selected === null ? undefined : find(state, state.selected);
      if (it !== undefined) inConsultation(hands, it, command);
    }
  }
}

function inConsultation(hands: Hands, it: Conversation, command: Command): void {
  const { id, status, hand_over } = it.consultation;
  if (status === "ended") {
    turn(hands, it);
    return;
  }
  switch (command.type) {
    case "write":
      perform(hands, { type: "write_to_client", consultation: id });
      break;
    case "replies":
    case "cards":
      pick(hands, id, command.type);
      break;
    case "more":
      perform(hands, { type: it.asking === "more" ? "keep" : "ask_more", consultation: id });
      break;
    case "end":
      perform(hands, { type: it.asking === "end" ? "keep" : "ask_to_end", consultation: id });
      break;
    case "hand_over": {
      const asked = it.asking === "hand_over" || it.asking === "nobody";
      if (status === "open" && hand_over === null) {
        perform(hands, { type: asked ? "keep" : "ask_to_hand_over", consultation: id });
      }
      break;
    }
    default:
      break;
  }
}

/** The same key closes the list that it has opened. */
function pick(hands: Hands, consultation: number, of: "replies" | "cards"): void {
  const { picker } = hands.state().tools;
  const isOpen = picker?.consultation === consultation && picker.of === of;
  perform(hands, isOpen ? { type: "pick_close" } : { type: "pick", consultation, of });
}

function turn({ dispatch, screen }: Hands, { consultation, asking }: Conversation): void {
  dispatch({ type: "turn", consultation: consultation.id });
  // While a hand-over is asked for, there is no field for the client.
  const field = asking === "hand_over" ? "hand-over-first" : "composer";
  screen.focus(consultation.status === "ended" ? "ended-first" : field, consultation.id);
}

/** From the one in front onwards; colleagues come last. */
function nextUnread(hands: Hands, state: DeskState): void {
  const at = state.conversations.findIndex((it) => it.consultation.id === state.selected);
  const order = [...state.conversations.slice(at + 1), ...state.conversations.slice(0, at + 1)];
  const next = order.find((it) => it.unread > 0);
  if (next !== undefined) turn(hands, next);
  else if (unreadWhispers(state) > 0) perform(hands, { type: "open_whispers" });
}

/** Beside the consultation in front; over the desk when there is none. */
function script(hands: Hands, state: DeskState): void {
  const { scriptIn } = state.tools;
  const it = state.selected === null ? undefined : find(state, state.selected);
  if (it === undefined || it.consultation.status === "ended") openPanel(hands, "scripts");
  else if (scriptIn === it.consultation.id) perform(hands, { type: "hide_script" });
  else perform(hands, { type: "show_script", consultation: it.consultation.id });
}
