// Who the worker is here, whether they are on duty, and the language of the page.

import { factsOf } from "../protocol/languages.ts";
import { h, written } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import { CAPACITY_MAX } from "./content.ts";
import { clockOf, figure, type Moment } from "./format.ts";
import type { Duty } from "./messages.ts";
import type { DeskState } from "./model.ts";
import { wordsIn } from "./pack.ts";
import { readable } from "./sources.ts";
import { isOver } from "./state.ts";
import { separator } from "./view-parts.ts";
import { viewTools } from "./view-tools.ts";

const SHIFT_WARNING_SECONDS = 30 * 60;

export function viewHeader(state: DeskState, text: Text): HTMLElement {
  return h(
    "header",
    { class: "desk-header", "data-key": "header" },
    viewIdentity(state, text),
    state.worker !== null && !isOver(state.connection) && viewDuty(state, text),
    h(
      "div",
      { class: "desk-bar", "data-key": "bar" },
      state.worker !== null && !isOver(state.connection) && viewTools(state, text),
      viewLanguages(text),
    ),
  );
}

function viewIdentity({ worker, now }: DeskState, text: Text): HTMLElement {
  if (worker === null) return h("div", { class: "desk-identity" }, h("h1", {}, text("title")));
  const left = worker.valid_until - now;
  const until = clockOf(text.language, worker.valid_until, now);
  return h(
    "div",
    { class: "desk-identity" },
    h("h1", {}, written(wordsIn(worker.service, text.language)?.text ?? "")),
    h(
      "p",
      { class: "small soft" },
      written(worker.alias, { class: "desk-alias" }),
      separator(),
      text(`role-${worker.role}`),
      separator(),
      h("span", { class: left < SHIFT_WARNING_SECONDS && "desk-care" }, viewShift(left, until, text)),
    ),
  );
}

function viewShift(left: number, until: Moment, text: Text): string {
  if (left <= 0) return text("shift-over");
  return until.day === null
    ? text("shift-until", { time: until.time })
    : text("shift-until-day", { time: until.time, day: until.day });
}

function viewLanguages(text: Text): HTMLElement {
  return h(
    "div",
    { class: "desk-languages", role: "group", "aria-label": text("language-choice") },
    readable.map((language) =>
      h(
        "button",
        {
          type: "button",
          class: "desk-language",
          lang: language,
          "aria-pressed": text.language === language ? "true" : "false",
          "data-action": "language",
          "data-language": language,
          "data-test": `language-${language}`,
        },
        factsOf(language).name,
      ),
    ),
  );
}

/** How many at once the worker wants; a select, because everybody knows how to change one. */
function viewCapacity({ capacity, connection }: DeskState, text: Text): HTMLElement {
  return h(
    "label",
    { class: "desk-capacity small" },
    h("span", {}, text("capacity")),
    h(
      "select",
      {
        class: "field",
        disabled: connection !== "connected",
        "data-select": "capacity",
        "data-test": "capacity",
      },
      Array.from({ length: CAPACITY_MAX }, (_, index) =>
        h("option", { value: index + 1, selected: index + 1 === capacity }, figure(text.language, index + 1)),
      ),
    ),
  );
}

function viewDuty(state: DeskState, text: Text): HTMLElement {
  const { duty, connection } = state;
  const resting = duty.status === "off" || duty.status === "refused";
  return h(
    "div",
    { class: "desk-duty", "data-duty": duty.status },
    h(
      "p",
      { class: "desk-duty-status", role: "status", "data-test": "duty-status", "data-status": duty.status },
      h("span", { class: "desk-lamp", "aria-hidden": "true" }),
      h("strong", {}, text(`duty-${duty.status}`)),
      " ",
      h("span", { class: "desk-duty-hint" }, viewHint(duty, text)),
    ),
    viewCapacity(state, text),
    h(
      "button",
      {
        type: "button",
        class: resting ? "button button-main" : "button",
        disabled: connection !== "connected",
        "data-action": resting ? "go_on_duty" : "go_off_duty",
        "data-test": "duty-toggle",
      },
      resting ? text("duty-go-on") : text("duty-go-off"),
    ),
  );
}

function viewHint(duty: Duty, text: Text): string {
  return duty.status === "refused" && duty.reason !== null
    ? text(`refused-${duty.reason}`)
    : text(`duty-${duty.status}-hint`);
}
