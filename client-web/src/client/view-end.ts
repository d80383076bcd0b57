// The two ways to an end: the person asks for it, or the advisor suggests it. Both are questions.

import { h } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import type { StateOf } from "./consultation.ts";
import type { Actions } from "./view-parts.ts";
import { button } from "./view-parts.ts";

export interface EndView {
  readonly element: HTMLElement;
  /** Where the focus goes when the person has asked. */
  readonly first: HTMLElement;
  update(state: StateOf<"talking">): void;
}

export function viewEndAsk(text: Text, actions: Actions): EndView {
  const cancel = button("end-cancel", text("end-cancel"), actions.cancelEnd);
  const link = keepLink(text);
  const element = h(
    "section",
    { class: "notice stack-tight", role: "group", "aria-label": text("end"), hidden: true },
    h("p", {}, text("end-ask")),
    link,
    h(
      "div",
      { class: "row" },
      button("end-confirm", text("end-confirm"), actions.end, "button-main"),
      cancel,
    ),
  );
  const update = (state: StateOf<"talking">): void => {
    element.hidden = !state.isEndAsked;
    link.hidden = !hasLink(state);
  };
  return { element, first: cancel, update };
}

export function viewEndProposal(text: Text, actions: Actions): EndView {
  const words = h("div", { class: "stack-tight", role: "status" });
  const notYet = button("end-decline", text("end-not-yet"), actions.declineEnd);
  const element = h(
    "section",
    { class: "notice stack-tight", "aria-label": text("end"), "data-test": "end-proposal", hidden: true },
    words,
    h("div", { class: "row" }, button("end-agree", text("end-confirm"), actions.end, "button-main"), notYet),
  );
  const update = (state: StateOf<"talking">): void => {
    // One question at a time.
    const isShown = state.isEndProposed && !state.isEndAsked && state.handOver === undefined;
    if (isShown !== element.hidden) return;
    element.hidden = !isShown;
    words.replaceChildren();
    if (!isShown) return;
    words.append(h("p", {}, text("end-proposed", { alias: state.worker.alias })));
    if (hasLink(state)) words.append(keepLink(text));
  };
  return { element, first: notYet, update };
}

function keepLink(text: Text): HTMLElement {
  return h("p", { "data-test": "end-link" }, text("end-link"));
}

function hasLink({ entries }: StateOf<"talking">): boolean {
  return entries.some((entry) => entry.from === "advisor" && entry.kind === "return-link");
}
