// What the console and this page say to each other: docs/desk-page.md, name by name. decode.ts reads it.

import type { CardKind } from "../protocol/card-text.ts";
import type { Language } from "../shared/text.ts";
import type {
  Announcement,
  CodeGroup,
  Codes,
  HandIn,
  LinkSheet,
  Pack,
  PackProblem,
  Total,
  Worded,
} from "./content.ts";
import type { ClientFile, PicturePlaces, SoundPlace } from "./files.ts";

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
export const CHANNELS = [
  "not_said",
  "messenger",
  "forum",
  "social",
  "site",
  "bot",
  "card",
  "return",
] as const;
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
  "offer_deferred",
  "seat_gone",
  "too_many_consultations",
  "text_too_long",
  "link_already_used",
  "opening_damaged",
  "queue_full",
  "hand_over_declined",
  "hand_over_refused",
  "hand_over_failed",
  "hand_over_gone",
  "at_capacity",
  "pack_reloaded",
  "return_link_limit",
  "network_gone",
  "no_shift",
  "file_not_shown",
  "no_viewer",
  "report_no_periods",
  "report_unreachable",
  "report_refused",
  "report_not_counted",
] as const;
export const CONSULTATION_STATUSES = ["connecting", "open", "ended"] as const;
export const ENDINGS = ["worker", "client", "lost", "broken", "handed_over"] as const;
export const LINES = ["joined", "client_away", "reconnecting"] as const;
export const STAGES = ["asking_colleague", "asking_client", "moving"] as const;
export const SIDES = ["worker", "client"] as const;
export const MESSAGE_KINDS = ["text", "card", "return_link", "end_proposed", "end_declined", "file"] as const;
/** With whom somebody who comes back wishes to talk. */
export const WISHES = ["me", "colleague"] as const;
export const WHISPERERS = ["me", "colleague"] as const;

export type Subject = (typeof SUBJECTS)[number];
export type Channel = (typeof CHANNELS)[number];
export type Role = (typeof ROLES)[number];
export type DutyStatus = (typeof DUTY_STATUSES)[number];
export type Reason = (typeof REASONS)[number];
export type NoticeCode = (typeof NOTICES)[number];
export type ConsultationStatus = (typeof CONSULTATION_STATUSES)[number];
export type Ending = (typeof ENDINGS)[number];
export type Line = (typeof LINES)[number];
export type Stage = (typeof STAGES)[number];
export type Side = (typeof SIDES)[number];
export type MessageKind = (typeof MESSAGE_KINDS)[number];
export type Wish = (typeof WISHES)[number];
export type Whisperer = (typeof WHISPERERS)[number];

export interface Worker {
  readonly alias: string;
  readonly role: Role;
  readonly languages: readonly Language[];
  readonly service: Worded;
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
  /** Came by the service's open address, not by a link of their own. */
  readonly door: boolean;
  readonly wish: Wish | null;
}

/** Another worker of the service. The console gives the number; it stays while anything names it. */
export interface Colleague {
  readonly id: number;
  readonly alias: string;
  readonly role: Role;
  readonly languages: readonly Language[];
  readonly on_duty: boolean;
}

/** A colleague asks this worker to take a consultation over. */
export interface HandOverRequest {
  readonly id: string;
  readonly colleague: number;
  readonly language: Language;
  readonly subject: Subject;
  readonly channel: Channel;
  readonly summary: string;
  readonly offered_at: number;
  /** Agreed to; the client is being asked. */
  readonly accepted: boolean;
}

/** A hand-over of this worker's consultation, under way or done. */
export interface HandOver {
  readonly colleague: number;
  readonly stage: Stage;
}

export interface Consultation {
  readonly id: number;
  readonly status: ConsultationStatus;
  readonly ended: Ending | null;
  readonly line: Line | null;
  readonly hand_over: HandOver | null;
  readonly taken_over_from: number | null;
  readonly summary: string | null;
  readonly language: Language;
  readonly subject: Subject;
  readonly channel: Channel;
  readonly opened_at: number;
  /** Places in the list of words, to compare with the client; none before it is open. */
  readonly safety_phrase: readonly number[] | null;
  readonly door: boolean;
  readonly wish: Wish | null;
  readonly muted: boolean;
  /** The worker has suggested to end, and the client has not answered yet. */
  readonly end_proposed: boolean;
  readonly codes: Codes;
}

/** A card as it was sent. */
export interface SentCard {
  readonly kind: CardKind;
  readonly title: string;
  readonly body: string;
}

export interface Message {
  readonly number: number;
  readonly from: Side;
  readonly kind: MessageKind;
  /** Empty unless the kind is `text`. */
  readonly text: string;
  readonly card: SentCard | null;
  /** The client's; there is one just when the kind is `file`. */
  readonly file: ClientFile | null;
  readonly at: number;
  readonly delivered: boolean;
}

export interface Whisper {
  readonly number: number;
  readonly from: Whisperer;
  readonly text: string;
  readonly at: number;
  readonly delivered: boolean;
  readonly failed: boolean;
}

