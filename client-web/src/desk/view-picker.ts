// A list with type-ahead above the field: replies that go into the field, cards that go to the client.

import { factsOf } from "../protocol/languages.ts";
import { h, written } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import { languageIn } from "./format.ts";
import type { Conversation, DeskState } from "./model.ts";
import { markedOption, type Option, optionsOf } from "./pack.ts";
import { dangerSign, viewCardText } from "./view-parts.ts";

export function viewPicker(state: DeskState, { consultation }: Conversation, text: Text): HTMLElement | null {
  const { picker } = state.tools;
  const { id, language } = consultation;
  if (picker?.consultation !== id || state.writingTo !== "clients") return null;
  const options = optionsOf(state);
  const marked = markedOption(state);
  return h(
    "div",
    {
      class: "desk-picker",
      role: "group",
      "aria-label": text(`picker-${picker.of}`),
      "data-key": "picker",
      "data-test": `picker-${picker.of}`,
    },
    viewSearch(id, picker.of, picker.query, marked, text),
    options.length === 0
      ? h(
          "p",
          { class: "small soft", role: "status", "data-key": "none" },
          state.pack === null ? text("picker-no-pack") : text("picker-none"),
        )
      : h(
          "ul",
          {
            class: "desk-options",
            id: `options-${id}`,
            role: "listbox",
            "aria-label": text(`picker-${picker.of}`),
            "data-key": "options",
          },
          options.map((it, at) => viewOption(it, at, it.id === marked?.id, picker.of, text)),
        ),
    marked !== null && viewPreview(marked, language, text),
  );
}

function viewSearch(
  id: number,
  of: "replies" | "cards",
  query: string,
  marked: Option | null,
  text: Text,
): HTMLElement {
  return h(
    "div",
    { class: "desk-picker-search", "data-key": "search" },
    h("input", {
      class: "field",
      type: "text",
      role: "combobox",
      value: query,
      dir: query === "" ? text.direction : "auto",
      placeholder: text(`picker-${of}-search`),
      "aria-label": text(`picker-${of}-search`),
      "aria-expanded": marked === null ? "false" : "true",
      "aria-autocomplete": "list",
      "aria-controls": marked === null ? undefined : `options-${id}`,
      "aria-activedescendant": marked === null ? undefined : `option-${marked.id}`,
      autocomplete: "off",
      spellcheck: "false",
      writingsuggestions: "false",
      "data-picker": id,
      "data-focus": "picker",
      "data-test": of === "replies" ? "reply-search" : "card-search",
    }),
    h(
      "button",
      {
        type: "button",
        class: "button button-quiet",
        "data-action": "pick_close",
        "data-test": "picker-close",
      },
      text("dismiss"),
    ),
  );
}

function viewOption(
  it: Option,
  at: number,
  marked: boolean,
  of: "replies" | "cards",
  text: Text,
): HTMLElement {
  return h(
    "li",
    {
      class: "desk-option",
      id: `option-${it.id}`,
      role: "option",
      "aria-selected": marked ? "true" : "false",
      "data-action": "pick_option",
      "data-card": of === "cards" ? it.id : undefined,
      "data-focus": marked ? "option-marked" : undefined,
      "data-key": it.id,
      "data-option": it.id,
      "data-option-at": at,
      "data-reply": of === "replies" ? it.id : undefined,
      "data-test": of === "replies" ? "reply" : "card",
    },
    it.emergency && dangerSign(),
    h("span", {}, written(it.title)),
    it.kind !== null && h("span", { class: "small soft desk-option-kind" }, text(`card-${it.kind}`)),
  );
}

/** The marked one as the client would read it. */
function viewPreview({ body, language, kind }: Option, client: Option["language"], text: Text): HTMLElement {
  return h(
    "div",
    {
      class: "desk-preview small",
      role: "group",
      tabindex: 0,
      "aria-label": text("preview"),
      "data-key": "preview",
    },
    language !== client &&
      h(
        "p",
        { class: "desk-care", "data-key": "language" },
        text("preview-other-language", { language: languageIn(text.language, language) }),
      ),
    h(
      "div",
      {
        class: kind === null ? "message-text" : undefined,
        lang: language,
        dir: factsOf(language).direction,
        "data-key": "body",
      },
      kind === null ? body : viewCardText(body),
    ),
  );
}
