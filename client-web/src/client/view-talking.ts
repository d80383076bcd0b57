// The conversation.

import { h, written } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import type { State, StateOf, Worker } from "./consultation.ts";
import { viewComposer } from "./view-composer.ts";
import { viewEndAsk, viewEndProposal } from "./view-end.ts";
import { viewFileAsk, viewFileChoice } from "./view-file.ts";
import { viewHandOver } from "./view-hand-over.ts";
import { viewLine } from "./view-line.ts";
import { type EntryView, viewEntry } from "./view-message.ts";
import type { Actions, View } from "./view-parts.ts";
import { button, dangerDetails, exitButton } from "./view-parts.ts";
import { viewVoiceAsk, viewVoiceChoice } from "./view-voice.ts";

/** How far from the end somebody may have scrolled and still be taken along by a new message. */
const NEAR_END_PIXELS = 120;
/** Between the log's edge and a message that begins there. */
const ABOVE_PIXELS = 12;

export function viewTalking(state: StateOf<"talking">, text: Text, actions: Actions): View {
  const log = viewLog(text, actions);
  const endAsk = viewEndAsk(text, actions);
  const end = button("end", text("end"), actions.askEnd);
  const head = viewHead(h("div", { class: "talk-ways" }, exitButton(text, actions), end), text);
  const line = viewLine(text, actions);
  const handOver = viewHandOver(text, actions);
  const endProposal = viewEndProposal(text, actions);
  const fileAsk = viewFileAsk(text, actions);
  const fileChoice = viewFileChoice(text, actions);
  const voiceAsk = viewVoiceAsk(text, actions);
  const voiceChoice = viewVoiceChoice(text, actions);
  const composer = viewComposer(text, actions, [voiceChoice.element, fileChoice.element]);
  const element = h(
    "div",
    { class: "talk" },
    head.element,
    line.element,
    endAsk.element,
    handOver.element,
    endProposal.element,
    fileAsk.element,
    voiceAsk.element,
    dangerDetails(text, state.card),
    log.element,
    composer.element,
  );

  const update = (next: State): void => {
    if (next.status !== "talking") return;
    element.dataset.line = next.line;
    element.dataset.cover = next.cover;
    element.dataset.handOver = next.handOver?.stage ?? "none";
    head.update(next.worker);
    line.update(next);
    composer.setFull(next.isFull);
    fileChoice.update(next);
    voiceChoice.update(next);
    for (const question of [handOver, endProposal, fileAsk, voiceAsk]) {
      const hadFocus = question.element.contains(document.activeElement);
      question.update(next);
      // The pressed button is gone.
      if (hadFocus && question.element.hidden) composer.focus();
    }
    log.update(next);
    const wasAsked = !endAsk.element.hidden;
    endAsk.update(next);
    if (wasAsked !== next.isEndAsked) (next.isEndAsked ? endAsk.first : end).focus();
  };
  composer.element.addEventListener("focusin", line.close);
  endAsk.update(state);
  update(state);
  return { element, update, focus: composer.focus };
}

function viewLog(
  text: Text,
  actions: Actions,
): { element: HTMLElement; update: (state: StateOf<"talking">) => void } {
  const element = h(
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
  const update = ({ entries: said, worker, line }: StateOf<"talking">): void => {
    const isNearEnd = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PIXELS;
    let firstNew: HTMLElement | undefined;
    for (const entry of said) {
      let view = entries.get(entry.id);
      if (view === undefined) {
        view = viewEntry(entry, worker, text, actions);
        entries.set(entry.id, view);
        element.append(view.element);
        firstNew ??= view.element;
      }
      view.update(entry, line);
    }
    const last = said[said.length - 1]?.from;
    if (firstNew !== undefined && (last === "you" || last === "your-file")) {
      element.scrollTop = element.scrollHeight;
    } else if (isNearEnd) {
      // What is higher than the log, a card say, is read from its beginning.
      const beginning = firstNew && firstNew.offsetTop - element.offsetTop - ABOVE_PIXELS;
      element.scrollTop = beginning ?? element.scrollHeight;
    }
  };
  return { element, update };
}

function viewHead(ways: HTMLElement, text: Text): { element: HTMLElement; update: (worker: Worker) => void } {
  const alias = written("", { "data-test": "alias" });
  const role = h("p", { class: "soft small talk-role", "data-test": "role" });
  const element = h("header", { class: "talk-head" }, h("h1", { tabindex: -1 }, alias), ways, role);
  const update = (worker: Worker): void => {
    alias.textContent = worker.alias;
    role.textContent = text("talking-role", { role: text(`role-${worker.role}`) });
  };
  return { element, update };
}
