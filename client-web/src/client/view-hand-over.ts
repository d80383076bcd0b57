// Another worker is proposed, or on the way. A question, never a dialogue that stops what the person is writing.

import { h, replaceChildren } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import type { StateOf } from "./consultation.ts";
import type { Actions } from "./view-parts.ts";
import { button } from "./view-parts.ts";

export interface HandOverView {
  readonly element: HTMLElement;
  update(state: StateOf<"talking">): void;
}

export function viewHandOver(text: Text, actions: Actions): HandOverView {
  const words = h("div", { class: "stack-tight", role: "status", "data-test": "hand-over-words" });
  const row = h("div", { class: "row" });
  const panel = h(
    "section",
    {
      class: "notice stack-tight",
      "aria-label": text("hand-over-title"),
      "data-test": "hand-over",
      hidden: true,
    },
    words,
    row,
  );
  let shown = "";
  const update = ({ handOver, worker }: StateOf<"talking">): void => {
    const next = handOver === undefined ? "" : `${handOver.stage} ${handOver.to.alias} ${handOver.to.role}`;
    if (next === shown) return;
    shown = next;
    const hadFocus = panel.contains(document.activeElement);
    panel.hidden = handOver === undefined;
    panel.classList.toggle("hand-over-going", handOver?.stage === "going");
    replaceChildren(words);
    replaceChildren(row);
    if (handOver === undefined) return;
    const { alias } = worker;
    const variables = { alias, next: handOver.to.alias, role: text(`role-${handOver.to.role}`) };
    if (handOver.stage === "going") {
      const going = h("p", { tabindex: -1 }, text("hand-over-going", variables));
      words.append(going);
      // The pressed button is gone: without this the focus would fall out of the conversation.
      if (hadFocus) going.focus();
      return;
    }
    words.append(
      h("p", {}, text("hand-over-ask", variables)),
      h("p", {}, text("hand-over-knows", variables)),
    );
    row.append(
      button(
        "hand-over-go",
        text("hand-over-go", variables),
        () => actions.answerHandOver(true),
        "button-main",
      ),
      button("hand-over-stay", text("hand-over-stay", variables), () => actions.answerHandOver(false)),
    );
  };
  return { element: panel, update };
}
