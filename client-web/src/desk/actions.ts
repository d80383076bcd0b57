// What a press on one of the views' buttons asks for.

import type { Language } from "../shared/text.ts";
import { LOCK_MINUTES } from "./content.ts";
import { NOTICES, type NoticeCode } from "./messages.ts";
import { readable } from "./sources.ts";
import type { Panel, Picker } from "./tools.ts";

const ON_DESK = [
  "go_on_duty",
  "go_off_duty",
  "go_off_duty_anyway",
  "retry",
  "open_whispers",
  "close_whispers",
  "close_panel",
  "sound",
  "lock",
  "unlock",
  "panic",
  "reload_pack",
  "announce",
  "make_links",
  "make_report",
  "report_opened",
  "print",
  "pick_close",
  "hide_script",
  "problem_seen",
  "starter_seen",
] as const;
export const ON_CONSULTATION = [
  "send",
  "ask_to_end",
  "ask_to_hand_over",
  "ask_more",
  "keep",
  "end",
  "end_and_refuse",
  "propose_end",
  "done",
  "forget",
  "mute",
  "hand_over",
  "cancel_hand_over",
  "write_to_client",
  "show_script",
  "earlier",
] as const;
const ON_FILE = ["accept_file", "refuse_file", "look_at_file"] as const;
const ON_REQUEST = ["accept_hand_over", "decline_hand_over"] as const;
const ON_THREAD = ["write_to_colleague", "whisper", "forget_whispers"] as const;
const ON_OFFER = ["accept", "refuse_offer"] as const;
const ON_ANNOUNCEMENT = ["withdraw_announcement", "dismiss_announcement"] as const;
const PANELS = [
  "help",
  "shift",
  "links",
  "announce",
  "report",
  "panic",
  "scripts",
] as const satisfies readonly Panel[];
const PICKERS = ["replies", "cards"] as const satisfies readonly Picker["of"][];

/** One member for each name, so that a switch over the names knows what it has. */
type Each<Type extends string, With> = { [One in Type]: { readonly type: One } & With }[Type];

type OnDesk = Each<(typeof ON_DESK)[number], unknown>;
export type OnConsultation = Each<(typeof ON_CONSULTATION)[number], { readonly consultation: number }>;
export type OnFile = Each<(typeof ON_FILE)[number], { readonly consultation: number; readonly file: number }>;
type OnRequest = Each<(typeof ON_REQUEST)[number], { readonly handOver: string }>;
export type OnThread = Each<(typeof ON_THREAD)[number], { readonly colleague: number }>;
type OnOffer = Each<(typeof ON_OFFER)[number], { readonly offer: string }>;
type OnAnnouncement = Each<(typeof ON_ANNOUNCEMENT)[number], { readonly announcement: number }>;

/** With something of its own beside it. */
type OnTool =
  | { readonly type: "panel"; readonly panel: Panel }
  | { readonly type: "lock_minutes"; readonly minutes: number }
  | { readonly type: "pick"; readonly consultation: number; readonly of: Picker["of"] }
  | { readonly type: "pick_option"; readonly option: string }
  | { readonly type: "choose_script"; readonly script: string }
  | { readonly type: "copy_link"; readonly at: number }
  | { readonly type: "picture_size"; readonly path: string }
  | { readonly type: "give_return_link"; readonly consultation: number; readonly wish: boolean }
  | {
      readonly type: "toggle_code";
      readonly consultation: number;
      readonly group: string;
      readonly label: string;
    }
  | { readonly type: "open_group"; readonly consultation: number; readonly group: string };

/** What perform-tools.ts does; the rest is done where the conversations are. */
export type ToolAction = OnDesk | OnOffer | OnAnnouncement | OnTool;

export type Action =
  | OnDesk
  | OnConsultation
  | OnFile
  | OnRequest
  | OnThread
  | OnOffer
  | OnAnnouncement
  | OnTool
  | { readonly type: "choose"; readonly consultation: number; readonly colleague: number }
  | { readonly type: "language"; readonly language: Language }
  | { readonly type: "turn"; readonly consultation: number | null }
  | { readonly type: "dismiss"; readonly notice: NoticeCode };

