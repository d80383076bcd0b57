// Reads what the console says. It runs on the same machine, but a page that trusts no shape needs no argument
// about it: every member is checked here, and anything that is not in docs/desk-page.md is refused.

import { LANGUAGES } from "../protocol/languages.ts";
import { SAFETY_LIST, SAFETY_WORDS } from "../protocol/safety.ts";
import {
  announcement,
  codeGroup,
  codes,
  handIn,
  linkSheet,
  pack,
  reportPath,
  sentCard,
  total,
  worded,
} from "./decode-content.ts";
import { clientFile, picturePlaces, soundPlace } from "./decode-files.ts";
import {
  boolean,
  count,
  hex,
  list,
  type Members,
  members,
  NotInTable,
  oneOf,
  orNull,
  string,
} from "./decode-values.ts";
import {
  CHANNELS,
  CONSULTATION_STATUSES,
  type Colleague,
  type ConsoleMessage,
  type Consultation,
  DUTY_STATUSES,
  type Duty,
  ENDINGS,
  type HandOver,
  type HandOverRequest,
  LINES,
  type Lock,
  MESSAGE_KINDS,
  type Message,
  NOTICES,
  REASONS,
  type RecordedConsultation,
  ROLES,
  SIDES,
  STAGES,
  SUBJECTS,
  type WaitingEntry,
  WHISPERERS,
  type Whisper,
  type WhisperThread,
  WISHES,
  type Worker,
} from "./messages.ts";

function safetyPhrase(value: unknown): readonly number[] {
  const places = list(value, count);
  if (places.length !== SAFETY_WORDS || places.some((place) => place >= SAFETY_LIST)) throw new NotInTable();
  return places;
}

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
        colleagues: list(of("colleagues"), colleague),
        hand_overs: list(of("hand_overs"), handOverRequest),
        whispers: list(of("whispers"), whisperThread),
        locked: boolean(of("locked")),
        lock_minutes: count(of("lock_minutes")),
        capacity: count(of("capacity")),
        pack: orNull(of("pack"), pack),
        coding: list(of("coding"), codeGroup),
        totals: list(of("totals"), total),
        hand_in: handIn(of("hand_in")),
        announcements: list(of("announcements"), announcement),
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
    case "file":
      return {
        type,
        consultation: count(of("consultation")),
        message: count(of("message")),
        file: clientFile(of("file")),
      };
    case "pictures":
      return {
        type,
        consultation: count(of("consultation")),
        file: count(of("file")),
        ...picturePlaces(of),
      };
    case "sound":
      return { type, ...soundPlace(of) };
    case "forgotten":
      return { type, consultation: count(of("consultation")) };
    case "colleagues":
      return { type, colleagues: list(of("colleagues"), colleague) };
    case "hand_overs":
      return { type, hand_overs: list(of("hand_overs"), handOverRequest) };
    case "whisper":
      return { type, colleague: count(of("colleague")), message: whisper(of("message")) };
    case "whisper_delivered":
      return { type, colleague: count(of("colleague")), up_to: count(of("up_to")) };
    case "whispers_forgotten":
      return { type, colleague: count(of("colleague")) };
    case "locked":
      return { type, ...lock(of) };
    case "lock_minutes":
      return { type, lock_minutes: count(of("lock_minutes")) };
    case "capacity":
      return { type, capacity: count(of("capacity")) };
    case "pack":
      return { type, pack: orNull(of("pack"), pack), coding: list(of("coding"), codeGroup) };
    case "pack_problem":
      return { type, file: string(of("file")), line: count(of("line")), reason: string(of("reason")) };
    case "totals":
      return { type, totals: list(of("totals"), total), hand_in: handIn(of("hand_in")) };
    case "announcements":
      return { type, announcements: list(of("announcements"), announcement) };
    case "links":
      return { type, ...linkSheet(of) };
    case "report":
      return { type, path: reportPath(of("path")) };
    case "notice":
      return { type, notice: oneOf(NOTICES, of("notice")) };
    default:
      throw new NotInTable();
  }
}

