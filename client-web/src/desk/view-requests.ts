// Colleagues who ask this worker to take a consultation over.

import { type Child, h, written } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import { languageIn } from "./format.ts";
import type { HandOverRequest } from "./messages.ts";
import type { DeskState } from "./model.ts";
import { isTakingOver, unanswered } from "./state.ts";
import { colleagueName, dangerSign, mark, separator, viewWaited } from "./view-parts.ts";

/** Above the waiting list: somebody is already talking with these people, and waits for an answer. */
export function viewRequests(state: DeskState, text: Text): Child {
  const count = unanswered(state);
  return h(
    "section",
    {
      class: "desk-requests",
      "aria-label": text("requests"),
      "data-key": "requests",
      "data-none": state.requests.length === 0,
    },
    h(
      "div",
      {
        class: state.requests.length > 0 ? "desk-waiting-head desk-among" : "visually-hidden",
        "data-key": "head",
      },
      state.requests.length > 0 && h("h2", { "data-key": "title" }, text("requests")),
      h(
        "span",
        { role: "status", "data-key": "count" },
        mark(count, text("requests-count", { count }), text),
      ),
    ),
    state.requests.length > 0 &&
      h(
        "ul",
        { class: "desk-entries", "data-key": "requests" },
        state.requests.map((it) => viewRequest(state, it, text)),
      ),
  );
}

function viewRequest(state: DeskState, request: HandOverRequest, text: Text): HTMLElement {
  const { id, colleague, subject, language, channel, summary, offered_at } = request;
  return h(
    "li",
    {
      class: "desk-entry desk-among desk-among-ground",
      "data-key": id,
      "data-hand-over": id,
      "data-subject": subject,
      "data-test": "request",
    },
    h("p", { class: "small" }, text("request-from", { name: colleagueName(state, colleague, text) })),
    h("p", { class: "desk-subject" }, subject === "danger" && dangerSign(), text(`subject-${subject}`)),
    h(
      "p",
      { class: "small" },
      languageIn(text.language, language),
      channel !== "not_said" && [separator(), text(`channel-${channel}`)],
    ),
    summary === ""
      ? h("p", { class: "small soft", "data-key": "summary" }, text("summary-none"))
      : viewSummary(summary, text),
    isTakingOver(state, request)
      ? h(
          "p",
          { class: "small desk-entry-foot", "data-key": "accepted", role: "status" },
          text("request-accepted"),
        )
      : viewAnswers(state, id, viewWaited(offered_at, state.now, text), text),
  );
}

/** What a colleague wrote about a consultation. Long ones scroll, so that they push nothing away. */
export function viewSummary(summary: string, text: Text): HTMLElement {
  return h(
    "div",
    {
      class: "desk-summary",
      role: "group",
      tabindex: 0,
      "aria-label": text("summary"),
      "data-key": "summary",
      "data-test": "summary",
    },
    written(summary, { class: "message-text" }),
  );
}

function viewAnswers(state: DeskState, id: string, waits: string, text: Text): HTMLElement {
  const disabled = state.connection !== "connected";
  return h(
    "div",
    { class: "desk-entry-answers", "data-key": "answers" },
    h("p", { class: "small soft" }, waits),
    h(
      "div",
      { class: "desk-entry-buttons" },
      h(
        "button",
        {
          type: "button",
          class: "button button-main",
          disabled,
          "data-action": "accept_hand_over",
          "data-hand-over": id,
          "data-test": "take-over",
        },
        text("take-over"),
      ),
      h(
        "button",
        {
          type: "button",
          class: "button",
          disabled,
          "data-action": "decline_hand_over",
          "data-hand-over": id,
          "data-test": "not-now",
        },
        text("not-now"),
      ),
    ),
  );
}
