// One consultation: what it is about, what was said, what the worker can do.

import { type Child, h, written } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import { clockOf, timeOf } from "./format.ts";
import { LINES, type Message } from "./messages.ts";
import type { Conversation, DeskState } from "./model.ts";
import { viewComposer } from "./view-composer.ts";
import { viewHandOver, viewTakenOver } from "./view-hand-over.ts";
import { colleagueName, dangerSign, mark, separator } from "./view-parts.ts";

export function viewConversation(state: DeskState, it: Conversation, text: Text): HTMLElement {
  const { id, status, subject, language, line } = it.consultation;
  return h(
    "article",
    {
      class: "desk-column",
      "aria-label": text("consultation-about", {
        subject: text(`subject-${subject}`),
        language: text(`language-${language}`),
      }),
      "data-consultation": id,
      "data-key": `consultation ${id}`,
      "data-line": line ?? undefined,
      "data-selected": state.selected === id,
      "data-status": status,
      "data-test": "consultation",
    },
    viewHead(state, it, text),
    it.asking === "end" && viewEndQuestion(it, text),
    status !== "ended" && viewHandOver(state, it, text),
    viewTakenOver(state, it, text),
    viewLog(it, text),
    status === "ended" ? viewEnded(state, it, text) : viewComposer(state, it, text),
  );
}

function viewHead(state: DeskState, it: Conversation, text: Text): HTMLElement {
  const { status, subject } = it.consultation;
  return h(
    "header",
    { class: "desk-column-head", "data-key": "head" },
    h(
      "h2",
      {},
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
  const { status, line, language, channel, opened_at } = it.consultation;
  const broken = line === null || line === "joined" ? null : line;
  const opened = clockOf(text.language, opened_at, state.now);
  const facts: readonly Child[] = [
    h("strong", { class: "desk-status" }, line === null ? text(`status-${status}`) : text("line-joined")),
    separator(),
    text(`language-${language}`),
    channel !== "not_said" && [separator(), text(`channel-${channel}`)],
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
  );
}

function viewHeadButtons(state: DeskState, it: Conversation, text: Text): HTMLElement {
  const { id, status, hand_over } = it.consultation;
  return h(
    "div",
    { class: "desk-column-buttons" },
    h(
      "button",
      {
        type: "button",
        class: "button",
        "aria-expanded": it.asking === "hand_over" ? "true" : "false",
        disabled: status !== "open" || hand_over !== null,
        "data-action": it.asking === "hand_over" ? "keep" : "ask_to_hand_over",
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
        disabled: state.connection !== "connected" || it.asking === "end",
        "data-action": "ask_to_end",
        "data-id": id,
        "data-test": "end",
      },
      text("end"),
    ),
  );
}

function viewEndQuestion(it: Conversation, text: Text): HTMLElement {
  const { id } = it.consultation;
  return h(
    "div",
    { class: "notice notice-care desk-question stack-tight", role: "group", "data-key": "question" },
    h("p", {}, text("end-question")),
    h(
      "div",
      { class: "row" },
      h(
        "button",
        {
          type: "button",
          class: "button button-main",
          "data-action": "end",
          "data-id": id,
          "data-test": "end-confirm",
        },
        text("end-confirm"),
      ),
      h(
        "button",
        { type: "button", class: "button", "data-action": "keep", "data-id": id, "data-test": "end-cancel" },
        text("end-cancel"),
      ),
    ),
  );
}

function viewLog(it: Conversation, text: Text): HTMLElement {
  const waitingForFirst = it.messages.length === 0 && it.consultation.status !== "ended";
  return h(
    "div",
    {
      class: "desk-log",
      role: "log",
      tabindex: 0,
      "aria-label": text("log"),
      "aria-relevant": "additions",
      "data-key": "log",
      "data-log": it.consultation.id,
    },
    waitingForFirst &&
      h(
        "p",
        { class: "desk-log-hint soft", "data-key": "hint" },
        it.consultation.status === "open" ? text("log-open") : text("log-connecting"),
      ),
    it.messages.map((message) => viewMessage(message, text)),
  );
}

function viewMessage(message: Message, text: Text): HTMLElement {
  const own = message.from === "worker";
  return h(
    "div",
    {
      class: own ? "message message-own" : "message",
      "data-delivered": own ? String(message.delivered) : undefined,
      "data-from": message.from,
      "data-key": `${message.from} ${message.number}`,
      "data-test": "message",
    },
    h("span", { class: "visually-hidden" }, own ? text("you") : text("client"), ": "),
    written(message.text, { class: "message-text" }),
    h(
      "span",
      { class: "message-state" },
      timeOf(text.language, message.at),
      own && [separator(), text(message.delivered ? "said-delivered" : "said-underway")],
    ),
  );
}

function viewEnded(state: DeskState, it: Conversation, text: Text): HTMLElement {
  const { id, ended, hand_over } = it.consultation;
  const successor = ended === "handed_over" ? hand_over?.colleague : undefined;
  const alarming = ended === "broken" || ended === "lost";
  return h(
    "div",
    { class: "desk-foot", "data-key": "ended" },
    h(
      "div",
      { class: alarming ? "notice notice-care stack-tight" : "notice stack-tight", role: "status" },
      h(
        "p",
        { "data-ended": ended ?? undefined },
        successor === undefined
          ? text(`ended-${ended ?? "lost"}`)
          : text("handed-over-to", { name: colleagueName(state, successor, text) }),
      ),
      h("p", { class: "small" }, text("forget-hint")),
      h(
        "button",
        {
          type: "button",
          class: "button",
          disabled: state.connection !== "connected",
          "data-action": "forget",
          "data-id": id,
          "data-test": "forget",
        },
        text("forget"),
      ),
    ),
  );
}