function worker(value: unknown): Worker {
  const of = members(value);
  return {
    alias: string(of("alias")),
    role: oneOf(ROLES, of("role")),
    languages: list(of("languages"), (item) => oneOf(LANGUAGES, item)),
    service: worded(of("service")),
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
    language: oneOf(LANGUAGES, of("language")),
    subject: oneOf(SUBJECTS, of("subject")),
    channel: oneOf(CHANNELS, of("channel")),
    waiting_since: count(of("waiting_since")),
    accepting: boolean(of("accepting")),
    door: boolean(of("door")),
    wish: orNull(of("wish"), (wish) => oneOf(WISHES, wish)),
  };
}

function colleague(value: unknown): Colleague {
  const of = members(value);
  return {
    id: count(of("id")),
    alias: string(of("alias")),
    role: oneOf(ROLES, of("role")),
    languages: list(of("languages"), (item) => oneOf(LANGUAGES, item)),
    on_duty: boolean(of("on_duty")),
  };
}

function handOverRequest(value: unknown): HandOverRequest {
  const of = members(value);
  return {
    id: hex(of("id")),
    colleague: count(of("colleague")),
    language: oneOf(LANGUAGES, of("language")),
    subject: oneOf(SUBJECTS, of("subject")),
    channel: oneOf(CHANNELS, of("channel")),
    summary: string(of("summary")),
    offered_at: count(of("offered_at")),
    accepted: boolean(of("accepted")),
  };
}

function handOver(value: unknown): HandOver {
  const of = members(value);
  return { colleague: count(of("colleague")), stage: oneOf(STAGES, of("stage")) };
}

function consultation(value: unknown): Consultation {
  const of = members(value);
  return {
    id: count(of("id")),
    status: oneOf(CONSULTATION_STATUSES, of("status")),
    ended: orNull(of("ended"), (ended) => oneOf(ENDINGS, ended)),
    line: orNull(of("line"), (line) => oneOf(LINES, line)),
    hand_over: orNull(of("hand_over"), handOver),
    taken_over_from: orNull(of("taken_over_from"), count),
    summary: orNull(of("summary"), string),
    language: oneOf(LANGUAGES, of("language")),
    subject: oneOf(SUBJECTS, of("subject")),
    channel: oneOf(CHANNELS, of("channel")),
    opened_at: count(of("opened_at")),
    safety_phrase: orNull(of("safety_phrase"), safetyPhrase),
    door: boolean(of("door")),
    wish: orNull(of("wish"), (wish) => oneOf(WISHES, wish)),
    muted: boolean(of("muted")),
    end_proposed: boolean(of("end_proposed")),
    codes: codes(of("codes")),
  };
}

function recordedConsultation(value: unknown): RecordedConsultation {
  return { ...consultation(value), messages: list(members(value)("messages"), message) };
}

function message(value: unknown): Message {
  const of = members(value);
  const kind = oneOf(MESSAGE_KINDS, of("kind"));
  const file = orNull(of("file"), clientFile);
  if ((kind === "file") !== (file !== null)) throw new NotInTable();
  return {
    number: count(of("number")),
    from: oneOf(SIDES, of("from")),
    kind,
    text: string(of("text")),
    card: orNull(of("card"), sentCard),
    file,
    at: count(of("at")),
    delivered: boolean(of("delivered")),
  };
}

function whisperThread(value: unknown): WhisperThread {
  const of = members(value);
  return { colleague: count(of("colleague")), messages: list(of("messages"), whisper) };
}

function whisper(value: unknown): Whisper {
  const of = members(value);
  return {
    number: count(of("number")),
    from: oneOf(WHISPERERS, of("from")),
    text: string(of("text")),
    at: count(of("at")),
    delivered: boolean(of("delivered")),
    failed: boolean(of("failed")),
  };
}

function lock(of: Members): Lock {
  return {
    locked: boolean(of("locked")),
    wrong_passphrase: boolean(of("wrong_passphrase")),
    wait_seconds: count(of("wait_seconds")),
  };
}
