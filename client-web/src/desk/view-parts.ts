// Small pieces that several views share.

import { type CardBlock, cardBlocks } from "../protocol/card-text.ts";
import { type Child, h } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import { figure, languageIn, waited } from "./format.ts";
import type { Colleague, Consultation } from "./messages.ts";
import { colleagueOf, type DeskState } from "./model.ts";

/** Between two facts on one line. Its spaces are where the line may break. */
export function separator(): Child {
  return h("span", { "aria-hidden": "true" }, " · ");
}

/** A sign besides the colour; the words beside it say the same. */
export function dangerSign(): HTMLElement {
  return h("span", { class: "desk-danger-sign", "aria-hidden": "true" }, "!");
}

/** A figure to see, with words to hear; nothing for zero. */
export function mark(count: number, words: string, text: Text): Child {
  if (count === 0) return null;
  return h(
    "span",
    { class: "desk-mark" },
    h("span", { "aria-hidden": "true" }, figure(text.language, count)),
    h("span", { class: "visually-hidden" }, words),
  );
}

/** Alias and role, for the middle of a sentence. */
export function colleagueName(state: DeskState, id: number, text: Text): string {
  const colleague = colleagueOf(state, id);
  return colleague === undefined ? text("colleague-unknown") : nameOf(colleague, text);
}

export function nameOf({ alias, role }: Colleague, text: Text): string {
  return text("colleague-name", { alias, role: text(`role-${role}`) });
}

export function spokenBy({ languages }: Colleague, text: Text): string {
  return new Intl.ListFormat(text.language, { type: "conjunction" }).format(
    languages.map((it) => languageIn(text.language, it)),
  );
}

export function viewWaited(since: number, now: number, text: Text): string {
  const time = waited(since, now);
  return time.unit === "now" ? text("waited-now") : text(`waited-${time.unit}`, { count: time.count });
}

/** Why there is nobody to ask. */
export function whyNobody({ duty }: DeskState, text: Text): string {
  return duty.status === "on" ? text("colleagues-none") : text("colleagues-off-duty");
}

/** By which way somebody came, and with whom they wish to talk; nothing where nothing is known. */
export function viewOrigin(
  { channel, door, wish }: Pick<Consultation, "channel" | "door" | "wish">,
  text: Text,
): Child {
  return [
    channel !== "not_said" && [separator(), text(`channel-${channel}`)],
    door && [separator(), text("door")],
    wish !== null && [separator(), h("strong", {}, text(`wish-${wish}`))],
  ];
}

/** Card text as it is meant to be read. */
export function viewCardText(body: string): Child {
  return cardBlocks(body).map(viewBlock);
}

function viewBlock(block: CardBlock): HTMLElement {
  switch (block.type) {
    case "heading":
      return h("p", { class: "desk-card-heading" }, block.text);
    case "list":
      return h(
        "ul",
        { class: "desk-card-list" },
        block.items.map((item) => h("li", {}, item)),
      );
    case "paragraph":
      return h("p", { class: "message-text" }, block.text);
  }
}
