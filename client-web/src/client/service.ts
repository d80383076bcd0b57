// Fetches what a service says to everybody, and believes it only under the authority of the link.

import { decodeUtf8, toHex } from "../protocol/bytes.ts";
import { CardError, openCard, type ServiceCard } from "../protocol/card.ts";
import { readInTurn } from "../protocol/languages.ts";
import { openLeaflets } from "../protocol/leaflets.ts";
import { type Node, readDirectory } from "../protocol/nodes.ts";
import type { Language } from "../shared/text.ts";
import type { Reading } from "./reading.ts";

const FETCH_MAX_MILLISECONDS = 60_000;

export type CardOutcome =
  | { readonly card: ServiceCard }
  | { readonly problem: "service-unknown" | "service-unproven" | "unreachable" };

export async function fetchCard(origin: string, authority: Uint8Array): Promise<CardOutcome> {
  const bytes = await download(`${origin}/service/${toHex(authority)}`);
  if (bytes === "missing") return { problem: "service-unknown" };
  if (bytes === "unreachable") return { problem: "unreachable" };
  try {
    return { card: openCard(bytes, authority) };
  } catch (error) {
    if (error instanceof CardError) return { problem: "service-unproven" };
    throw error;
  }
}

/** In the language, or, where the service has none in it, in one that stands in for it. */
export async function fetchLeaflets(
  origin: string,
  authority: Uint8Array,
  language: Language,
): Promise<Reading> {
  for (const writtenIn of readInTurn(language)) {
    const reading = await fetchLeafletsIn(writtenIn, origin, authority);
    if (reading.stage !== "none") return { ...reading, language };
  }
  return { language, stage: "none" };
}

async function fetchLeafletsIn(language: Language, origin: string, authority: Uint8Array): Promise<Reading> {
  const bytes = await download(`${origin}/service/${toHex(authority)}/leaflets/${language}`);
  if (bytes === "missing") return { language, stage: "none" };
  if (bytes === "unreachable") return { language, stage: "unreachable" };
  try {
    const { language: signed, cards } = openLeaflets(bytes, authority);
    if (signed !== language) return { language, stage: "unproven" };
    if (cards.length === 0) return { language, stage: "none" };
    return { language, stage: "open", writtenIn: language, leaflets: cards };
  } catch (error) {
    if (error instanceof CardError) return { language, stage: "unproven" };
    throw error;
  }
}

export async function fetchNodes(origin: string): Promise<readonly Node[] | undefined> {
  const bytes = await download(`${origin}/nodes`);
  if (typeof bytes === "string") return undefined;
  try {
    return readDirectory(decodeUtf8(bytes));
  } catch {
    return undefined;
  }
}

export async function download(
  url: string,
  options: Pick<RequestInit, "integrity"> = {},
): Promise<Uint8Array | "missing" | "unreachable"> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), FETCH_MAX_MILLISECONDS);
  try {
    const response = await fetch(url, {
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
      signal: abort.signal,
      ...options,
    });
    if (response.status === 404) return "missing";
    if (!response.ok) return "unreachable";
    return new Uint8Array(await response.arrayBuffer());
  } catch {
    // A browser does not tell a page why a request failed.
    return "unreachable";
  } finally {
    clearTimeout(timer);
  }
}
