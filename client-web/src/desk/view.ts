// The whole desk, from its state. Views build elements and nothing else: what a button does stands in its
// `data-action`, and actions.ts reads it.

import { h } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import type { DeskState } from "./model.ts";
import { lazily } from "./patch.ts";
import { isOver } from "./state.ts";
import { viewAnnouncements } from "./view-announcements.ts";
import { viewConversation } from "./view-conversation.ts";
import { viewHeader } from "./view-header.ts";
import { viewLock } from "./view-lock.ts";
import { viewConnection, viewNotices, viewOver, viewPackNotices, viewPanicArmed } from "./view-notices.ts";
import { viewPanel } from "./view-panel.ts";
import { viewSwitcher } from "./view-switcher.ts";
import { viewWaiting } from "./view-waiting.ts";
import { viewWhispers } from "./view-whispers.ts";

export function viewDesk(state: DeskState, text: Text): HTMLElement {
  if (isOver(state.connection)) {
    return h("div", { class: "desk" }, viewHeader(state, text), viewOver(state.connection, text));
  }
  if (state.lock !== null) {
    return h(
      "div",
      { class: "desk" },
      viewConnection(state, text),
      viewPanicArmed(state, text),
      viewLock(state, text),
    );
  }
  // What lies over the desk is answered first: nothing behind it can be reached.
  const inert = state.tools.panel !== null;
  return h(
    "div",
    {
      class: "desk",
      // On a narrow screen what is read takes the header's room.
      "data-reading": state.selected !== null || state.whispers.open,
      "data-whispers": state.whispers.open,
    },
    h(
      "div",
      { class: "desk-behind", inert, "data-key": "behind" },
      viewHeader(state, text),
      viewConnection(state, text),
      viewPanicArmed(state, text),
      viewAnnouncements(state, text),
      viewPackNotices(state, text),
      viewNotices(state, text),
      viewSwitcher(state, text),
      h(
        "main",
        { class: "desk-room", "data-key": "room" },
        viewWaiting(state, text),
        viewConversations(state, text),
        viewWhispers(state, text),
      ),
    ),
    viewPanel(state, text),
  );
}

/** Each is made anew only when something changed that it may show: of the others it shows only how many come before it. */
function viewConversations(state: DeskState, text: Text): HTMLElement {
  const { conversations, selected } = state;
  const around = Object.entries(state)
    .filter(([name]) => name !== "conversations" && name !== "selected")
    .map(([, value]) => value);
  const columns = conversations.map((it, place) => {
    const { id } = it.consultation;
    return lazily(`consultation ${id}`, [text, it, place, selected === id, ...around], () =>
      viewConversation(state, it, text),
    );
  });
  return h(
    "section",
    {
      class: "desk-columns",
      "aria-label": text("consultations"),
      "data-key": "consultations",
      hidden: conversations.length === 0 && state.worker === null,
    },
    columns,
    columns.length === 0 &&
      h(
        "div",
        { class: "desk-empty stack-tight", "data-key": "empty" },
        h("p", { class: "desk-empty-title" }, text("consultations-none")),
        h("p", {}, text("consultations-none-hint")),
      ),
  );
}
