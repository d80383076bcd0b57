// What a link says before anything is sent: whether it is one, and whether it still holds.

import { type Link, LinkError, linkExpiresAt, parseLink } from "../protocol/link.ts";

export type LinkProblem = "no-link" | "link-damaged" | "link-unsupported" | "link-expired";

/** Takes the fragment of an address. */
export function readLink(fragment: string, nowMilliseconds: number): Link | LinkProblem {
  if (fragment.replace(/^#/, "") === "") return "no-link";
  try {
    const link = parseLink(fragment);
    return linkExpiresAt(link) * 1_000 <= nowMilliseconds ? "link-expired" : link;
  } catch (error) {
    if (error instanceof LinkError) return `link-${error.code}`;
    throw error;
  }
}
