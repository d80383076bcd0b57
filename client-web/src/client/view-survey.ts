// Three questions where the conversation is about to end: one tap each, and nobody has to.

import { SURVEY_ANSWERS, SURVEY_QUESTIONS, type Survey } from "../protocol/record.ts";
import { h } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import type { StateOf } from "./consultation.ts";
import type { Actions } from "./view-parts.ts";
import { button } from "./view-parts.ts";

/** A second tap so soon after the first was not meant for the next question. */
const PAUSE_MILLISECONDS = 400;

export interface SurveyView {
  readonly element: HTMLElement;
  update(state: StateOf<"talking">): void;
}

export function viewSurvey(text: Text, actions: Actions): SurveyView {
  let question: Survey["question"] | undefined;
  let pressedAt = 0;
  const words = h("p", { class: "label", role: "status", tabindex: -1 });
  const buttons = SURVEY_ANSWERS.map((answer) => {
    const press = (): void => {
      const since = performance.now() - pressedAt;
      pressedAt += since;
      if (since > PAUSE_MILLISECONDS && question !== undefined) actions.answerSurvey({ question, answer });
    };
    return [answer, button(`survey-${answer}`, "", press)] as const;
  });
  const rest = h(
    "div",
    { class: "stack-tight" },
    h(
      "div",
      { class: "survey-answers" },
      buttons.map(([, one]) => one),
    ),
    h("p", { class: "small" }, text("survey-about")),
  );
  const element = h(
    "div",
    { class: "survey stack-tight", role: "group", "data-test": "survey" },
    words,
    rest,
  );
  const update = ({ entries, answered }: StateOf<"talking">): void => {
    // There is nothing to ask about before both have spoken.
    element.hidden = !["you", "advisor"].every((one) => entries.some(({ from }) => from === one));
    question = SURVEY_QUESTIONS[answered];
    const said = question === undefined ? text("survey-thanks") : text(`survey-${question}`);
    if (words.textContent === said) return;
    words.textContent = said;
    element.setAttribute("aria-label", said);
    for (const [answer, one] of buttons) {
      const isPerhaps = answer === "partly" && question === "would_return";
      one.textContent = isPerhaps ? text("survey-perhaps") : text(`survey-${answer}`);
    }
    if (question !== undefined) return;
    // The pressed button goes: without this the focus would fall out of the conversation.
    if (rest.contains(document.activeElement)) words.focus();
    rest.hidden = true;
  };
  return { element, update };
}
