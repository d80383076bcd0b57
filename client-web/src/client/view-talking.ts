// The conversation.

import { h, written } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import type { State, StateOf, Worker } from "./consultation.ts";
import { viewComposer } from "./view-composer.ts";
import { viewHandOver } from "./view-hand-over.ts";
import { viewLine } from "./view-line.ts";
import { type EntryView, viewEntry } from "./view-message.ts";
import type { Actions, View } from "./view-parts.ts";
import { button, dangerDetails } from "./view-parts.ts";

/** How far from the end somebody may have scrolled and still be taken along by a new message. */
const NEAR_END_PIXELS = 120;

export function viewTalking(state: StateOf<"talking">, text: Text, actions: Actions): View {
  const log = h(
    "div",
    {
      class: "log",
      role: "log",
      tabindex: 0,
      "aria-label": text("messages-label"),
      "aria-relevant": "additions",
    },
    h("p", { class: "soft small log-note log-start" }, text("talking-first")),
  );
  const entries = new Map<number, EntryView>();
  const endAsk = viewEndAsk(text, actions);
  const end = button("end", text("end"), actions.askEnd);
  const head = viewHead(end, text);
  const line = viewLine(text, actions);
  const handOver = viewHandOver(text, actions);
  const composer = viewComposer(text, actions);
  const element = h(
    "div",
    { class: "talk" },
    head.element,
    line.element,
    endAsk.element,
    handOver.element,
    dangerDetails(text, state.card),
    log,
    composer.element,
  );

  const showEntries = (next: StateOf<"talking">): void => {
    const isNearEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END_PIXELS;
    const isNew = next.entries.length > entries.size;
    for (const entry of next.entries) {
      let view = entries.get(entry.id);
      if (view === undefined) {
        view = viewEntry(entry, next.worker, text);
        entries.set(entry.id, view);
        log.append(view.element);
      }
      view.update(entry, next.line);
    }
    const isOwnLast = isNew && next.entries[next.entries.length - 1]?.from === "you";
    if (isNearEnd || isOwnLast) log.scrollTop = log.scrollHeight;
  };
  const update = (next: State): void => {
    if (next.status !== "talking") return;
    element.dataset.line = next.line;
    element.dataset.cover = next.cover;
    element.dataset.handOver = next.handOver?.stage ?? "none";
    head.update(next.worker);
    line.update(next);
    composer.setFull(next.isFull);
    const hadFocus = handOver.element.contains(document.activeElement);
    handOver.update(next);
    if (hadFocus && handOver.element.hidden) composer.focus();
    showEntries(next);
    if (endAsk.element.hidden === next.isEndAsked) {
      endAsk.element.hidden = !next.isEndAsked;
      (next.isEndAsked ? endAsk.first : end).focus();
    }
  };
  endAsk.element.hidden = !state.isEndAsked;
  update(state);
  return { element, update, focus: composer.focus };
}

function viewHead(end: HTMLElement, text: Text): { element: HTMLElement; update: (worker: Worker) => void } {
  const alias = written("", { "data-test": "alias" });
  const role = h("p", { class: "soft small talk-role", "data-test": "role" });
  const element = h("header", { class: "talk-head" }, h("h1", { tabindex: -1 }, alias), end, role);
  const update = (worker: Worker): void => {
    alias.textContent = worker.alias;
    role.textContent = text("talking-role", { role: text(`role-${worker.role}`) });
  };
  return { element, update };
}

function viewEndAsk(text: Text, actions: Actions): { element: HTMLElement; first: HTMLElement } {
  const cancel = button("end-cancel", text("end-cancel"), actions.cancelEnd);
  const element = h(
    "section",
    { class: "notice stack-tight end-ask", role: "group", "aria-label": text("end") },
    h("p", {}, text("end-ask")),
    h(
      "div",
      { class: "row" },
      button("end-confirm", text("end-confirm"), actions.end, "button-main"),
      cancel,
    ),
  );
  return { element, first: cancel };
}
