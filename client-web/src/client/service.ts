// Fetches the service card and believes it only under the authority of the link.

import { toHex } from "../protocol/bytes.ts";
import { CardError, openCard, type ServiceCard } from "../protocol/card.ts";

const FETCH_MAX_MILLISECONDS = 60_000;

export type CardOutcome =
  | { readonly card: ServiceCard }
  | { readonly problem: "service-unknown" | "service-unproven" | "unreachable" };

export async function fetchCard(origin: string, authority: Uint8Array): Promise<CardOutcome> {
  const bytes = await download(`${origin}/service/${toHex(authority)}`);
  if (!(bytes instanceof Uint8Array)) return { problem: bytes };
  try {
    return { card: openCard(bytes, authority) };
  } catch (error) {
    if (error instanceof CardError) return { problem: "service-unproven" };
    throw error;
  }
}

async function download(url: string): Promise<Uint8Array | "service-unknown" | "unreachable"> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), FETCH_MAX_MILLISECONDS);
  try {
    const response = await fetch(url, {
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
      signal: abort.signal,
    });
    if (response.status === 404) return "service-unknown";
    if (!response.ok) return "unreachable";
    return new Uint8Array(await response.arrayBuffer());
  } catch {
    // A browser does not tell a page why a request failed.
    return "unreachable";
  } finally {
    clearTimeout(timer);
  }
}
