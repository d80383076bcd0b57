// A card as plain words, for who copies it.

import { cardBlocks } from "../protocol/card-text.ts";
import type { LeafletCard } from "../protocol/leaflets.ts";

/** From an advisor, or from the service for everybody. */
export type Card = Pick<LeafletCard, "kind" | "title" | "body">;

export function cardWords({ title, body }: Card): string {
  const blocks = cardBlocks(body).map((block) =>
    block.type === "list" ? block.items.map((item) => `• ${item}`).join("\n") : block.text,
  );
  return [title, ...blocks].join("\n\n");
}
