// A card: from the advisor in a conversation, or among what the service gives to read.

import { type CardBlock, cardBlocks } from "../protocol/card-text.ts";
import { h } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import type { Card } from "./card-words.ts";
import { cardWords } from "./card-words.ts";
import { viewCopy } from "./view-copy.ts";

export function viewCard(card: Card, text: Text): HTMLElement {
  const words = h("div", { class: "stack-tight" }, h("h2", { dir: "auto" }, card.title), viewCardBody(card));
  return h(
    "article",
    { class: "message kept stack-tight", "data-test": "card", "data-kind": card.kind },
    h("p", { class: "soft small" }, text(`card-${card.kind}`)),
    words,
    viewCardCopy(card, words, text),
  );
}

/** It may be in another language than the page. */
export function viewCardBody({ body }: Card): HTMLElement {
  return h("div", { class: "stack-tight card-body" }, cardBlocks(body).map(viewBlock));
}

export function viewCardCopy(card: Card, words: HTMLElement, text: Text): HTMLElement {
  return viewCopy(text("copy"), cardWords(card), () => getSelection()?.selectAllChildren(words), text);
}

function viewBlock(block: CardBlock): HTMLElement {
  switch (block.type) {
    case "heading":
      return h("h3", { dir: "auto" }, block.text);
    case "list":
      return h(
        "ul",
        { class: "points", dir: "auto" },
        block.items.map((item) => h("li", {}, item)),
      );
    case "paragraph":
      return h("p", { dir: "auto" }, block.text);
  }
}
