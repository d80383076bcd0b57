// The two ways to an end: the person asks for it, or the advisor suggests it. Both are questions, and with both come
// the three of the survey.

import { h, replaceChildren } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import type { StateOf } from "./consultation.ts";
import type { Actions } from "./view-parts.ts";
import { button } from "./view-parts.ts";
import { viewAddress } from "./view-return-link.ts";
import { viewSurvey } from "./view-survey.ts";

export interface EndView {
  readonly element: HTMLElement;
  /** Where the focus goes when the person has asked. */
  readonly first: HTMLElement;
  update(state: StateOf<"talking">): void;
}

export function viewEndAsk(text: Text, actions: Actions): EndView {
  const cancel = button("end-cancel", text("end-cancel"), actions.cancelEnd);
  const link = viewKeepLink(text);
  const survey = viewSurvey(text, actions);
  const element = h(
    "section",
    // The focus goes to a button in it: the question is heard as the name of the group around that.
    { class: "notice stack-tight", role: "group", "aria-labelledby": "end-question", hidden: true },
    h("p", { id: "end-question" }, text("end-ask")),
    link.element,
    h(
      "div",
      { class: "row" },
      button("end-confirm", text("end-confirm"), actions.end, "button-main"),
      cancel,
    ),
    survey.element,
  );
  const update = (state: StateOf<"talking">): void => {
    element.hidden = !state.isEndAsked;
    link.update(state);
    survey.update(state);
  };
  return { element, first: cancel, update };
}

export function viewEndProposal(text: Text, actions: Actions): EndView {
  const words = h("p", { role: "status" });
  const link = viewKeepLink(text);
  const survey = viewSurvey(text, actions);
  const notYet = button("end-decline", text("end-not-yet"), actions.declineEnd);
  const element = h(
    "section",
    { class: "notice stack-tight", "aria-label": text("end"), "data-test": "end-proposal", hidden: true },
    words,
    link.element,
    h("div", { class: "row" }, button("end-agree", text("end-confirm"), actions.end, "button-main"), notYet),
    survey.element,
  );
  const update = (state: StateOf<"talking">): void => {
    // One question at a time.
    const isShown = state.isEndProposed && !state.isEndAsked && state.handOver === undefined;
    link.update(state);
    survey.update(state);
    if (isShown !== element.hidden) return;
    element.hidden = !isShown;
    words.textContent = isShown ? text("end-proposed", { alias: state.worker.alias }) : "";
  };
  return { element, first: notYet, update };
}

/** The newest link to come back with, which the end would wipe: to be copied here, where the question is. */
function viewKeepLink(text: Text): { element: HTMLElement; update(state: StateOf<"talking">): void } {
  const element = h("div", { class: "stack-tight", "data-test": "end-link" });
  let shown: string | undefined;
  const update = ({ entries }: StateOf<"talking">): void => {
    const links = entries.flatMap((entry) =>
      entry.from === "advisor" && entry.kind === "return-link" ? [entry.link.address] : [],
    );
    const address = links[links.length - 1];
    element.hidden = address === undefined;
    if (address === undefined || address === shown) return;
    shown = address;
    replaceChildren(element, h("p", {}, text("end-link")), viewAddress(address, false, text));
  };
  return { element, update };
}
