// What a press on one of the views' buttons asks for.

import { type Language, languages } from "../shared/text.ts";
import { NOTICES, type NoticeCode } from "./messages.ts";

export type Action =
  | { readonly type: "go_on_duty" | "go_off_duty" | "retry" }
  | { readonly type: "language"; readonly language: Language }
  | { readonly type: "select"; readonly consultation: number | null }
  | { readonly type: "accept"; readonly offer: string }
  | { readonly type: "dismiss"; readonly notice: NoticeCode }
  | { readonly type: "send" | "ask_to_end" | "keep" | "end" | "forget"; readonly consultation: number };

/** Null for anything that is not a button of the views. */
export function actionOf({ dataset }: HTMLElement): Action | null {
  const type = dataset.action;
  switch (type) {
    case "go_on_duty":
    case "go_off_duty":
    case "retry":
      return { type };
    case "language": {
      const language = languages.find((one) => one === dataset.language);
      return language === undefined ? null : { type, language };
    }
    case "select":
      return { type, consultation: numberOf(dataset.pane) };
    case "accept":
      return dataset.offer === undefined ? null : { type, offer: dataset.offer };
    case "dismiss": {
      const notice = NOTICES.find((one) => one === dataset.notice);
      return notice === undefined ? null : { type, notice };
    }
    case "send":
    case "ask_to_end":
    case "keep":
    case "end":
    case "forget": {
      const consultation = numberOf(dataset.id);
      return consultation === null ? null : { type, consultation };
    }
    default:
      return null;
  }
}

export function numberOf(value: string | undefined): number | null {
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : null;
}
