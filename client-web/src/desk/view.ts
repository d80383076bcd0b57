// The whole desk, from its state. Views build elements and nothing else: what a button does stands in its
// `data-action`, and actions.ts reads it.

import { h } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import type { DeskState } from "./model.ts";
import { isOver } from "./state.ts";
import { viewConversation } from "./view-conversation.ts";
import { viewHeader } from "./view-header.ts";
import { viewConnection, viewNotices, viewOver } from "./view-notices.ts";
import { viewSwitcher } from "./view-switcher.ts";
import { viewWaiting } from "./view-waiting.ts";
import { viewWhispers } from "./view-whispers.ts";

export function viewDesk(state: DeskState, text: Text): HTMLElement {
  if (isOver(state.connection)) {
    return h("div", { class: "desk" }, viewHeader(state, text), viewOver(state.connection, text));
  }
  return h(
    "div",
    {
      class: "desk",
      // On a narrow screen what is read takes the header's room.
      "data-reading": state.selected !== null || state.whispers.open,
      "data-whispers": state.whispers.open,
    },
    viewHeader(state, text),
    viewConnection(state, text),
    viewNotices(state, text),
    viewSwitcher(state, text),
    h(
      "main",
      { class: "desk-room", "data-key": "room" },
      viewWaiting(state, text),
      viewConversations(state, text),
      viewWhispers(state, text),
    ),
  );
}

function viewConversations(state: DeskState, text: Text): HTMLElement {
  const columns = state.conversations.map((it) => viewConversation(state, it, text));
  return h(
    "section",
    {
      class: "desk-columns",
      "aria-label": text("consultations"),
      "data-key": "consultations",
      hidden: state.conversations.length === 0 && state.worker === null,
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
