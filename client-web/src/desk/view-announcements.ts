// What a coordinator tells all who are on duty.

import { type Child, h, written } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import { ANNOUNCEMENT_BYTES_MAX, type Announcement } from "./content.ts";
import { fits, roomIn } from "./draft.ts";
import { timeOf } from "./format.ts";
import type { DeskState } from "./model.ts";
import { colleagueName, separator } from "./view-parts.ts";

/** It stays where it is, to be heard when something is said. */
export function viewAnnouncements(state: DeskState, text: Text): HTMLElement {
  return h(
    "div",
    { class: "desk-notices", role: "status", "data-key": "announcements" },
    state.announcements.map((it) => viewAnnouncement(state, it, text)),
  );
}

function viewAnnouncement(
  state: DeskState,
  { id, from, text: words, at }: Announcement,
  text: Text,
): HTMLElement {
  const who = from === null ? text("announcement-own") : colleagueName(state, from, text);
  return h(
    "div",
    {
      class: "notice desk-notice desk-among desk-announcement",
      "data-key": id,
      "data-test": "announcement",
    },
    h(
      "p",
      {},
      h("strong", { class: "small" }, who, separator(), timeOf(text.language, at)),
      written(words, { class: "message-text" }),
    ),
    h(
      "button",
      {
        type: "button",
        class: "button button-quiet",
        disabled: state.connection !== "connected",
        "data-action": from === null ? "withdraw_announcement" : "dismiss_announcement",
        "data-announcement": id,
        "data-test": from === null ? "announcement-withdraw" : "announcement-dismiss",
      },
      text(from === null ? "announcement-withdraw" : "dismiss"),
    ),
  );
}

export function viewAnnounce(state: DeskState, text: Text): Child {
  const words = state.tools.announcement;
  const { characters } = roomIn(words, ANNOUNCEMENT_BYTES_MAX);
  const tooLong = !fits(words, ANNOUNCEMENT_BYTES_MAX);
  return [
    h("p", { class: "small", id: "announce-hint", "data-key": "hint" }, text("announce-hint")),
    h(
      "label",
      { class: "stack-tight", "data-key": "field" },
      h("span", { class: "label" }, text("announce-text")),
      h(
        "textarea",
        {
          class: "field desk-announce-field",
          rows: 3,
          dir: "auto",
          "aria-describedby": "announce-hint",
          autocomplete: "off",
          spellcheck: "false",
          writingsuggestions: "false",
          "data-announcement": "new",
          "data-test": "announce-text",
        },
        words,
      ),
    ),
    h(
      "p",
      { class: "small desk-care", role: "status", "data-key": "room" },
      tooLong && text("room-over", { count: -characters }),
    ),
    h(
      "div",
      { class: "row", "data-key": "row" },
      h(
        "button",
        {
          type: "button",
          class: "button button-main",
          disabled: words.trim() === "" || tooLong || state.connection !== "connected",
          "data-action": "announce",
          "data-test": "announce",
        },
        text("announce"),
      ),
    ),
  ];
}
