// The waiting room: oldest first, danger marked by a sign and words as well as by colour.

import { h } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import { languageIn } from "./format.ts";
import type { WaitingEntry } from "./messages.ts";
import { type DeskState, hasRoom, underWay } from "./model.ts";
import { isAccepting } from "./state.ts";
import { dangerSign, mark, viewOrigin, viewWaited } from "./view-parts.ts";
import { viewRequests } from "./view-requests.ts";
import { viewWhispersButton } from "./view-whispers.ts";

export function viewWaiting(state: DeskState, text: Text): HTMLElement {
  const { waiting } = state;
  return h(
    "section",
    {
      class: "desk-waiting",
      "aria-labelledby": "waiting-title",
      "data-key": "waiting",
      "data-selected": state.selected === null,
    },
    viewRequests(state, text),
    h(
      "div",
      { class: "desk-waiting-head", "data-key": "head" },
      h("h2", { id: "waiting-title", tabindex: -1, "data-focus": "waiting-first" }, text("waiting")),
      h(
        "span",
        { role: "status" },
        mark(waiting.length, text("waiting-count", { count: waiting.length }), text),
      ),
    ),
    waiting.length > 0 &&
      !hasRoom(state) &&
      h(
        "p",
        { class: "small desk-care", role: "status", "data-key": "full" },
        text("capacity-full", { count: underWay(state).length }),
      ),
    waiting.length > 0
      ? h(
          "ul",
          { class: "desk-entries", "data-key": "entries" },
          waiting.map((it) => viewEntry(state, it, text)),
        )
      : viewNobody(state, text),
    state.worker !== null && viewWhispersButton(state, text),
  );
}

function viewEntry(state: DeskState, entry: WaitingEntry, text: Text): HTMLElement {
  const accepting = isAccepting(state, entry);
  const danger = entry.subject === "danger";
  return h(
    "li",
    {
      class: danger ? "desk-entry desk-entry-danger" : "desk-entry",
      "data-key": entry.offer,
      "data-door": String(entry.door),
      "data-subject": entry.subject,
      "data-test": "waiting-entry",
      "data-wish": entry.wish ?? "",
    },
    h("p", { class: "desk-subject" }, danger && dangerSign(), text(`subject-${entry.subject}`)),
    h("p", { class: "small" }, languageIn(text.language, entry.language), viewOrigin(entry, text)),
    h(
      "div",
      { class: "desk-entry-foot" },
      h("p", { class: "small soft" }, viewWaited(entry.waiting_since, state.now, text)),
      h(
        "button",
        {
          type: "button",
          class: "button button-main",
          disabled: accepting || !hasRoom(state) || state.connection !== "connected",
          "data-action": "accept",
          "data-focus": "waiting-first",
          "data-offer": entry.offer,
          "data-test": "accept",
        },
        accepting ? text("accepting") : text("accept"),
      ),
    ),
    h(
      "button",
      {
        type: "button",
        class: "desk-leave small",
        disabled: accepting || state.connection !== "connected",
        "data-action": "refuse_offer",
        "data-offer": entry.offer,
        "data-test": "refuse-offer",
      },
      text("refuse-offer"),
    ),
  );
}

function viewNobody({ duty }: DeskState, text: Text): HTMLElement {
  const resting = duty.status === "off" || duty.status === "refused";
  const id = resting ? "waiting-none-off" : duty.status === "on" ? "waiting-none-on" : "waiting-none-yet";
  return h("p", { class: "soft", "data-key": "nobody" }, text(id));
}
