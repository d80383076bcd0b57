// The welcome: who answers, what this can and cannot do, what it is about, and Start.

import { h } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import type { State, StateOf } from "./consultation.ts";
import { type SubjectName, subjects } from "./triage.ts";
import type { Actions, View } from "./view-parts.ts";
import { button, cardText, dangerSteps, emergency, promises, screen } from "./view-parts.ts";

export function viewWelcome(state: StateOf<"welcome">, text: Text, actions: Actions): View {
  const danger = h(
    "div",
    { class: "notice notice-care stack-tight", role: "status", hidden: state.subject !== "overdose" },
    h("p", {}, text("danger-first")),
    dangerSteps(text),
  );
  const element = screen(
    h("bdi", {}, state.card.name[text.language]),
    cardText(state.card.about, text),
    emergency(state.card, text),
    h("p", {}, text("welcome-who")),
    promises(text),
    subjectChoice(state.subject, text, actions),
    danger,
    h("p", { class: "soft small" }, text("start-note")),
    h("div", { class: "start" }, button("start", text("start"), actions.start, "button-main button-wide")),
  );
  const update = (next: State): void => {
    if (next.status === "welcome") danger.hidden = next.subject !== "overdose";
  };
  return { element, update };
}

function subjectChoice(chosen: SubjectName, text: Text, actions: Actions): HTMLElement {
  return h(
    "fieldset",
    { class: "stack-tight" },
    h("legend", {}, text("subject-legend")),
    h("p", { class: "soft small" }, text("subject-note")),
    h(
      "div",
      { class: "subjects" },
      subjects.map((subject) =>
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
