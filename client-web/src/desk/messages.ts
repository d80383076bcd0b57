// What the console and this page say to each other: docs/desk-page.md, name by name. The console runs on
// the same machine, but a page that trusts no shape needs no argument about it: everything is read here.

import { type Language, languages } from "../shared/text.ts";

export const SUBJECTS = [
  "not_said",
  "danger",
  "safer_use",
  "wounds",
  "tests",
  "treatment",
  "feelings",
  "law",
  "somebody_close",
  "other",
] as const;
export const CHANNELS = ["not_said", "messenger", "forum", "social", "site", "bot", "card"] as const;
export const ROLES = ["outreach", "peer", "doctor", "psychologist", "lawyer", "coordinator"] as const;
export const DUTY_STATUSES = ["off", "connecting", "on", "unreachable", "refused"] as const;
export const REASONS = [
  "certificate_refused",
  "certificate_expired",
  "unknown_service",
  "sign_in_refused",
  "statement_refused",
  "clock_wrong",
  "no_shift_today",
  "not_a_relay",
] as const;
export const NOTICES = [
  "offer_gone",
  "seat_gone",
  "too_many_consultations",
  "text_too_long",
  "link_already_used",
  "opening_damaged",
] as const;
export const CONSULTATION_STATUSES = ["connecting", "open", "ended"] as const;
export const ENDINGS = ["worker", "client", "lost", "broken"] as const;
export const SIDES = ["worker", "client"] as const;

export type Subject = (typeof SUBJECTS)[number];
export type Channel = (typeof CHANNELS)[number];
export type Role = (typeof ROLES)[number];
export type DutyStatus = (typeof DUTY_STATUSES)[number];
export type Reason = (typeof REASONS)[number];
export type NoticeCode = (typeof NOTICES)[number];
export type ConsultationStatus = (typeof CONSULTATION_STATUSES)[number];
export type Ending = (typeof ENDINGS)[number];
export type Side = (typeof SIDES)[number];

export interface Worker {
  readonly alias: string;
  readonly role: Role;
  readonly languages: readonly Language[];
  readonly service: Readonly<Record<Language, string>>;
  readonly valid_until: number;
}

export interface Duty {
  readonly status: DutyStatus;
  readonly reason: Reason | null;
}

export interface WaitingEntry {
  readonly offer: string;
  readonly language: Language;
  readonly subject: Subject;
  readonly channel: Channel;
  readonly waiting_since: number;
  readonly accepting: boolean;
}

export interface Consultation {
  readonly id: number;
  readonly status: ConsultationStatus;
  readonly ended: Ending | null;
  readonly language: Language;
  readonly subject: Subject;
  readonly channel: Channel;
  readonly opened_at: number;
}

export interface Message {
  readonly number: number;
  readonly from: Side;
  readonly text: string;
  readonly at: number;
  readonly delivered: boolean;
}

export interface RecordedConsultation extends Consultation {
  readonly messages: readonly Message[];
}

export interface Snapshot {
  readonly type: "snapshot";
  readonly worker: Worker;
  readonly duty: Duty;
  readonly waiting: readonly WaitingEntry[];
  readonly consultations: readonly RecordedConsultation[];
}

export type ConsoleMessage =
  | Snapshot
  | { readonly type: "duty"; readonly duty: Duty }
  | { readonly type: "waiting"; readonly waiting: readonly WaitingEntry[] }
  | { readonly type: "consultation"; readonly consultation: Consultation }
  | { readonly type: "message"; readonly consultation: number; readonly message: Message }
  | { readonly type: "delivered"; readonly consultation: number; readonly up_to: number }
  | { readonly type: "forgotten"; readonly consultation: number }
  | { readonly type: "notice"; readonly notice: NoticeCode };

export type PageMessage =
  | { readonly type: "hello"; readonly bearer: string }
  | { readonly type: "go_on_duty" }
  | { readonly type: "go_off_duty" }
  | { readonly type: "accept"; readonly offer: string }
  | { readonly type: "send"; readonly consultation: number; readonly text: string }
  | { readonly type: "end"; readonly consultation: number }
  | { readonly type: "forget"; readonly consultation: number };

export const TEXT_BYTES_MAX = 40_000;

/** Reads one message of the console, or null for anything that is not in the table. */
export function decodeConsoleMessage(data: unknown): ConsoleMessage | null {
  if (typeof data !== "string") return null;
  try {
    return readMessage(JSON.parse(data));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof NotInTable) return null;
    throw error;
  }
}

export function encodePageMessage(message: PageMessage): string {
  return JSON.stringify(message);
}

/**
 * The text as it will travel: half a surrogate pair, which some keyboards leave behind, has no UTF-8 and
 * would make the console refuse the whole message.
 */