/** Null for anything that is not a button of the views. */
export function actionOf({ dataset }: HTMLElement): Action | null {
  return onOne(dataset) ?? onTool(dataset) ?? other(dataset);
}

export function numberOf(value: string | undefined): number | null {
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : null;
}

/** Those with at most a name beside them. */
function onOne({ action, ...beside }: DOMStringMap): Action | null {
  const desk = ON_DESK.find((one) => one === action);
  if (desk !== undefined) return { type: desk };
  const request = ON_REQUEST.find((one) => one === action);
  if (request !== undefined) {
    return beside.handOver === undefined ? null : { type: request, handOver: beside.handOver };
  }
  const offer = ON_OFFER.find((one) => one === action);
  if (offer !== undefined) return beside.offer === undefined ? null : { type: offer, offer: beside.offer };
  return onNumber({ action, ...beside });
}

function onNumber({ action, id, colleague, announcement }: DOMStringMap): Action | null {
  const onConsultation = ON_CONSULTATION.find((one) => one === action);
  const consultation = numberOf(id);
  if (onConsultation !== undefined && consultation !== null) return { type: onConsultation, consultation };
  const onThread = ON_THREAD.find((one) => one === action);
  const whom = numberOf(colleague);
  if (onThread !== undefined && whom !== null) return { type: onThread, colleague: whom };
  const onAnnouncement = ON_ANNOUNCEMENT.find((one) => one === action);
  const which = numberOf(announcement);
  return onAnnouncement === undefined || which === null
    ? null
    : { type: onAnnouncement, announcement: which };
}

function onTool(dataset: DOMStringMap): Action | null {
  const type = dataset.action;
  switch (type) {
    case "panel": {
      const panel = PANELS.find((one) => one === dataset.panel);
      return panel === undefined ? null : { type, panel };
    }
    case "lock_minutes": {
      const minutes = LOCK_MINUTES.find((one) => String(one) === dataset.minutes);
      return minutes === undefined ? null : { type, minutes };
    }
    case "pick_option":
      return dataset.option === undefined ? null : { type, option: dataset.option };
    case "choose_script":
      return dataset.script === undefined ? null : { type, script: dataset.script };
    case "copy_link": {
      const at = numberOf(dataset.at);
      return at === null ? null : { type, at };
    }
    case "picture_size":
      return dataset.path === undefined ? null : { type, path: dataset.path };
    default:
      return inConsultation(dataset);
  }
}

function inConsultation(dataset: DOMStringMap): Action | null {
  const type = dataset.action;
  const consultation = numberOf(dataset.id);
  if (consultation === null) return null;
  const onFile = ON_FILE.find((one) => one === type);
  const file = numberOf(dataset.file);
  if (onFile !== undefined) return file === null ? null : { type: onFile, consultation, file };
  switch (type) {
    case "pick": {
      const of = PICKERS.find((one) => one === dataset.of);
      return of === undefined ? null : { type, consultation, of };
    }
    case "give_return_link":
      return { type, consultation, wish: dataset.wish === "me" };
    case "toggle_code": {
      const { group, label } = dataset;
      return group === undefined || label === undefined ? null : { type, consultation, group, label };
    }
    case "open_group":
      return dataset.group === undefined ? null : { type, consultation, group: dataset.group };
    case "choose": {
      const colleague = numberOf(dataset.colleague);
      return colleague === null ? null : { type, consultation, colleague };
    }
    default:
      return null;
  }
}

function other(dataset: DOMStringMap): Action | null {
  const type = dataset.action;
  switch (type) {
    case "language": {
      const language = readable.find((one) => one === dataset.language);
      return language === undefined ? null : { type, language };
    }
    case "turn":
      return { type, consultation: numberOf(dataset.pane) };
    case "dismiss": {
      const notice = NOTICES.find((one) => one === dataset.notice);
      return notice === undefined ? null : { type, notice };
    }
    default:
      return null;
  }
}
