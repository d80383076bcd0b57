// The first screen of the page that is a file: it knows no link and no relay, and nothing is sent before it does.

import { h } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import type { State, StateOf } from "./consultation.ts";
import type { Actions, View } from "./view-parts.ts";
import { dangerDetails, screen } from "./view-parts.ts";

export function viewPaste(state: StateOf<"paste">, text: Text, actions: Actions): View {
  const field = h("textarea", {
    class: "field",
    id: "link",
    rows: 4,
    dir: "ltr",
    autocomplete: "off",
    autocapitalize: "off",
    autocorrect: "off",
    spellcheck: "false",
    writingsuggestions: "false",
    "aria-describedby": "link-problem",
    "data-test": "link",
  });
  // In another language the screen is made anew; what was pasted stays.
  const before = document.querySelector<HTMLTextAreaElement>("textarea#link");
  if (before !== null) field.value = before.value;
  const problem = h("div", { id: "link-problem", role: "alert" });
  const form = h(
    "form",
    {
      class: "stack-tight",
      onsubmit: (event) => {
        event.preventDefault();
        actions.paste(field.value);
      },
    },
    h("label", { for: "link" }, text("paste-label")),
    field,
    problem,
    h(
      "button",
      { type: "submit", class: "button button-main button-wide", "data-test": "open-link" },
      text("paste-open"),
    ),
  );
  const update = (next: State): void => {
    if (next.status !== "paste") return;
    // Made anew even for the same words: who cannot see them hears that nothing has changed.
    problem.replaceChildren(...(next.problem === undefined ? [] : explain(next.problem, text)));
    field.setAttribute("aria-invalid", String(next.problem !== undefined));
    if (next.problem !== undefined) field.focus();
  };
  update(state);
  const element = screen(text("paste-title"), h("p", {}, text("paste-about")), form, dangerDetails(text));
  return { element, update };
}

function explain(problem: NonNullable<StateOf<"paste">["problem"]>, text: Text): readonly HTMLElement[] {
  const isOfLink = problem.startsWith("link-");
  const words = isOfLink ? [text(`${problem}-text`), text(`${problem}-next`)] : [text(problem)];
  return [h("div", { class: "notice stack-tight" }, ...words.map((one) => h("p", {}, one)))];
}
