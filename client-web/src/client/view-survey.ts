// Three questions where the conversation is about to end: one tap each, and nobody has to.

import { SURVEY_ANSWERS, SURVEY_QUESTIONS } from "../protocol/record.ts";
import { h } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import type { StateOf } from "./consultation.ts";
import type { Actions } from "./view-parts.ts";

/** A second tap so soon after the first was not meant for the next question. */
const PAUSE_MILLISECONDS = 400;

export interface SurveyView {
  readonly element: HTMLElement;
  update(state: StateOf<"talking">): void;
}

export function viewSurvey(text: Text, actions: Actions): SurveyView {
  let question: (typeof SURVEY_QUESTIONS)[number] | undefined;
  let pressedAt = Number.NEGATIVE_INFINITY;
  const words = h("p", { class: "label", role: "status", tabindex: -1 });
  const buttons = SURVEY_ANSWERS.map((answer) => {
    const press = ({ timeStamp }: Event): void => {
      const isMeant = timeStamp - pressedAt > PAUSE_MILLISECONDS;
      pressedAt = timeStamp;
      if (isMeant && question !== undefined) actions.answerSurvey({ question, answer });
    };
    return h("button", { type: "button", class: "button", "data-test": `survey-${answer}`, onclick: press });
  });
  const about = h("p", { class: "small" }, text("survey-about"));
  const row = h("div", { class: "survey-answers" }, buttons);
  const element = h(
    "div",
    { class: "survey stack-tight", role: "group", "data-test": "survey", hidden: true },
    words,
    row,
    about,
  );
  const show = (answered: number): void => {
    question = SURVEY_QUESTIONS[answered];
    const said = question === undefined ? text("survey-thanks") : text(`survey-${question}`);
    words.textContent = said;
    element.setAttribute("aria-label", said);
    for (const [i, answer] of SURVEY_ANSWERS.entries()) {
      const isPerhaps = answer === "partly" && question === "would_return";
      const button = buttons[i];
      if (button) button.textContent = isPerhaps ? text("survey-perhaps") : text(`survey-${answer}`);
    }
    if (question !== undefined) return;
    // The pressed button goes: without this the focus would fall out of the conversation.
    if (row.contains(document.activeElement)) words.focus();
    row.hidden = true;
    about.hidden = true;
  };
  let shown: number | undefined;
  const update = ({ entries, answered }: StateOf<"talking">): void => {
    // There is nothing to ask about before both have spoken.
    element.hidden = !["you", "advisor"].every((one) => entries.some(({ from }) => from === one));
    if (answered !== shown) show(answered);
    shown = answered;
  };
  return { element, update };
}
