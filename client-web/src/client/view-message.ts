// One entry of the conversation: a message, or what the page says about a hand-over.

import { h, written } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import type { AdvisorMessage, Entry, LineShown, Note, OwnMessage, Worker } from "./consultation.ts";
import { viewCard } from "./view-card.ts";
import { viewOwnFile } from "./view-file.ts";
import type { Actions } from "./view-parts.ts";
import { viewReturnLink } from "./view-return-link.ts";

export interface EntryView {
  readonly element: HTMLElement;
  update(entry: Entry, line: LineShown): void;
}

export function viewEntry(entry: Entry, worker: Worker, text: Text, actions: Actions): EntryView {
  switch (entry.from) {
    case "you":
      return viewOwn(entry, text);
    case "your-file":
      return viewOwnFile(entry, worker.alias, text, actions);
    case "advisor":
      return { element: viewAdvisor(entry, text), update: () => undefined };
    case "page":
      return { element: viewNote(entry, worker, text), update: () => undefined };
  }
}

function viewAdvisor(entry: AdvisorMessage, text: Text): HTMLElement {
  const author = text("from-advisor", { alias: entry.alias });
  if (entry.kind === "text") {
    const element = message("advisor", author, entry.text);
    element.dataset.alias = entry.alias;
    return element;
  }
  const element = entry.kind === "card" ? viewCard(entry.card, text) : viewReturnLink(entry.link, text);
  element.prepend(h("span", { class: "visually-hidden" }, author));
  return element;
}

function viewOwn(own: OwnMessage, text: Text): EntryView {
  const delivery = h("span", { class: "message-state" });
  const element = message("you", text("from-you"), own.text);
  element.classList.add("message-own");
  element.append(delivery);
  const update = (entry: Entry, line: LineShown): void => {
    if (entry.from !== "you") return;
    const words = entry.isDelivered ? text("delivered") : text(`underway-${line}`);
    delivery.dataset.test = entry.isDelivered ? "delivered" : "underway";
    if (delivery.textContent !== words) delivery.textContent = words;
  };
  return { element, update };
}

/** An article of its own, so that a screen reader can go from one message to the next. */
function message(from: "you" | "advisor", author: string, words: string): HTMLElement {
  return h(
    "div",
    { class: "message", role: "article", "data-test": "message", "data-from": from },
    h("span", { class: "visually-hidden" }, author),
    written(words, { class: "message-text" }),
  );
}

function viewNote({ note, worker: other }: Note, worker: Worker, text: Text): HTMLElement {
  const variables = {
    alias: worker.alias,
    next: other.alias,
    role: text(`role-${other.role}`),
  };
  return h(
    "p",
    { class: "soft small log-note", "data-test": "note", "data-note": note },
    text(`note-${note}`, variables),
  );
}
