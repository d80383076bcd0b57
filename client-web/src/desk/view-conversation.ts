// One consultation: what it is about, what was said, what the worker can do.

import { h, written } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import { clockOf, timeOf } from "./format.ts";
import { fits, type Message } from "./messages.ts";
import { type Conversation, type DeskState, sendable } from "./state.ts";
import { dangerSign, mark, separator } from "./view-parts.ts";

export function viewConversation(state: DeskState, it: Conversation, text: Text): HTMLElement {
  const { id, status, subject, language } = it.consultation;
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
      "data-selected": state.selected === id,
      "data-status": status,
      "data-test": "consultation",
    },
    viewHead(state, it, text),
    it.askingToEnd && viewEndQuestion(it, text),
    viewLog(it, text),
    status === "ended" ? viewEnded(state, it, text) : viewComposer(state, it, text),
  );
}

function viewHead(state: DeskState, it: Conversation, text: Text): HTMLElement {
  const { id, status, subject, language, channel, opened_at } = it.consultation;
  const opened = clockOf(text.language, opened_at, state.now);
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
    h(
      "p",
      { class: "small soft" },
      h("strong", { class: "desk-status" }, text(`status-${status}`)),
      separator(),
      text(`language-${language}`),
      channel !== "not_said" && [separator(), text(`channel-${channel}`)],
      separator(),
      h("time", {}, opened.day === null ? opened.time : `${opened.day}, ${opened.time}`),
    ),
    status !== "ended" &&
      h(
        "button",
        {
          type: "button",
          class: "button",
          disabled: state.connection !== "connected" || it.askingToEnd,
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
      own && [separator(), message.delivered ? text("delivered") : text("not-delivered")],
    ),
  );
}

function viewEnded(state: DeskState, it: Conversation, text: Text): HTMLElement {
  const { id, ended } = it.consultation;
  const alarming = ended === "broken" || ended === "lost";
  return h(
    "div",
    { class: "desk-foot", "data-key": "ended" },
    h(
      "div",
      { class: alarming ? "notice notice-care stack-tight" : "notice stack-tight", role: "status" },
      h("p", {}, text(`ended-${ended ?? "lost"}`)),
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

/** Apart, because a keystroke changes nothing else. */
export function viewComposer(state: DeskState, it: Conversation, text: Text): HTMLElement {
  const { id } = it.consultation;
  const tooLong = !fits(it.draft);
  return h(
    "div",
    { class: "desk-foot", "data-key": "composer" },
    tooLong && h("p", { class: "small desk-care", role: "status", "data-key": "long" }, text("too-long")),
    h(
      "div",
      { class: "desk-composer", "data-key": "row" },
      h(
        "textarea",
        {
          class: "field",
          rows: 2,
          dir: "auto",
          "aria-label": text("composer"),
          placeholder: text("composer"),
          autocomplete: "off",
          enterkeyhint: "send",
          // A browser's spelling and writing services may send the text elsewhere.
          spellcheck: "false",
          writingsuggestions: "false",
          "data-composer": id,
          "data-test": "composer",
        },
        it.draft,
      ),
      h(
        "button",
        {
          type: "button",
          class: "button button-main",
          disabled: !sendable(state, it),
          "data-action": "send",
          "data-id": id,
          "data-test": "send",
        },
        text("send"),
      ),
    ),
  );
}
