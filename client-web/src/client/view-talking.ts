// The conversation.

import { h, written } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import type { Message, State, StateOf } from "./consultation.ts";
import { viewComposer } from "./view-composer.ts";
import type { Actions, View } from "./view-parts.ts";
import { button, dangerDetails } from "./view-parts.ts";

/** How far from the end somebody may have scrolled and still be taken along by a new message. */
const NEAR_END_PIXELS = 120;

export function viewTalking(state: StateOf<"talking">, text: Text, actions: Actions): View {
  const log = h(
    "div",
    {
      class: "log",
      role: "log",
      tabindex: 0,
      "aria-label": text("messages-label"),
      "aria-relevant": "additions",
    },
    h("p", { class: "soft small log-start" }, text("talking-first")),
  );
  const messages = new Map<number, MessageView>();
  const endAsk = viewEndAsk(text, actions);
  const end = button("end", text("end"), actions.askEnd);
  const composer = viewComposer(text, actions);

  const update = (next: State): void => {
    if (next.status !== "talking") return;
    const isNearEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END_PIXELS;
    for (const message of next.messages) {
      const before = messages.get(message.id);
      if (before !== undefined) before.update(message);
      else {
        const added = viewMessage(message, next.worker.alias, text);
        messages.set(message.id, added);
        log.append(added.element);
      }
    }
    const isOwnLast = next.messages[next.messages.length - 1]?.from === "you";
    if (isNearEnd || isOwnLast) log.scrollTop = log.scrollHeight;
    if (endAsk.element.hidden === next.isEndAsked) {
      endAsk.element.hidden = !next.isEndAsked;
      (next.isEndAsked ? endAsk.first : end).focus();
    }
  };

  const element = h(
    "div",
    { class: "talk" },
    h(
      "header",
      { class: "talk-head" },
      h("h1", { tabindex: -1 }, written(state.worker.alias, { "data-test": "alias" })),
      end,
      h(
        "p",
        { class: "soft small talk-role", "data-test": "role" },
        text("talking-role", { role: text(`role-${state.worker.role}`) }),
      ),
    ),
    endAsk.element,
    dangerDetails(text, state.card),
    log,
    composer.element,
  );
  endAsk.element.hidden = !state.isEndAsked;
  update(state);
  return { element, update, focus: composer.focus };
}

interface MessageView {
  readonly element: HTMLElement;
  update(message: Message): void;
}

function viewMessage(message: Message, alias: string, text: Text): MessageView {
  const isOwn = message.from === "you";
  const delivery = h("span", { class: "message-state" });
  const author = isOwn ? text("from-you") : text("from-advisor", { alias });
  const element = h(
    "div",
    { class: isOwn ? "message message-own" : "message", "data-test": "message", "data-from": message.from },
    h("span", { class: "visually-hidden" }, author),
    written(message.text, { class: "message-text" }),
    isOwn && delivery,
  );
  const update = ({ isDelivered }: Message): void => {
    delivery.dataset.test = isDelivered ? "delivered" : "underway";
    delivery.textContent = text(isDelivered ? "delivered" : "underway");
  };
  update(message);
  return { element, update };
}

function viewEndAsk(text: Text, actions: Actions): { element: HTMLElement; first: HTMLElement } {
  const cancel = button("end-cancel", text("end-cancel"), actions.cancelEnd);
  const element = h(
    "section",
    { class: "notice stack-tight end-ask", role: "group", "aria-label": text("end") },
    h("p", {}, text("end-ask")),
    h(
      "div",
      { class: "row" },
      button("end-confirm", text("end-confirm"), actions.end, "button-main"),
      cancel,
    ),
  );
  return { element, first: cancel };
}
