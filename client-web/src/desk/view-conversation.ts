// One consultation: what it is about, what was said, what the worker can do.

import { type Child, h } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import { clockOf, figure, languageIn } from "./format.ts";
import { LINES } from "./messages.ts";
import { type Conversation, type DeskState, onDuty } from "./model.ts";
import { viewEnded } from "./view-coding.ts";
import { viewComposer } from "./view-composer.ts";
import { viewEndQuestion, viewMore } from "./view-ending.ts";
import { viewHandOver, viewTakenOver } from "./view-hand-over.ts";
import { viewLog } from "./view-messages.ts";
import { dangerSign, mark, separator, viewOrigin } from "./view-parts.ts";
import { viewPicker } from "./view-picker.ts";
import { viewScriptBeside } from "./view-script.ts";

export function viewConversation(state: DeskState, it: Conversation, text: Text): HTMLElement {
  const { id, status, subject, language, line } = it.consultation;
  const picker = status === "ended" ? null : viewPicker(state, it, text);
  return h(
    "article",
    {
      class: "desk-column",
      "aria-label": text("consultation-about", {
        subject: text(`subject-${subject}`),
        language: languageIn(text.language, language),
      }),
      "data-consultation": id,
      "data-key": `consultation ${id}`,
      "data-line": line ?? undefined,
      "data-picking": picker !== null,
      "data-selected": state.selected === id,
      "data-status": status,
      "data-test": "consultation",
    },
    viewHead(state, it, text),
    it.asking === "end" && viewEndQuestion(state, it, text),
    it.asking === "more" && viewMore(state, it, text),
    status !== "ended" && viewHandOver(state, it, text),
    viewTakenOver(state, it, text),
    status !== "ended" && viewScriptBeside(state, it, text),
    viewLog(state, it, text),
    picker,
    status === "ended" ? viewEnded(state, it, text) : viewComposer(state, it, text),
  );
}

function viewHead(state: DeskState, it: Conversation, text: Text): HTMLElement {
  const { id, status, subject } = it.consultation;
  const place = state.conversations.findIndex(({ consultation }) => consultation.id === id) + 1;
  return h(
    "header",
    { class: "desk-column-head", "data-key": "head" },
    h(
      "h2",
      {},
      h("span", { class: "desk-place", "aria-hidden": "true" }, figure(text.language, place)),
      " ",
      subject === "danger" && dangerSign(),
      text(`subject-${subject}`),
      " ",
      mark(it.unread, text("unread-count", { count: it.unread }), text),
    ),
    viewLine(state, it, text),
    status !== "ended" && viewHeadButtons(state, it, text),
  );
}

/**
 * Facts about the consultation, or in their place what has become of its connection. Room is kept for the
 * longest of them, so that nothing below moves when a connection breaks and comes back.
 */
function viewLine(state: DeskState, it: Conversation, text: Text): HTMLElement {
  const { status, line, language, opened_at, muted, end_proposed } = it.consultation;
  const broken = line === null || line === "joined" ? null : line;
  const opened = clockOf(text.language, opened_at, state.now);
  const facts: readonly Child[] = [
    h("strong", { class: "desk-status" }, line === null ? text(`status-${status}`) : text("line-joined")),
    separator(),
    languageIn(text.language, language),
    viewOrigin(it.consultation, text),
    separator(),
    h("time", {}, opened.day === null ? opened.time : `${opened.day}, ${opened.time}`),
  ];
  return h(
    "div",
    { class: "small desk-lines" },
    h("p", { class: broken === null ? "soft" : "soft desk-line-under", "data-key": "facts" }, facts),
    h(
      "p",
      { class: "desk-line", role: "status", "data-key": "line" },
      broken !== null && text(`line-${broken}`),
    ),
    status !== "ended" &&
      LINES.filter((one) => one !== "joined").map((one) =>
        h("p", { class: "desk-line-room", "data-key": one, "data-words": text(`line-${one}`) }),
      ),
    muted && h("p", { class: "desk-line-below", "data-key": "muted" }, text("muted")),
    status === "open" &&
      end_proposed &&
      h("p", { class: "desk-line-below", role: "status", "data-key": "proposed" }, text("end-proposed")),
  );
}

function viewHeadButtons(state: DeskState, it: Conversation, text: Text): HTMLElement {
  const { id, status, hand_over } = it.consultation;
  const asked = it.asking === "hand_over" || (it.asking === "nobody" && onDuty(state).length === 0);
  return h(
    "div",
    { class: "desk-column-buttons" },
    h(
      "button",
      {
        type: "button",
        class: "button",
        "aria-expanded": asked ? "true" : "false",
        disabled: status !== "open" || hand_over !== null,
        "data-action": asked ? "keep" : "ask_to_hand_over",
        "data-id": id,
        "data-test": "hand-over",
      },
      text("hand-over"),
    ),
    h(
      "button",
      {
        type: "button",
        class: "button",
        "aria-expanded": it.asking === "more" ? "true" : "false",
        "data-action": it.asking === "more" ? "keep" : "ask_more",
        "data-id": id,
        "data-test": "more",
      },
      text("more"),
    ),
    h(
      "button",
      {
        type: "button",
        class: "button",
        disabled: state.connection !== "connected" || it.asking === "end",
        "data-action": "ask_to_end",
        "data-id": id,
        "data-test": "end",
      },
      text("end"),
    ),
  );
}
