// The locked desk: whose it is, and a field for the passphrase. Nothing of any consultation is on the page.

import { h, written } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import type { DeskState } from "./model.ts";

export function viewLock(state: DeskState, text: Text): HTMLElement | null {
  const { lock, worker, connection } = state;
  if (lock === null) return null;
  const waiting = lock.wait_seconds > 0;
  return h(
    "main",
    { class: "desk-over", "data-key": "lock", "data-test": "lock-screen" },
    h(
      "div",
      { class: "card stack" },
      h("h1", { "data-key": "title" }, text("locked")),
      h("p", { "data-key": "hint" }, text("locked-hint")),
      worker !== null &&
        h("p", { class: "small soft", "data-key": "who" }, written(worker.alias, { class: "desk-alias" })),
      h(
        "label",
        { class: "stack-tight", "data-key": "field" },
        h("span", { class: "label" }, text("passphrase")),
        h("input", {
          class: "field",
          type: "password",
          dir: "ltr",
          autocomplete: "off",
          spellcheck: "false",
          "aria-describedby": "lock-state",
          "data-focus": "passphrase",
          "data-passphrase": "",
          "data-test": "unlock-passphrase",
        }),
      ),
      h(
        "p",
        { class: "desk-care", id: "lock-state", role: "status", "data-key": "state" },
        lock.wrong_passphrase && !lock.checking && text("passphrase-wrong"),
        waiting && [" ", text("passphrase-wait", { count: lock.wait_seconds })],
        lock.checking && text("passphrase-checking"),
      ),
      h(
        "button",
        {
          type: "button",
          class: "button button-main",
          disabled: waiting || lock.checking || connection !== "connected",
          "data-action": "unlock",
          "data-key": "unlock",
          "data-test": "unlock",
        },
        text("unlock"),
      ),
    ),
  );
}
