// A link that was pasted into the page, rather than opened: in it, or in the words around it, is where the relay is.

import { isOnion, type Place } from "./place.ts";
import { type LinkProblem, readLink } from "./read-link.ts";

/** Longer than any message that a link comes in. */
const PASTED_CHARACTERS_MAX = 10_000;

export type PasteProblem = "paste-empty" | "paste-not-a-link" | "paste-unencrypted" | LinkProblem;

export interface Pasted {
  readonly place: Place;
  readonly fragment: string;
}

export function readPasted(text: string, nowMilliseconds: number): Pasted | PasteProblem {
  if (text.trim() === "") return "paste-empty";
  if (text.length > PASTED_CHARACTERS_MAX) return "paste-not-a-link";
  const asItIs = readOne(text, nowMilliseconds);
  if (typeof asItIs !== "string") return asItIs;
  // Mail and messengers break long words, or put marks of direction into them.
  const inOnePiece = readOne(text.replace(/[\s\p{Cf}]+/gu, ""), nowMilliseconds);
  return typeof inOnePiece === "string" ? asItIs : inOnePiece;
}

/** Each address begins at its own beginning, though nothing may stand between it and the one before. */
const LINKS = /(https?:\/\/(?:(?!https?:\/\/)[^\s#])+)(#[\w-]+)/gi;

/** The first that is a link; or what is wrong with the first that is none. */
function readOne(text: string, nowMilliseconds: number): Pasted | PasteProblem {
  const all = [...text.matchAll(LINKS)].map(([, address = "", fragment = ""]) =>
    readAddress(address, fragment, nowMilliseconds),
  );
  return all.find((one) => typeof one !== "string") ?? all[0] ?? "paste-not-a-link";
}

function readAddress(address: string, fragment: string, nowMilliseconds: number): Pasted | PasteProblem {
  const url = readUrl(address);
  if (url === undefined) return "paste-not-a-link";
  const { origin, protocol } = url;
  if (protocol !== "https:" && !isOnion(origin)) return "paste-unencrypted";
  const link = readLink(fragment, nowMilliseconds);
  // A link to come back with is opened in this page again, or at the relay's own.
  return typeof link === "string"
    ? link
    : { place: { relay: origin, page: origin, isApart: true }, fragment };
}

function readUrl(address: string): URL | undefined {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}
