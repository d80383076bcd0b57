// Between Start and the conversation: waiting for an advisor, then for the keys.

import { h, replaceChildren } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import type { State, StateOf, WaitShown } from "./consultation.ts";
import type { Actions, View } from "./view-parts.ts";
import { button, cardText, emergency, promises, screen } from "./view-parts.ts";
import { viewReading } from "./view-reading.ts";

export function viewWaiting(state: StateOf<"waiting">, text: Text, actions: Actions): View {
  const progress = h("div", { class: "card stack-tight progress", role: "status" });
  const tryNow = button("try-now", text("try-now"), actions.tryNow);
  const reading = viewReading(text("reading-title-waiting"), state, text, actions);
  let shown: WaitShown | undefined;
  const update = (next: State): void => {
    if (next.status !== "waiting") return;
    // Said once: leaflets change the state too, and every new child is read aloud.
    if (next.wait !== shown) replaceChildren(progress, progressOf(next, text));
    shown = next.wait;
    tryNow.hidden = next.wait !== "lost" && next.wait !== "offline";
    reading.update(next);
  };
  update(state);
  const element = screen(
    text("waiting-title"),
    progress,
    tryNow,
    h("p", {}, text("waiting-keep-open")),
    emergency(state.card, text),
    reading.element,
    promises(text),
    button("leave", text("leave"), actions.leave),
  );
  return { element, update };
}

function progressOf(state: StateOf<"waiting">, text: Text): readonly HTMLElement[] {
  const wait = h("p", { "data-wait": state.wait }, text(`waiting-${state.wait}`));
  if (state.wait !== "nobody") return [wait];
  return [wait, ...cardText(state.card.hours, text)];
}

export function viewSecuring(text: Text): HTMLElement {
  return screen(
    text("securing-title"),
    h("p", { class: "card progress", role: "status" }, text("securing-text")),
  );
}