export interface WhisperThread {
  readonly colleague: number;
  readonly messages: readonly Whisper[];
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
  readonly colleagues: readonly Colleague[];
  readonly hand_overs: readonly HandOverRequest[];
  readonly whispers: readonly WhisperThread[];
  readonly locked: boolean;
  readonly lock_minutes: number;
  readonly capacity: number;
  readonly pack: Pack | null;
  readonly coding: readonly CodeGroup[];
  readonly totals: readonly Total[];
  readonly hand_in: HandIn;
  readonly announcements: readonly Announcement[];
}

export interface Lock {
  readonly locked: boolean;
  readonly wrong_passphrase: boolean;
  readonly wait_seconds: number;
}

export type ConsoleMessage =
  | Snapshot
  | { readonly type: "duty"; readonly duty: Duty }
  | { readonly type: "waiting"; readonly waiting: readonly WaitingEntry[] }
  | { readonly type: "consultation"; readonly consultation: Consultation }
  | { readonly type: "message"; readonly consultation: number; readonly message: Message }
  | { readonly type: "delivered"; readonly consultation: number; readonly up_to: number }
  | {
      readonly type: "file";
      readonly consultation: number;
      readonly message: number;
      readonly file: ClientFile;
    }
  | ({ readonly type: "pictures"; readonly consultation: number; readonly file: number } & PicturePlaces)
  | ({ readonly type: "sound" } & SoundPlace)
  | { readonly type: "forgotten"; readonly consultation: number }
  | { readonly type: "colleagues"; readonly colleagues: readonly Colleague[] }
  | { readonly type: "hand_overs"; readonly hand_overs: readonly HandOverRequest[] }
  | { readonly type: "whisper"; readonly colleague: number; readonly message: Whisper }
  | { readonly type: "whisper_delivered"; readonly colleague: number; readonly up_to: number }
  | { readonly type: "whispers_forgotten"; readonly colleague: number }
  | ({ readonly type: "locked" } & Lock)
  | { readonly type: "lock_minutes"; readonly lock_minutes: number }
  | { readonly type: "capacity"; readonly capacity: number }
  | { readonly type: "pack"; readonly pack: Pack | null; readonly coding: readonly CodeGroup[] }
  | ({ readonly type: "pack_problem" } & PackProblem)
  | { readonly type: "totals"; readonly totals: readonly Total[]; readonly hand_in: HandIn }
  | { readonly type: "announcements"; readonly announcements: readonly Announcement[] }
  | ({ readonly type: "links" } & LinkSheet)
  | { readonly type: "report"; readonly path: string }
  | { readonly type: "notice"; readonly notice: NoticeCode };

export type PageMessage =
  | { readonly type: "hello"; readonly bearer: string }
  | { readonly type: "go_on_duty" }
  | { readonly type: "go_off_duty" }
  | { readonly type: "accept"; readonly offer: string }
  | { readonly type: "send"; readonly consultation: number; readonly text: string }
  | { readonly type: "end"; readonly consultation: number }
  | { readonly type: "forget"; readonly consultation: number }
  | {
      readonly type: "hand_over";
      readonly consultation: number;
      readonly colleague: number;
      readonly summary: string;
    }
  | { readonly type: "cancel_hand_over"; readonly consultation: number }
  | { readonly type: "accept_hand_over"; readonly hand_over: string }
  | { readonly type: "decline_hand_over"; readonly hand_over: string }
  | { readonly type: "whisper"; readonly colleague: number; readonly text: string }
  | { readonly type: "forget_whispers"; readonly colleague: number }
  | { readonly type: "set_capacity"; readonly capacity: number }
  | { readonly type: "refuse_offer"; readonly offer: string }
  | { readonly type: "mute"; readonly consultation: number; readonly muted: boolean }
  | { readonly type: "end_and_refuse"; readonly consultation: number }
  | { readonly type: "propose_end"; readonly consultation: number }
  | {
      readonly type: "accept_file" | "refuse_file" | "look_at_file";
      readonly consultation: number;
      readonly file: number;
    }
  | { readonly type: "send_card"; readonly consultation: number; readonly card: string }
  | { readonly type: "give_return_link"; readonly consultation: number; readonly wish: boolean }
  | { readonly type: "code"; readonly consultation: number; readonly codes: Codes }
  | { readonly type: "announce"; readonly text: string }
  | { readonly type: "withdraw_announcement"; readonly announcement: number }
  | { readonly type: "dismiss_announcement"; readonly announcement: number }
  | {
      readonly type: "make_links";
      readonly count: number;
      readonly channel: Channel;
      readonly hours: number;
    }
  | {
      readonly type: "make_report";
      readonly from: string;
      readonly to: string;
      readonly language: Language;
    }
  | { readonly type: "reload_pack" }
  | { readonly type: "active" }
  | { readonly type: "set_lock_minutes"; readonly minutes: number }
  | { readonly type: "lock" }
  | { readonly type: "unlock"; readonly passphrase: string }
  | { readonly type: "panic" }
  | { readonly type: "network"; readonly online: boolean };

export function encodePageMessage(message: PageMessage): string {
  return JSON.stringify(message);
}
