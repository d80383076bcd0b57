// Where the worker talks with colleagues. Made so that nobody takes it for the place where the client is written
// to: at another edge, in another colour, its field on top and named, and never open together with a client's.

import { type Child, h, written } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import { fits, WHISPER_BYTES_MAX } from "./draft.ts";
import { timeOf } from "./format.ts";
import type { Colleague, Whisper } from "./messages.ts";
import { colleagueOf, type DeskState, hasWords, type Thread, threadWith } from "./model.ts";
import { unreadWhispers, whisperable } from "./state.ts";
import { colleagueName, mark, nameOf, separator, spokenBy, whyNobody } from "./view-parts.ts";

export function viewWhispersButton(state: DeskState, text: Text): HTMLElement {
  const unread = unreadWhispers(state);
  const { open } = state.whispers;
  return h(
    "button",
    {
      type: "button",
      class: "button desk-among desk-whispers-open",
      "aria-expanded": open ? "true" : "false",
      "data-action": open ? "close_whispers" : "open_whispers",
      "data-key": "whispers-open",
      "data-test": "whispers-open",
    },
    text("whispers-open"),
    " ",
    mark(unread, text("whispers-count", { count: unread }), text),
  );
}

export function viewWhispers(state: DeskState, text: Text): Child {
  const { open, colleague } = state.whispers;
  if (!open) return null;
  const shown = state.colleagues.filter((it) => it.on_duty || hasWords(threadWith(state, it.id)));
  return h(
    "aside",
    {
      class: "desk-whispers desk-among desk-among-ground",
      "aria-labelledby": "whispers-title",
      "data-key": "whispers",
      "data-test": "whispers",
    },
    h(
      "div",
      { class: "desk-whispers-head", "data-key": "head" },
      h("h2", { id: "whispers-title" }, text("whispers")),
      h(
        "button",
        {
          type: "button",
          class: "button button-quiet",
          "data-action": "close_whispers",
          "data-focus": shown.length === 0 ? "whispers-first" : undefined,
          "data-test": "whispers-close",
        },
        text("dismiss"),
      ),
    ),
    h("p", { class: "small desk-whispers-line", "data-key": "line" }, text("whispers-line")),
    shown.length === 0
      ? h("p", { "data-key": "nobody", "data-test": "whispers-nobody" }, whyNobody(state, text))
      : h(
          "div",
          {
            class: "desk-threads",
            role: "group",
            "aria-label": text("whispers-whom"),
            "data-chosen": colleague !== null,
            "data-key": "threads",
          },
          shown.map((it, index) => viewChoice(state, it, colleague === null && index === 0, text)),
        ),
    colleague !== null && viewThread(state, threadWith(state, colleague), text),
  );
}

function viewChoice(state: DeskState, it: Colleague, first: boolean, text: Text): HTMLElement {
  const { unread } = threadWith(state, it.id);
  return h(
    "button",
    {
      type: "button",
      class: "desk-thread",
      "aria-pressed": state.whispers.colleague === it.id ? "true" : "false",
      "data-action": "write_to_colleague",
      "data-colleague": it.id,
      "data-focus": first ? "whispers-first" : undefined,
      "data-key": it.id,
      "data-on-duty": String(it.on_duty),
      "data-test": "thread",
    },
    h("span", {}, written(it.alias, { class: "desk-alias" }), separator(), text(`role-${it.role}`)),
    mark(unread, text("whispers-count", { count: unread }), text),
    h(
      "span",
      { class: "small soft desk-spoken" },
      it.on_duty ? spokenBy(it, text) : text("colleague-off-duty"),
    ),
  );
}

