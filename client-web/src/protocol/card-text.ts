// What a worker gives a client to keep, and how its text is laid out. Mirrors docs/protocol.md section 10.

import { encodeUtf8 } from "./bytes.ts";

export const CARD_TITLE_MAX_BYTES = 480;
export const CARD_BODY_MAX_BYTES = 16_000;
export const CARD_KINDS = ["checklist", "leaflet", "referral"] as const;

export type CardKind = (typeof CARD_KINDS)[number];

/** Whether title and body have lengths that a card may have. */
export function cardFits(title: string, body: string): boolean {
  return hasBytes(title, CARD_TITLE_MAX_BYTES) && hasBytes(body, CARD_BODY_MAX_BYTES);
}

/** Plain text in all of them: a link is text too. A line break within a paragraph is meant. */
export type CardBlock =
  | { readonly type: "heading"; readonly text: string }
  | { readonly type: "list"; readonly items: readonly string[] }
  | { readonly type: "paragraph"; readonly text: string };

/** Any text is card text: what is no heading and no item is a paragraph. */
export function cardBlocks(body: string): readonly CardBlock[] {
  const blocks: CardBlock[] = [];
  let items: string[] = [];
  let lines: string[] = [];
  const finish = (): void => {
    if (items.length > 0) blocks.push({ type: "list", items });
    if (lines.length > 0) blocks.push({ type: "paragraph", text: lines.join("\n") });
    [items, lines] = [[], []];
  };
  for (const line of body.split(/\r?\n/)) {
    const text = line.trim();
    if (line.startsWith("## ")) {
      finish();
      blocks.push({ type: "heading", text: line.slice(3).trim() });
    } else if (line.startsWith("- ")) {
      if (lines.length > 0) finish();
      items.push(line.slice(2).trim());
    } else if (text === "") {
      finish();
    } else {
      if (items.length > 0) finish();
      lines.push(text);
    }
  }
  finish();
  return blocks;
}

function hasBytes(text: string, max: number): boolean {
  const size = encodeUtf8(text).length;
  return size >= 1 && size <= max;
}
