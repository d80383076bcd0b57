// Reads what the service brings to the desk, and what the desk counts.

import { CARD_KINDS } from "../protocol/card-text.ts";
import { isLanguage } from "../protocol/languages.ts";
import type {
  Announcement,
  CodeGroup,
  Codes,
  HandIn,
  LinkSheet,
  Pack,
  PackCard,
  Reply,
  Script,
  SheetLink,
  Total,
  Worded,
} from "./content.ts";
import {
  boolean,
  count,
  list,
  type Members,
  members,
  NotInTable,
  name,
  named,
  oneOf,
  orNull,
  string,
} from "./decode-values.ts";
import type { SentCard } from "./messages.ts";

export function pack(value: unknown): Pack {
  const of = members(value);
  return {
    starter: boolean(of("starter")),
    version: string(of("version")),
    reviewed_by: orNull(of("reviewed_by"), string),
    reviewed_on: orNull(of("reviewed_on"), string),
    hours: worded(of("hours")),
    needs: list(of("needs"), name),
    replies: list(of("replies"), reply),
    cards: list(of("cards"), packCard),
    scripts: list(of("scripts"), script),
  };
}

export function sentCard(value: unknown): SentCard {
  const of = members(value);
  return { kind: oneOf(CARD_KINDS, of("kind")), title: string(of("title")), body: string(of("body")) };
}

export function codeGroup(value: unknown): CodeGroup {
  const of = members(value);
  const group = { group: name(of("group")), many: boolean(of("many")), labels: list(of("labels"), name) };
  // A service that has added no label names none.
  return Object.hasOwn(Object(value), "names") ? { ...group, names: named(of("names"), worded) } : group;
}

export function codes(value: unknown): Codes {
  return named(value, (labels) => list(labels, name));
}

export function total(value: unknown): Total {
  const of = members(value);
  return { group: name(of("group")), label: name(of("label")), count: count(of("count")) };
}

export function handIn(value: unknown): HandIn {
  const of = members(value);
  return { handed_in: count(of("handed_in")), going: count(of("going")), waiting: count(of("waiting")) };
}

export function announcement(value: unknown): Announcement {
  const of = members(value);
  return {
    id: count(of("id")),
    from: orNull(of("from"), count),
    text: string(of("text")),
    at: count(of("at")),
  };
}

export function linkSheet(of: Members): LinkSheet {
  return { links: list(of("links"), sheetLink), expires_at: count(of("expires_at")) };
}

function sheetLink(value: unknown): SheetLink {
  const of = members(value);
  const qr = members(of("qr"));
  return { address: string(of("address")), qr: { size: count(qr("size")), path: pathData(qr("path")) } };
}

/** Moves and lines in whole numbers: it stands in an attribute. */
function pathData(value: unknown): string {
  const text = string(value);
  if (!/^[MmHhVvLlZz0-9 ,.-]*$/.test(text)) throw new NotInTable();
  return text;
}

function reply(value: unknown): Reply {
  const of = members(value);
  return {
    id: name(of("id")),
    emergency: boolean(of("emergency")),
    title: worded(of("title")),
    text: worded(of("text")),
  };
}

/** It stands in a link, which is to lead nowhere but to the console itself. */
export function reportPath(value: unknown): string {
  const text = string(value);
  if (!/^\/report\/[0-9a-f]{32}$/.test(text)) throw new NotInTable();
  return text;
}

function packCard(value: unknown): PackCard {
  const of = members(value);
  return {
    id: name(of("id")),
    kind: oneOf(CARD_KINDS, of("kind")),
    topic: name(of("topic")),
    title: worded(of("title")),
    body: worded(of("body")),
  };
}

function script(value: unknown): Script {
  const of = members(value);
  return { id: name(of("id")), title: worded(of("title")), steps: worded(of("steps")) };
}

/** A language that is left out has no words yet. English never is. */
export function worded(value: unknown): Worded {
  const words = named(value, (text) => orNull(text, string));
  if (!Object.keys(words).every(isLanguage) || words.en === undefined) throw new NotInTable();
  return words;
}
