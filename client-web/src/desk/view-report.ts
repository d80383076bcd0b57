// What a coordinator asks the relay for: the service's totals of some time, as a page in a tab of its own.

import { type Child, h } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import type { NoticeCode } from "./messages.ts";
import type { DeskState } from "./model.ts";
import { reportDays } from "./report.ts";

const REPORT_NOTICES: readonly NoticeCode[] = [
  "report_no_periods",
  "report_unreachable",
  "report_refused",
  "report_not_counted",
];

export function viewReport(state: DeskState, text: Text): Child {
  const { reporting, reportPath } = state.tools;
  const days = reportDays(state.tools, state.now);
  return [
    h("p", { class: "small", id: "report-hint", "data-key": "hint" }, text("report-hint")),
    h(
      "div",
      { class: "desk-order", "data-key": "days" },
      viewDay("from", days.from, text),
      viewDay("to", days.to, text),
      h(
        "button",
        {
          type: "button",
          class: "button button-main",
          disabled: reporting || state.connection !== "connected",
          "data-action": "make_report",
          "data-test": "report-make",
        },
        text("report-make"),
      ),
    ),
    h(
      "div",
      { class: "stack-tight", role: "status", "data-key": "answer", "data-test": "report-answer" },
      reporting && h("p", {}, text("report-asking")),
      reportPath !== null && viewAnswer(reportPath, text),
      !reporting && reportPath === null && viewWhyNot(state, text),
    ),
  ];
}

/** The desk's notices lie behind the panel. */
function viewWhyNot({ notices }: DeskState, text: Text): Child {
  const why = notices.filter((it) => REPORT_NOTICES.includes(it)).pop();
  return why !== undefined && h("p", { class: "desk-care" }, text(`notice-${why}`));
}

function viewDay(end: "from" | "to", day: string, text: Text): HTMLElement {
  return h(
    "label",
    { class: "stack-tight" },
    h("span", { class: "label" }, text(`report-${end}`)),
    h("input", {
      class: "field",
      type: "date",
      value: day,
      required: true,
      autocomplete: "off",
      "aria-describedby": "report-hint",
      "data-report": end,
      "data-test": `report-${end}`,
    }),
  );
}

function viewAnswer(path: string, text: Text): Child {
  return [
    h("p", {}, text("report-made")),
    h(
      "p",
      {},
      h(
        "a",
        {
          class: "button button-main",
          href: path,
          target: "_blank",
          rel: "noopener noreferrer",
          "data-action": "report_opened",
          "data-test": "report-open",
        },
        text("report-open"),
      ),
    ),
  ];
}