function viewThread(state: DeskState, thread: Thread, text: Text): HTMLElement {
  return h(
    "div",
    {
      class: "desk-thread-room",
      "data-key": `thread ${thread.colleague}`,
      "data-test": "thread-room",
      "data-colleague": thread.colleague,
    },
    viewWhisperComposer(state, thread, text),
    h(
      "div",
      {
        class: "desk-whisper-log",
        role: "log",
        tabindex: 0,
        "aria-label": text("whispers-log", { name: colleagueName(state, thread.colleague, text) }),
        "aria-relevant": "additions",
        "data-key": "log",
      },
      [...thread.messages].reverse().map((it) => viewWhisper(state, thread, it, text)),
    ),
    h(
      "button",
      {
        type: "button",
        class: "button button-quiet desk-whispers-forget",
        hidden: thread.messages.length === 0,
        disabled: state.connection !== "connected",
        "data-action": "forget_whispers",
        "data-colleague": thread.colleague,
        "data-key": "forget",
        "data-test": "whispers-forget",
      },
      text("whispers-forget"),
    ),
  );
}

/** Apart, because a keystroke changes nothing else. */
export function viewWhisperComposer(state: DeskState, thread: Thread, text: Text): HTMLElement {
  const { colleague } = thread;
  const known = colleagueOf(state, colleague);
  const name = known === undefined ? text("colleague-unknown") : nameOf(known, text);
  return h(
    "div",
    { class: "desk-whisper-foot", "data-key": "whisper-composer" },
    state.writingTo === "clients"
      ? h(
          "button",
          {
            type: "button",
            class: "desk-closed",
            "data-action": "write_to_colleague",
            "data-colleague": colleague,
            "data-focus": "whispers-first",
            "data-key": "closed",
            "data-test": "write-to-colleague",
          },
          h("strong", {}, text("whisper-write", { name })),
        )
      : viewField(
          state,
          thread,
          known?.on_duty === true ? text("whisper-to", { name }) : text("whisper-away", { name }),
          text,
        ),
  );
}

function viewField(state: DeskState, thread: Thread, label: string, text: Text): readonly HTMLElement[] {
  const { colleague, draft } = thread;
  return [
    h("label", { class: "label small", for: "whisper", "data-key": "label" }, label),
    h(
      "textarea",
      {
        class: "field desk-whisper-field",
        id: "whisper",
        rows: 3,
        dir: "auto",
        autocomplete: "off",
        enterkeyhint: "send",
        spellcheck: "false",
        writingsuggestions: "false",
        "data-focus": "whispers-first",
        "data-key": "field",
        "data-test": "whisper-composer",
        "data-whisper": colleague,
      },
      draft,
    ),
    h(
      "div",
      { class: "desk-whisper-row", "data-key": "row" },
      h(
        "span",
        { class: "small desk-care", role: "status" },
        !fits(draft, WHISPER_BYTES_MAX) && text("too-long"),
      ),
      h(
        "button",
        {
          type: "button",
          class: "button button-main",
          disabled: !whisperable(state, thread),
          "data-action": "whisper",
          "data-colleague": colleague,
          "data-test": "whisper",
        },
        text("whisper"),
      ),
    ),
  ];
}

function viewWhisper(state: DeskState, { colleague }: Thread, it: Whisper, text: Text): HTMLElement {
  const own = it.from === "me";
  const fate = it.failed ? "not_delivered" : it.delivered ? "delivered" : "underway";
  return h(
    "div",
    {
      class: own ? "message message-own" : "message",
      "data-delivered": own ? String(it.delivered) : undefined,
      "data-failed": own ? String(it.failed) : undefined,
      "data-from": it.from,
      "data-key": `${it.from} ${it.number}`,
      "data-test": "whisper-message",
    },
    h("span", { class: "visually-hidden" }, own ? text("you") : colleagueName(state, colleague, text), ": "),
    written(it.text, { class: "message-text" }),
    h(
      "span",
      { class: "message-state" },
      timeOf(text.language, it.at),
      own && [separator(), h("span", { class: it.failed && "desk-care" }, text(`said-${fate}`))],
    ),
  );
}
