// A consultation on its way to a colleague: whom to ask and with what summary, how far it is, and, with the
// colleague, where it came from.

import { type Child, h, written } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import { roomIn, SUMMARY_BYTES_MAX } from "./draft.ts";
import type { Colleague, HandOver } from "./messages.ts";
import { type Conversation, type DeskState, onDuty } from "./model.ts";
import { askable } from "./state.ts";
import { colleagueName, separator, spokenBy, whyNobody } from "./view-parts.ts";
import { viewSummary } from "./view-requests.ts";

export function viewHandOver(state: DeskState, it: Conversation, text: Text): HTMLElement | null {
  const { id, hand_over } = it.consultation;
  if (hand_over !== null) return viewStage(state, id, hand_over, text);
  if (it.asking !== "hand_over" && it.asking !== "nobody") return null;
  const colleagues = onDuty(state);
  return h(
    "div",
    {
      class: "desk-hand-over desk-among desk-among-ground",
      role: "group",
      "aria-label": text("hand-over"),
      "data-key": "hand-over",
      "data-test": "hand-over-panel",
    },
    colleagues.length === 0 || it.asking === "nobody"
      ? viewNobody(id, colleagues.length === 0 ? whyNobody(state, text) : text("hand-over-again"), text)
      : viewForm(state, it, colleagues, text),
  );
}

function viewNobody(id: number, why: string, text: Text): readonly HTMLElement[] {
  return [
    h("p", { role: "status", "data-key": "nobody", "data-test": "hand-over-nobody" }, why),
    h(
      "div",
      { class: "row", "data-key": "row" },
      h(
        "button",
        {
          type: "button",
          class: "button",
          "data-action": "keep",
          "data-focus": "hand-over-first",
          "data-id": id,
          "data-test": "hand-over-keep",
        },
        text("dismiss"),
      ),
    ),
  ];
}

function viewForm(
  state: DeskState,
  it: Conversation,
  colleagues: readonly Colleague[],
  text: Text,
): readonly HTMLElement[] {
  const { id } = it.consultation;
  return [
    h(
      "fieldset",
      { class: "desk-choices", "data-key": "choices" },
      h("legend", {}, text("hand-over-whom")),
      colleagues.map((one, index) => viewChoice(it, one, index === 0, text)),
    ),
    viewSummaryField(it, text),
    h("p", { class: "small", "data-key": "order" }, text("hand-over-order")),
    h(
      "div",
      { class: "row", "data-key": "row" },
      h(
        "button",
        {
          type: "button",
          class: "button button-main",
          disabled: !askable(state, it),
          "data-action": "hand_over",
          "data-id": id,
          "data-test": "hand-over-ask",
        },
        text("hand-over-ask"),
      ),
      h(
        "button",
        {
          type: "button",
          class: "button",
          "data-action": "keep",
          "data-id": id,
          "data-test": "hand-over-keep",
        },
        text("hand-over-keep"),
      ),
    ),
  ];
}

function viewChoice(it: Conversation, one: Colleague, first: boolean, text: Text): HTMLElement {
  const { id } = it.consultation;
  return h(
    "label",
    { class: "choice", "data-key": one.id, "data-test": "hand-over-choice" },
    h("input", {
      type: "radio",
      name: `hand-over-${id}`,
      checked: it.handOverTo === one.id,
      "data-action": "choose",
      "data-colleague": one.id,
      "data-focus": first ? "hand-over-first" : undefined,
      "data-id": id,
    }),
    h(
      "span",
      {},
      written(one.alias, { class: "desk-alias" }),
      separator(),
      text(`role-${one.role}`),
      h("span", { class: "small soft desk-spoken" }, spokenBy(one, text)),
    ),
  );
}

function viewSummaryField(it: Conversation, text: Text): HTMLElement {
  const { id } = it.consultation;
  const { characters, isScarce } = roomIn(it.summary, SUMMARY_BYTES_MAX);
  const field = `summary-${id}`;
  return h(
    "div",
    { class: "stack-tight", "data-key": "summary" },
    h(
      "div",
      { class: "desk-label" },
      h("label", { class: "label", for: field }, text("hand-over-summary")),
      h(
        "span",
        { class: characters < 0 ? "small desk-care" : "small soft", role: "status", "data-test": "room" },
        isScarce && characters >= 0 && text("room-left", { count: characters }),
        characters < 0 && text("room-over", { count: -characters }),
      ),
    ),
    h(
      "textarea",
      {
        class: "field",
        id: field,
        rows: 3,
        dir: "auto",
        "aria-describedby": `${field}-hint`,
        autocomplete: "off",
        spellcheck: "false",
        writingsuggestions: "false",
        "data-summary": id,
        "data-test": "hand-over-summary",
      },
      it.summary,
    ),
    h("p", { class: "small", id: `${field}-hint` }, text("hand-over-summary-hint")),
  );
}

/** Both may still say no, and until the client goes it can be taken back. */
function viewStage(state: DeskState, id: number, { colleague, stage }: HandOver, text: Text): HTMLElement {
  return h(
    "div",
    {
      class: "desk-hand-over desk-among desk-among-ground desk-stage",
      "data-key": "hand-over",
      "data-stage": stage,
      "data-test": "hand-over-stage",
    },
    h("p", { role: "status" }, text(`stage-${stage}`, { name: colleagueName(state, colleague, text) })),
    h(
      "button",
      {
        type: "button",
        class: "button",
        disabled: stage === "moving" || state.connection !== "connected",
        "data-action": "cancel_hand_over",
        "data-id": id,
        "data-test": "take-back",
      },
      text("take-back"),
    ),
  );
}

/** At the top of a consultation that a colleague handed over. */
export function viewTakenOver(state: DeskState, it: Conversation, text: Text): Child {
  const { taken_over_from, summary } = it.consultation;
  if (taken_over_from === null) return null;
  return h(
    "div",
    {
      class: "desk-taken-over desk-among desk-among-ground",
      "data-key": "taken-over",
      "data-test": "taken-over",
    },
    h(
      "p",
      { class: "small", "data-key": "from" },
      h("strong", {}, text("taken-over", { name: colleagueName(state, taken_over_from, text) })),
      summary !== null && [" ", text("summary-unseen")],
    ),
    summary === null
      ? h("p", { class: "small soft", "data-key": "summary" }, text("summary-none"))
      : viewSummary(summary, text),
  );
}
