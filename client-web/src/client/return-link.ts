// A link for the person to come back with. Only its fragment is the worker's: where it leads is up to this page.

import { linkExpiresAt, parseLink } from "../protocol/link.ts";

export interface ReturnLink {
  readonly address: string;
  readonly expiresAt: Date;
}

/** `linkText` is a one-time link of this service: the session takes no other. */
export function returnLink(linkText: string, origin: string): ReturnLink {
  const expiresAt = new Date(linkExpiresAt(parseLink(linkText)) * 1_000);
  return { address: `${origin}/#${linkText}`, expiresAt };
}
