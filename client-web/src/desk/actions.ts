// What a press on one of the views' buttons asks for.

import { type Language, languages } from "../shared/text.ts";
import { NOTICES, type NoticeCode } from "./messages.ts";

const ON_DESK = ["go_on_duty", "go_off_duty", "retry", "open_whispers", "close_whispers"] as const;
const ON_CONSULTATION = [
  "send",
  "ask_to_end",
  "ask_to_hand_over",
  "keep",
  "end",
  "forget",
  "hand_over",
  "cancel_hand_over",
  "write_to_client",
] as const;
const ON_REQUEST = ["accept_hand_over", "decline_hand_over"] as const;
const ON_THREAD = ["write_to_colleague", "whisper", "forget_whispers"] as const;

/** One member for each name, so that a switch over the names knows what it has. */
type Each<Type extends string, With> = { [One in Type]: { readonly type: One } & With }[Type];

type OnDesk = Each<(typeof ON_DESK)[number], unknown>;
export type OnConsultation = Each<(typeof ON_CONSULTATION)[number], { readonly consultation: number }>;
type OnRequest = Each<(typeof ON_REQUEST)[number], { readonly handOver: string }>;
export type OnThread = Each<(typeof ON_THREAD)[number], { readonly colleague: number }>;

export type Action =
  | OnDesk
  | OnConsultation
  | OnRequest
  | OnThread
  | { readonly type: "choose"; readonly consultation: number; readonly colleague: number }
  | { readonly type: "language"; readonly language: Language }
  | { readonly type: "turn"; readonly consultation: number | null }
  | { readonly type: "accept"; readonly offer: string }
  | { readonly type: "dismiss"; readonly notice: NoticeCode };

/** Null for anything that is not a button of the views. */
export function actionOf({ dataset }: HTMLElement): Action | null {
  return (
    onDesk(dataset) ?? onConsultation(dataset) ?? onRequest(dataset) ?? onThread(dataset) ?? other(dataset)
  );
}

export function numberOf(value: string | undefined): number | null {
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : null;
}

function onDesk({ action }: DOMStringMap): Action | null {
  const type = ON_DESK.find((one) => one === action);
  return type === undefined ? null : { type };
}

function onConsultation({ action, id }: DOMStringMap): Action | null {
  const type = ON_CONSULTATION.find((one) => one === action);
  const consultation = numberOf(id);
  return type === undefined || consultation === null ? null : { type, consultation };
}

function onRequest({ action, handOver }: DOMStringMap): Action | null {
  const type = ON_REQUEST.find((one) => one === action);
  return type === undefined || handOver === undefined ? null : { type, handOver };
}

function onThread({ action, colleague: id }: DOMStringMap): Action | null {
  const type = ON_THREAD.find((one) => one === action);
  const colleague = numberOf(id);
  return type === undefined || colleague === null ? null : { type, colleague };
}

function other(dataset: DOMStringMap): Action | null {
  const type = dataset.action;
  switch (type) {
    case "choose": {
      const consultation = numberOf(dataset.id);
      const colleague = numberOf(dataset.colleague);
      return consultation === null || colleague === null ? null : { type, consultation, colleague };
    }
    case "language": {
      const language = languages.find((one) => one === dataset.language);
      return language === undefined ? null : { type, language };
    }
    case "turn":
      return { type, consultation: numberOf(dataset.pane) };
    case "accept":
      return dataset.offer === undefined ? null : { type, offer: dataset.offer };
    case "dismiss": {
      const notice = NOTICES.find((one) => one === dataset.notice);
      return notice === undefined ? null : { type, notice };
    }
    default:
      return null;
  }
}
