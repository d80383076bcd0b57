// What lies over the desk: one thing at a time, left with Escape. The desk behind it takes no press.

import { type Child, h } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import type { DeskState } from "./model.ts";
import type { Panel } from "./tools.ts";
import { viewAnnounce } from "./view-announcements.ts";
import { viewHelp } from "./view-help.ts";
import { viewLinks } from "./view-links.ts";
import { titleOfPictures, viewPictures } from "./view-pictures.ts";
import { viewReport } from "./view-report.ts";
import { viewScripts } from "./view-script.ts";
import { viewShift } from "./view-shift.ts";

export function viewPanel(state: DeskState, text: Text): Child {
  const { panel } = state.tools;
  if (panel === null) return null;
  return h(
    "div",
    { class: "desk-over-all", "data-key": "panel" },
    h(
      "div",
      {
        class: "desk-panel card",
        role: panel === "panic" || panel === "off_duty" ? "alertdialog" : "dialog",
        "aria-modal": "true",
        "aria-labelledby": "panel-title",
        "data-key": panel,
        "data-panel-open": panel,
        "data-test": panel === "help" ? "keys" : `panel-${panel}`,
      },
      h(
        "div",
        { class: "desk-panel-head", "data-key": "head" },
        h(
          "h2",
          { id: "panel-title", tabindex: -1, "data-focus": "panel-first" },
          panel === "pictures" ? titleOfPictures(state.tools.look, text) : text(`panel-${panel}`),
        ),
        h(
          "button",
          {
            type: "button",
            // What somebody wants to see no more has to be left without a search.
            class: panel === "pictures" ? "button button-main" : "button button-quiet",
            "data-action": "close_panel",
            "data-test": "panel-close",
          },
          text("dismiss"),
        ),
      ),
      viewInside(panel, state, text),
    ),
  );
}

function viewInside(panel: Panel, state: DeskState, text: Text): Child {
  switch (panel) {
    case "help":
      return viewHelp(text);
    case "shift":
      return viewShift(state, text);
    case "links":
      return viewLinks(state, text);
    case "announce":
      return viewAnnounce(state, text);
    case "report":
      return viewReport(state, text);
    case "scripts":
      return viewScripts(state, "script-first", text);
    case "pictures":
      return viewPictures(state.tools.look, text);
    case "panic":
      return viewQuestion("panic", text);
    case "off_duty":
      return viewQuestion("off-duty", text);
  }
}

function viewQuestion(about: "panic" | "off-duty", text: Text): Child {
  const [hint, yes, no] =
    about === "panic"
      ? [text("panic-hint"), text("panic-confirm"), text("panic-cancel")]
      : [text("off-duty-hint"), text("off-duty-confirm"), text("off-duty-cancel")];
  return [
    h("p", { "data-key": "hint" }, hint),
    h(
      "div",
      { class: "row", "data-key": "row" },
      h(
        "button",
        {
          type: "button",
          class: about === "panic" ? "button button-alarm" : "button",
          "data-action": about === "panic" ? "panic" : "go_off_duty_anyway",
          "data-test": `${about}-confirm`,
        },
        yes,
      ),
      h(
        "button",
        {
          type: "button",
          class: "button button-main",
          "data-action": "close_panel",
          "data-test": `${about}-cancel`,
        },
        no,
      ),
    ),
  ];
}
