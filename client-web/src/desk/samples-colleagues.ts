// Named states of the desk in which colleagues take part, for the gallery and for tests.

import type { Colleague, HandOver, HandOverRequest, Whisper, Whisperer } from "./messages.ts";
import { type Conversation, type DeskState, threadWith } from "./model.ts";

export const sampleColleagues: readonly Colleague[] = [
  { id: 1, alias: "Olena", role: "doctor", languages: ["uk", "ru"], on_duty: true },
  { id: 2, alias: "سمير", role: "psychologist", languages: ["ar", "en"], on_duty: true },
  { id: 3, alias: "Longest-alias-of-24-byte", role: "lawyer", languages: ["ru"], on_duty: false },
];

/** What each sample changes in a desk with a few consultations. */
export const colleagueSamples: Readonly<Record<string, (desk: DeskState) => DeskState>> = {
  client_away: (desk) => withFirst(desk, { line: "client_away" }),
  line_reconnecting: (desk) => withFirst(desk, { line: "reconnecting" }),
  hand_over: (desk) => ({ ...asking(desk, { handOverTo: 1, summary: "Абсцесс на предплечье." }) }),
  hand_over_long: (desk) => asking(desk, { summary: "Шишка после укола, горячая. ".repeat(38) }),
  hand_over_nobody: (desk) => ({ ...asking(desk, {}), colleagues: [] }),
  asking_colleague: (desk) => withHandOver(desk, { colleague: 1, stage: "asking_colleague" }),
  asking_client: (desk) => withHandOver(desk, { colleague: 1, stage: "asking_client" }),
  moving: (desk) => withHandOver(desk, { colleague: 1, stage: "moving" }),
  handed_over: (desk) =>
    withFirst(desk, {
      status: "ended",
      ended: "handed_over",
      line: null,
      hand_over: { colleague: 1, stage: "moving" },
    }),
  taken_over: (desk) =>
    withFirst(desk, { taken_over_from: 1, summary: sampleSummary, language: "ru", subject: "wounds" }),
  taken_over_bare: (desk) => withFirst(desk, { taken_over_from: 2 }),
  requests: (desk) => ({ ...desk, requests: sampleRequests, selected: null }),
  whispers_nobody: (desk) => whispering({ ...desk, colleagues: [] }, null),
  whispers_choose: (desk) => whispering(desk, null),
  whispers: (desk) => whispering(withWhispers(desk), 1),
  whispers_empty: (desk) => whispering(desk, 2),
  whispers_gone: (desk) => whispering(withWhispers(desk), 3),
  whispers_to_client: (desk) => ({ ...whispering(withWhispers(desk), 1), writingTo: "clients" }),
  whispers_unread: withWhispers,
  hand_over_notices: (desk) => ({ ...desk, notices: ["hand_over_refused", "queue_full"] }),
};

export const sampleSummary =
  "Мужчина около 30, абсцесс на предплечье третий день, температура 38,2. Боится больницы: был задержан. " +
  "Говорили о том, куда можно прийти без документов.\nПросит врача.";

export const sampleRequests: readonly HandOverRequest[] = [
  {
    id: "a1",
    colleague: 1,
    language: "ru",
    subject: "wounds",
    channel: "messenger",
    summary: sampleSummary,
    offered_at: 1_795_443_480,
    accepted: false,
  },
  {
    id: "a2",
    colleague: 2,
    language: "ar",
    subject: "danger",
    channel: "not_said",
    summary: "",
    offered_at: 1_795_443_590,
    accepted: true,
  },
];

function withFirst(desk: DeskState, members: Partial<Conversation["consultation"]>): DeskState {
  return changedFirst(desk, (it) => ({ ...it, consultation: { ...it.consultation, ...members } }));
}

function withHandOver(desk: DeskState, hand_over: HandOver): DeskState {
  return withFirst(desk, { hand_over });
}

function asking(desk: DeskState, members: Partial<Conversation>): DeskState {
  return changedFirst(desk, (it) => ({ ...it, asking: "hand_over", ...members }));
}

function changedFirst(desk: DeskState, update: (it: Conversation) => Conversation): DeskState {
  return {
    ...desk,
    conversations: desk.conversations.map((it, index) => (index === 0 ? update(it) : it)),
  };
}

function whispering(desk: DeskState, colleague: number | null): DeskState {
  return { ...desk, writingTo: "colleagues", whispers: { ...desk.whispers, open: true, colleague } };
}

function withWhispers(desk: DeskState): DeskState {
  const { now } = desk;
  const said = (number: number, from: Whisperer, text: string, ago: number): Whisper => {
    return { number, from, text, at: now - ago, delivered: ago > 100, failed: false };
  };
  const first = {
    ...threadWith(desk, 1),
    draft: "Спасибо! Он боится больницы",
    messages: [
      said(1, "me", "Абсцесс на предплечье, третий день, 38,2. До завтра подождёт?", 400),
      said(1, "colleague", "Нет, сегодня. Если краснота идёт вверх по руке — скорая.", 300),
      said(2, "me", "Поняла", 20),
    ],
  };
  const other = {
    ...threadWith(desk, 3),
    messages: [{ ...said(1, "me", "Можно вопрос про задержание?", 90), failed: true }],
  };
  const third = {
    ...threadWith(desk, 2),
    unread: 1,
    messages: [said(1, "colleague", "هل لديك دقيقة؟", 30)],
  };
  return { ...desk, whispers: { ...desk.whispers, threads: [first, other, third] } };
}
