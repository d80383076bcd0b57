// A browser inside another app: how to come out of it, before the link is of use to anybody.

import { h } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import type { StateOf } from "./consultation.ts";
import type { Actions } from "./view-parts.ts";
import { button, dangerDetails, screen } from "./view-parts.ts";
import { viewAddress } from "./view-return-link.ts";

export function viewInApp({ app, address }: StateOf<"in-app">, text: Text, actions: Actions): HTMLElement {
  return screen(
    text("in-app-title"),
    h("p", {}, text("in-app-in", { app: app ?? text("in-app-other") })),
    h("p", {}, text("in-app-unspent")),
    h("ol", { class: "steps" }, h("li", {}, text("in-app-menu")), h("li", {}, text("in-app-paste"))),
    viewAddress(address, true, text, text("in-app-link")),
    h(
      "details",
      { class: "card", "data-test": "in-app-risks" },
      h("summary", {}, text("in-app-stay-title")),
      h(
        "div",
        { class: "stack-tight details-body" },
        h(
          "ul",
          { class: "points" },
          h("li", {}, text("in-app-reads")),
          h("li", {}, text("in-app-keeps")),
          h("li", {}, text("in-app-closes")),
        ),
        button("stay-in-app", text("in-app-stay"), actions.stayInApp),
      ),
    ),
    dangerDetails(text),
  );
}
