// What the person is told about the line, and how much of it they want to hide.

import type { Cover } from "../protocol/pacer.ts";
import type { SafetyPhrase } from "../protocol/safety.ts";
import { h } from "../shared/dom.ts";
import { viewSafetyWords } from "../shared/safety-words.ts";
import type { Text } from "../shared/text.ts";
import type { StateOf } from "./consultation.ts";
import type { Actions } from "./view-parts.ts";

const covers: readonly Cover[] = ["steady", "sparing"];

export interface LineView {
  readonly element: HTMLElement;
  update(state: StateOf<"talking">): void;
  /** The room is needed, on a phone. */
  close(): void;
}

export function viewLine(text: Text, actions: Actions): LineView {
  // The number changes every minute: only the sentence is announced, and only when it is another one.
  const minutes = h("p", { class: "line-minutes", hidden: true });
  const status = h("p", { role: "status", "data-test": "line" });
  const choices = covers.map((cover) => viewCover(cover, text, actions));
  const about = h("p", { id: "cover-about", role: "status" });
  const words = h("div");
  const safety = h(
    "details",
    { class: "line-safety", "data-test": "safety" },
    h("summary", {}, text("safety-title")),
    words,
    h("p", {}, text("safety-about")),
  );
  const details = h(
    "details",
    { class: "line-cover", "data-test": "connection" },
    h("summary", {}, text("cover-title")),
    h(
      "fieldset",
      { class: "covers" },
      h("legend", { class: "visually-hidden" }, text("cover-title")),
      choices.map((choice) => choice.element),
    ),
    about,
    safety,
  );
  const element = h(
    "div",
    { class: "talk-line small" },
    h("div", { class: "line-words" }, minutes, status),
    details,
  );
  const close = (): void => {
    details.open = false;
  };
  let wasAsked = false;
  let phraseShown: SafetyPhrase | undefined;
  const update = (state: StateOf<"talking">): void => {
    const sentence = lineWords(state, text);
    if (status.textContent !== sentence) status.textContent = sentence;
    if (phraseShown !== state.safetyPhrase) {
      phraseShown = state.safetyPhrase;
      words.replaceChildren(viewSafetyWords(phraseShown, text));
    }
    minutes.hidden = state.awayMinutes === 0;
    minutes.textContent = minutes.hidden
      ? ""
      : text("line-away-for", { alias: state.worker.alias, minutes: state.awayMinutes });
    for (const choice of choices) choice.update(state.cover);
    const aboutWords = text(`cover-${state.cover}-about`);
    if (about.textContent !== aboutWords) about.textContent = aboutWords;
    const isAsked = state.isEndAsked || state.isEndProposed || state.handOver?.stage === "asked";
    if (isAsked && !wasAsked) close();
    wasAsked = isAsked;
  };
  return { element, update, close };
}

function lineWords({ line, worker, awayMinutes, handOver }: StateOf<"talking">, text: Text): string {
  const { alias } = worker;
  if (line === "joined" || line === "advisor-away") {
    // On the way to another worker it is that one who is not there yet, and the panel says so.
    if (handOver?.stage === "going") return "";
    if (line === "joined") return text("line-joined");
    return awayMinutes > 0 ? text("line-away-choice") : text("line-advisor-away", { alias });
  }
  return text(`line-${line}`);
}

function viewCover(
  cover: Cover,
  text: Text,
  actions: Actions,
): { readonly element: HTMLElement; update(chosen: Cover): void } {
  const radio = h("input", {
    type: "radio",
    name: "cover",
    value: cover,
    "data-test": `cover-${cover}`,
    "aria-describedby": "cover-about",
    onchange: () => actions.choose(cover),
  });
  const element = h("label", { class: "choice" }, radio, h("span", {}, text(`cover-${cover}`)));
  const update = (chosen: Cover): void => {
    radio.checked = cover === chosen;
  };
  return { element, update };
}
