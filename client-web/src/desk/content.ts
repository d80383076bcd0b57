// What the service brings to the desk, and what the desk counts: docs/desk-page.md, name by name.
// decode-content.ts reads it.

import type { CardKind } from "../protocol/card-text.ts";
import type { Language } from "../shared/text.ts";
import type { Channel } from "./messages.ts";

/** The same words by language; null, or nothing, where nobody has written them yet. */
export type Worded = Readonly<Record<Language, string | null>>;

/** A text that the worker puts into the field, and may change before it is sent. */
export interface Reply {
  readonly id: string;
  readonly emergency: boolean;
  readonly title: Worded;
  readonly text: Worded;
}

/** What the client gets as a card that can be read and copied. */
export interface PackCard {
  readonly id: string;
  readonly kind: CardKind;
  readonly topic: string;
  readonly title: Worded;
  readonly body: Worded;
}

/** What the worker reads in an emergency. */
export interface Script {
  readonly id: string;
  readonly title: Worded;
  readonly steps: Worded;
}

/** The service's own words, from its content pack. */
export interface Pack {
  /** Ours, which nobody at the service has looked through yet. */
  readonly starter: boolean;
  readonly version: string;
  readonly reviewed_by: string | null;
  readonly reviewed_on: string | null;
  readonly hours: Worded;
  readonly needs: readonly string[];
  readonly replies: readonly Reply[];
  readonly cards: readonly PackCard[];
  readonly scripts: readonly Script[];
}

/** One question about a consultation that has ended; its answers are counted and nothing else. */
export interface CodeGroup {
  readonly group: string;
  /** Whether several answers may be true. */
  readonly many: boolean;
  readonly labels: readonly string[];
  /** What the service calls those that it has added. */
  readonly names?: Readonly<Record<string, Worded>>;
}

/** Answers, by group. A group without an answer is not there. */
export type Codes = Readonly<Record<string, readonly string[]>>;

export interface Total {
  readonly group: string;
  readonly label: string;
  readonly count: number;
}

/** How many consultations the totals are of that have been handed in, are on their way, or are still too few. */
export interface HandIn {
  readonly handed_in: number;
  readonly going: number;
  readonly waiting: number;
}

/** What a coordinator tells all who are on duty. Nobody as `from` is this worker. */
export interface Announcement {
  readonly id: number;
  readonly from: number | null;
  readonly text: string;
  readonly at: number;
}

/** A link with its QR code as the data of an SVG path in a square of `size`, quiet zone included. */
export interface SheetLink {
  readonly address: string;
  readonly qr: { readonly size: number; readonly path: string };
}

export interface LinkSheet {
  readonly links: readonly SheetLink[];
  readonly expires_at: number;
}

export interface PackProblem {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

/** What the worker asks for when links are made. */
export interface LinkOrder {
  readonly count: number;
  readonly channel: Channel;
  readonly hours: number;
}

/** The days that a report is about, both included, as date fields write them: `2026-11-01`. */
export interface ReportDays {
  readonly from: string;
  readonly to: string;
}

export const LOCK_MINUTES = [5, 10, 20, 60] as const;
export const CAPACITY_MAX = 8;
/** Of an announcement, in bytes of UTF-8. */
export const ANNOUNCEMENT_BYTES_MAX = 1_000;
export const LINKS_MAX = 50;
export const LINK_HOURS = [6, 24, 72, 168] as const;
