// Screens that say one thing: before the welcome, and where a visit cannot go on.

import { h } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import type { State, StateOf } from "./consultation.ts";
import type { Actions, View } from "./view-parts.ts";
import { button, dangerDetails, screen } from "./view-parts.ts";
import { viewReading } from "./view-reading.ts";

export function viewChecking(text: Text): HTMLElement {
  return screen(text("checking-title"), h("p", { class: "soft", role: "status" }, text("checking-text")));
}

export function viewNoLink(text: Text): HTMLElement {
  return screen(
    text("no-link-title"),
    h("p", {}, text("no-link-about")),
    h("p", {}, text("no-link-private")),
    h("p", {}, text("no-link-how")),
    h("p", { class: "notice" }, text("no-link-reloaded")),
    dangerDetails(text),
  );
}

type LinkStatus = "link-damaged" | "link-unsupported" | "link-expired" | "service-unknown";

export function viewUnusable(state: StateOf<LinkStatus>, text: Text): HTMLElement {
  return screen(
    text(`${state.status}-title`),
    h("p", {}, text(`${state.status}-text`)),
    h("p", {}, text(`${state.status}-next`)),
    dangerDetails(text),
  );
}

export function viewServiceUnproven(text: Text): HTMLElement {
  return screen(
    text("service-unproven-title"),
    h(
      "div",
      { class: "notice notice-alarm stack-tight" },
      h("p", {}, text("service-unproven-text")),
      h("p", {}, text("service-unproven-sent")),
    ),
    h("p", {}, text("service-unproven-next")),
    dangerDetails(text),
  );
}

export function viewUnreachable(
  { isApart }: StateOf<"unreachable">,
  text: Text,
  actions: Actions,
): HTMLElement {
  return screen(
    text("unreachable-title"),
    h("p", { role: "status" }, text("unreachable-text")),
    h("p", { class: "soft" }, text("unreachable-hint")),
    // A browser does not tell a page why it was not answered.
    isApart && h("p", { class: "soft", "data-test": "apart" }, text("unreachable-apart")),
    button("try-now", text("try-now"), actions.tryNow, "button-main"),
    dangerDetails(text),
  );
}

export function viewClockWrong(state: StateOf<"clock-wrong">, text: Text, actions: Actions): HTMLElement {
  return screen(
    text("clock-wrong-title"),
    h("p", {}, text("clock-wrong-text")),
    h(
      "dl",
      { class: "card clocks" },
      h("div", {}, h("dt", {}, text("clock-device")), h("dd", {}, timeOf(state.deviceTime, text))),
      h("div", {}, h("dt", {}, text("clock-service")), h("dd", {}, timeOf(state.relayTime, text))),
    ),
    h("p", {}, text("clock-wrong-next")),
    h(
      "div",
      { class: "row" },
      button("try-again", text("try-again"), () => actions.start(text.language), "button-main"),
      button("leave", text("leave"), actions.leave, "button-quiet"),
    ),
    dangerDetails(text, state.card),
  );
}

/** In the device's own time zone, and named, as the person sees it on the device. */
function timeOf(time: Date, text: Text): string {
  return new Intl.DateTimeFormat(text.language, {
    year: "numeric",
    month: "long",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
  }).format(time);
}

export function viewRefused(state: StateOf<"refused">, text: Text, actions: Actions): View {
  const { why, again } = state;
  const isAlarm = why === "advisor-unproven";
  const reading = again && viewReading(text("reading-title-waiting"), again, text, actions);
  const element = screen(
    text(`refused-${why}-title`),
    h("p", { class: isAlarm && "notice notice-alarm" }, text(`refused-${why}-text`)),
    again?.isDoor === true && why === "crowded" && h("p", {}, text("refused-crowded-door")),
    h("p", {}, text(`refused-${why}-next`)),
    again && button("try-again", text("try-again"), () => actions.start(text.language), "button-main"),
    reading?.element,
    dangerDetails(text, again?.card),
  );
  const update = (next: State): void => {
    if (next.status === "refused" && next.again !== undefined) reading?.update(next.again);
  };
  return { element, update };
}

/** What was written is out of sight at once, and gone when the worker knows or cannot be reached. */
export function viewEnded(state: StateOf<"ended">, text: Text): View {
  const wiped = h("p", { class: "notice", role: "status" });
  const update = (next: State): void => {
    if (next.status !== "ended") return;
    if (next.isWiped) wiped.dataset.test = "wiped";
    wiped.textContent = text(next.isWiped ? "ended-wiped" : "ended-wiping");
  };
  update(state);
  const element = screen(
    text(`ended-${state.how}-title`),
    h("p", {}, text(`ended-${state.how}-text`)),
    wiped,
    h("p", {}, text(state.isDoor ? "ended-again-door" : "ended-again")),
    h("p", { class: "soft small" }, text(state.isDoor ? "ended-history-door" : "ended-history")),
  );
  return { element, update };
}