export function wellFormed(text: string): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(new TextEncoder().encode(text));
}

/** Whether a text may be sent. The console takes messages in which it fits, however many escapes it has. */
export function fits(text: string): boolean {
  // One unit of UTF-16 is at most three bytes of UTF-8: short texts need no counting.
  return text.length <= TEXT_BYTES_MAX / 3 || byteLength(text) <= TEXT_BYTES_MAX;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

class NotInTable extends Error {}

type Members = (name: string) => unknown;

function readMessage(value: unknown): ConsoleMessage {
  const of = members(value);
  const type = string(of("type"));
  switch (type) {
    case "snapshot":
      return {
        type,
        worker: worker(of("worker")),
        duty: duty(of("duty")),
        waiting: list(of("waiting"), waitingEntry),
        consultations: list(of("consultations"), recordedConsultation),
      };
    case "duty":
      return { type, duty: duty(of("duty")) };
    case "waiting":
      return { type, waiting: list(of("waiting"), waitingEntry) };
    case "consultation":
      return { type, consultation: consultation(of("consultation")) };
    case "message":
      return { type, consultation: count(of("consultation")), message: message(of("message")) };
    case "delivered":
      return { type, consultation: count(of("consultation")), up_to: count(of("up_to")) };
    case "forgotten":
      return { type, consultation: count(of("consultation")) };
    case "notice":
      return { type, notice: oneOf(NOTICES, of("notice")) };
    default:
      throw new NotInTable();
  }
}

function worker(value: unknown): Worker {
  const of = members(value);
  const service = members(of("service"));
  return {
    alias: string(of("alias")),
    role: oneOf(ROLES, of("role")),
    languages: list(of("languages"), (item) => oneOf(languages, item)),
    service: {
      en: string(service("en")),
      ru: string(service("ru")),
      uk: string(service("uk")),
      ar: string(service("ar")),
    },
    valid_until: count(of("valid_until")),
  };
}

function duty(value: unknown): Duty {
  const of = members(value);
  return {
    status: oneOf(DUTY_STATUSES, of("status")),
    reason: orNull(of("reason"), (reason) => oneOf(REASONS, reason)),
  };
}

function waitingEntry(value: unknown): WaitingEntry {
  const of = members(value);
  return {
    offer: hex(of("offer")),
    language: oneOf(languages, of("language")),
    subject: oneOf(SUBJECTS, of("subject")),
    channel: oneOf(CHANNELS, of("channel")),
    waiting_since: count(of("waiting_since")),
    accepting: boolean(of("accepting")),
  };
}

function consultation(value: unknown): Consultation {
  const of = members(value);
  return {
    id: count(of("id")),
    status: oneOf(CONSULTATION_STATUSES, of("status")),
    ended: orNull(of("ended"), (ended) => oneOf(ENDINGS, ended)),
    language: oneOf(languages, of("language")),
    subject: oneOf(SUBJECTS, of("subject")),
    channel: oneOf(CHANNELS, of("channel")),
    opened_at: count(of("opened_at")),
  };
}

function recordedConsultation(value: unknown): RecordedConsultation {
  return { ...consultation(value), messages: list(members(value)("messages"), message) };
}

function message(value: unknown): Message {
  const of = members(value);
  return {
    number: count(of("number")),
    from: oneOf(SIDES, of("from")),
    text: string(of("text")),
    at: count(of("at")),
    delivered: boolean(of("delivered")),
  };
}

function members(value: unknown): Members {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new NotInTable();
  return (name) => {
    if (!Object.hasOwn(value, name)) throw new NotInTable();
    const member: unknown = Reflect.get(value, name);
    return member;
  };
}

function string(value: unknown): string {
  if (typeof value !== "string") throw new NotInTable();
  return value;
}

function boolean(value: unknown): boolean {
  if (typeof value !== "boolean") throw new NotInTable();
  return value;
}

function count(value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) throw new NotInTable();
  return value;
}

function hex(value: unknown): string {
  const text = string(value);
  if (!/^(?:[0-9a-f]{2})+$/.test(text)) throw new NotInTable();
  return text;
}

function oneOf<Name extends string>(names: readonly Name[], value: unknown): Name {
  const found = names.find((name) => name === value);
  if (found === undefined) throw new NotInTable();
  return found;
}

function list<Item>(value: unknown, read: (item: unknown) => Item): readonly Item[] {
  if (!Array.isArray(value)) throw new NotInTable();
  return value.map((item: unknown) => read(item));
}

function orNull<Item>(value: unknown, read: (item: unknown) => Item): Item | null {
  return value === null ? null : read(value);
}
