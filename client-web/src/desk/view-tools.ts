// One row of quiet buttons for what belongs to the whole desk.

import { type Child, h } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import type { DeskState } from "./model.ts";

export function viewTools(state: DeskState, text: Text): HTMLElement {
  const { worker } = state;
  return h(
    "div",
    { class: "desk-tools", role: "group", "aria-label": text("tools") },
    viewOpener("shift", "shift-open", "Alt+S", text("panel-shift")),
    viewOpener("links", "links-open", null, text("panel-links")),
    worker?.role === "coordinator" && viewOpener("announce", "announce-open", null, text("panel-announce")),
    worker?.role === "coordinator" && viewOpener("report", "report-open-panel", null, text("panel-report")),
    viewOpener("scripts", "scripts-open", "Alt+E", text("panel-scripts")),
    viewOpener("help", "keys-open", "Alt+K", text("panel-help")),
    h(
      "button",
      {
        type: "button",
        class: "desk-tool",
        disabled: state.connection !== "connected",
        title: "Alt+L",
        "aria-keyshortcuts": "Alt+L",
        "data-action": "lock",
        "data-test": "lock",
      },
      text("lock"),
    ),
    viewOpener("panic", "panic", null, text("panic")),
  );
}

function viewOpener(panel: string, hook: string, key: string | null, words: Child): HTMLElement {
  return h(
    "button",
    {
      type: "button",
      class: panel === "panic" ? "desk-tool desk-tool-alarm" : "desk-tool",
      title: key ?? undefined,
      "aria-haspopup": "dialog",
      "aria-keyshortcuts": key ?? undefined,
      "data-action": "panel",
      "data-key": panel,
      "data-panel": panel,
      "data-test": hook,
    },
    words,
  );
}
