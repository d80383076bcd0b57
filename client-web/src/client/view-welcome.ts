// The welcome: who answers, what this can and cannot do, what it is about, and Start.

import { h } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import type { Start, State, StateOf } from "./consultation.ts";
import { subjectsOf } from "./triage.ts";
import type { Actions, View } from "./view-parts.ts";
import { button, cardText, dangerSteps, emergency, promises, screen, serviceName } from "./view-parts.ts";
import { viewReading } from "./view-reading.ts";

export function viewWelcome(state: StateOf<"welcome">, text: Text, actions: Actions): View {
  const danger = h(
    "div",
    { class: "notice notice-care stack-tight", role: "status", hidden: state.subject !== "overdose" },
    h("p", {}, text("danger-first")),
    dangerSteps(text),
  );
  const reading = viewReading(text("reading-title"), state, text, actions);
  const element = screen(
    serviceName(state.card, text),
    cardText(state.card.about, text),
    emergency(state.card, text),
    state.isDoor && h("p", { "data-test": "door" }, text("welcome-door")),
    h("p", {}, text("welcome-who")),
    promises(text),
    reading.element,
    subjectChoice(state, text, actions),
    danger,
    h("p", { class: "soft small" }, text(state.isDoor ? "start-note-door" : "start-note")),
    h(
      "div",
      { class: "start" },
      button("start", text("start"), () => actions.start(text.language), "button-main button-wide"),
    ),
  );
  const update = (next: State): void => {
    if (next.status !== "welcome") return;
    danger.hidden = next.subject !== "overdose";
    reading.update(next);
  };
  return { element, update };
}

function subjectChoice({ card, subject: chosen }: Start, text: Text, actions: Actions): HTMLElement {
  return h(
    "fieldset",
    { class: "stack-tight" },
    h("legend", {}, text("subject-legend")),
    h("p", { class: "soft small" }, text("subject-note")),
    h(
      "div",
      { class: "subjects" },
      subjectsOf(card).map((subject) =>
        h(
          "label",
          { class: "choice" },
          h("input", {
            type: "radio",
            name: "subject",
            value: subject,
            checked: subject === chosen,
            "data-test": `subject-${subject}`,
            onchange: () => actions.pick(subject),
          }),
          h("span", {}, text(`subject-${subject}`)),
        ),
      ),
    ),
  );
}
