// How a consultation may end, and what else can be done in it.

import { h } from "../shared/dom.ts";
import { viewSafetyWords } from "../shared/safety-words.ts";
import type { Language, Text } from "../shared/text.ts";
import type { Conversation, DeskState } from "./model.ts";
import { phraseIn } from "./sources.ts";

/** First the kind way: to ask the client. */
export function viewEndQuestion(state: DeskState, it: Conversation, text: Text): HTMLElement {
  const { id, status, end_proposed } = it.consultation;
  const button = (action: string, words: string, hook: string, look: string, disabled = false): HTMLElement =>
    h(
      "button",
      {
        type: "button",
        class: `button ${look}`,
        disabled: disabled || state.connection !== "connected",
        "data-action": action,
        "data-id": id,
        "data-test": hook,
      },
      words,
    );
  return h(
    "div",
    { class: "notice notice-care desk-question stack-tight", role: "group", "data-key": "question" },
    h("p", {}, text("end-question")),
    h(
      "div",
      { class: "row" },
      button(
        "propose_end",
        text("end-propose"),
        "propose-end",
        "button-main",
        status !== "open" || end_proposed,
      ),
      button("end", text("end-confirm"), "end-confirm", ""),
      button("keep", text("end-cancel"), "end-cancel", ""),
    ),
    h("p", { class: "small" }, text("end-and-refuse-hint")),
    button("end_and_refuse", text("end-and-refuse"), "end-and-refuse", "button-alarm"),
  );
}

function viewSafety(phrase: readonly number[], language: Language, text: Text): HTMLElement {
  return h(
    "div",
    { "data-key": "safety" },
    h("h3", {}, text("safety-title")),
    viewSafetyWords(phrase, phraseIn(language)),
    h("p", { class: "small" }, text("safety-about")),
  );
}

export function viewMore(state: DeskState, it: Conversation, text: Text): HTMLElement {
  const { id, status, muted, safety_phrase, language } = it.consultation;
  const disabled = state.connection !== "connected" || status !== "open";
  return h(
    "div",
    {
      class: "notice desk-question stack-tight",
      role: "group",
      "aria-label": text("more"),
      "data-key": "more",
    },
    h("p", { "data-key": "return" }, text("return-link-hint")),
    h(
      "div",
      { class: "row", "data-key": "return-buttons" },
      (["me", "anybody"] as const).map((wish) =>
        h(
          "button",
          {
            type: "button",
            class: "button",
            disabled,
            "data-action": "give_return_link",
            "data-focus": wish === "me" && !disabled ? "more-first" : undefined,
            "data-id": id,
            "data-test": wish === "me" ? "return-link-wish" : "return-link",
            "data-wish": wish,
          },
          text(`return-link-${wish}`),
        ),
      ),
    ),
    h("p", { "data-key": "mute" }, text("mute-hint")),
    h(
      "div",
      { class: "row", "data-key": "mute-buttons" },
      h(
        "button",
        {
          type: "button",
          class: "button",
          "aria-pressed": muted ? "true" : "false",
          disabled: state.connection !== "connected",
          "data-action": "mute",
          "data-focus": disabled ? "more-first" : undefined,
          "data-id": id,
          "data-test": "mute",
        },
        text("mute"),
      ),
      h(
        "button",
        {
          type: "button",
          class: "button button-quiet",
          "data-action": "keep",
          "data-id": id,
          "data-test": "more-close",
        },
        text("dismiss"),
      ),
    ),
    safety_phrase !== null && viewSafety(safety_phrase, language, text),
  );
}
