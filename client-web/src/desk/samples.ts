// Named states of the desk, for the gallery and for tests. No word in them comes from a real consultation.

import type { Language } from "../shared/text.ts";
import type {
  Channel,
  Consultation,
  Ending,
  Message,
  Side,
  Subject,
  WaitingEntry,
  Worker,
} from "./messages.ts";
import { type Connection, type Conversation, conversationOf, type DeskState, initialState } from "./model.ts";
import { colleagueSamples, sampleColleagues } from "./samples-colleagues.ts";
import { sampleCoding, samplePack } from "./samples-content.ts";
import { fileSamples } from "./samples-files.ts";
import { toolSamples } from "./samples-tools.ts";
import { initialTools } from "./tools.ts";

/** 2026-11-23 14:20 UTC. */
export const SAMPLE_NOW = 1_795_443_600;

export const sampleWorker: Worker = {
  alias: "Mira",
  role: "outreach",
  languages: ["ru", "uk", "en", "ar"],
  service: {
    en: "Open Door Web Outreach",
    ru: "Веб-аутрич «Открытая дверь»",
    uk: "Веб-аутрич «Відчинені двері»",
    ar: "الباب المفتوح للتوعية",
  },
  valid_until: SAMPLE_NOW + 5 * 3600,
};

export function sampleConsultation(id: number, members: Partial<Consultation> = {}): Consultation {
  return {
    id,
    status: "open",
    ended: null,
    line: members.status === undefined || members.status === "open" ? "joined" : null,
    hand_over: null,
    taken_over_from: null,
    summary: null,
    language: "ru",
    subject: "safer_use",
    channel: "messenger",
    opened_at: SAMPLE_NOW - 900,
    safety_phrase: members.status === "connecting" ? null : [19, 46, 5, 62, 33, 10, 54, 40],
    door: false,
    wish: null,
    muted: false,
    end_proposed: false,
    codes: {},
    ...members,
  };
}

type Sample = (language: Language) => DeskState;

const ownSamples: Readonly<Record<string, Sample>> = {
  starting: (language) => initialState(language, SAMPLE_NOW),
  off: (language) => ({ ...signedIn(language), duty: { status: "off", reason: null } }),
  connecting: (language) => ({ ...signedIn(language), duty: { status: "connecting", reason: null } }),
  empty: signedIn,
  waiting: (language) => ({ ...signedIn(language), waiting: sampleWaiting }),
  one: (language) => ({
    ...signedIn(language),
    waiting: sampleWaiting.slice(2),
    conversations: [sampleTalk("open", null)],
    selected: 1,
  }),
  fresh: (language) => ({
    ...signedIn(language),
    conversations: [conversationOf(sampleConsultation(7, { status: "connecting", language: "ar" }), [])],
    selected: 7,
  }),
  three: (language) => ({
    ...signedIn(language),
    waiting: sampleWaiting.slice(0, 2),
    conversations: sampleThree,
    selected: 1,
  }),
  ended: (language) => ({
    ...signedIn(language),
    conversations: [sampleTalk("ended", "broken")],
    selected: 1,
  }),
  ending: (language) => ({
    ...signedIn(language),
    conversations: [{ ...sampleTalk("open", null), asking: "end", draft: "…" }],
    selected: 1,
  }),
  unreachable: (language) => ({ ...signedIn(language), duty: { status: "unreachable", reason: null } }),
  refused: (language) => ({
    ...signedIn(language),
    duty: { status: "refused", reason: "certificate_expired" },
  }),
  notices: (language) => ({
    ...signedIn(language),
    notices: ["offer_gone", "text_too_long"],
    worker: { ...sampleWorker, valid_until: SAMPLE_NOW + 900 },
    waiting: sampleWaiting.slice(0, 1),
  }),
  reconnecting: (language) => ({
    ...signedIn(language),
    connection: "reconnecting",
    conversations: [sampleTalk("open", null)],
    selected: 1,
  }),
  gone: (language) => over(language, "gone"),
  no_bearer: (language) => ({ ...over(language, "no_bearer"), worker: null }),
  bearer_refused: (language) => ({ ...over(language, "bearer_refused"), worker: null }),
  crowded: (language) => ({ ...over(language, "crowded"), worker: null }),
  misunderstood: (language) => over(language, "misunderstood"),
};

export const samples: Readonly<Record<string, Sample>> = {
  ...ownSamples,
  ...Object.fromEntries(
    Object.entries({ ...colleagueSamples, ...toolSamples, ...fileSamples }).map(([name, sample]) => [
      name,
      (language: Language) => sample(busy(language)),
    ]),
  ),
};

function busy(language: Language): DeskState {
  return {
    ...signedIn(language),
    waiting: sampleWaiting.slice(0, 2),
    colleagues: sampleColleagues,
    conversations: sampleThree.slice(0, 2),
    selected: 1,
  };
}

function signedIn(language: Language): DeskState {
  return {
    ...initialState(language, SAMPLE_NOW),
    connection: "connected",
    worker: sampleWorker,
    duty: { status: "on", reason: null },
    pack: samplePack,
    coding: sampleCoding,
    tools: { ...initialTools, starterSeen: true },
  };
}

function over(language: Language, connection: Connection): DeskState {
  return { ...initialState(language, SAMPLE_NOW), worker: sampleWorker, connection };
}

export const sampleWaiting: readonly WaitingEntry[] = [
  waitingEntry("01", "ru", "safer_use", "messenger", 11 * 60),
  waitingEntry("02", "uk", "danger", "bot", 3 * 60),
  waitingEntry("03", "ar", "tests", "card", 61),
  { ...waitingEntry("04", "en", "not_said", "not_said", 20), accepting: true },
];

function waitingEntry(
  offer: string,
  language: Language,
  subject: Subject,
  channel: Channel,
  waited: number,
): WaitingEntry {
  return {
    offer,
    language,
    subject,
    channel,
    waiting_since: SAMPLE_NOW - waited,
    accepting: false,
    door: false,
    wish: null,
  };
}

function sampleTalk(status: "open" | "ended", ended: Ending | null): Conversation {
  return conversationOf(sampleConsultation(1, { status, ended }), [
    said(1, "client", "Здравствуйте. Можно спросить?", 840),
    said(2, "worker", "Здравствуйте! Меня зовут Мира, я аутрич-работница. Спрашивайте, я рядом.", 800),
    said(3, "worker", "Кто-нибудь ещё видит ваш экран?", 790),
    said(4, "client", "Нет, я один.\nНа руке шишка после укола, второй день. Горячая.", 700),
    said(5, "worker", "Понятно. Краснота растёт? Температура есть?", 40, false),
  ]);
}

export const sampleThree: readonly Conversation[] = [
  {
    ...sampleTalk("open", null),
    draft: "Если краснота растёт — лучше показать врачу сегодня",
  },
  {
    ...conversationOf(
      sampleConsultation(2, {
        language: "ar",
        subject: "somebody_close",
        channel: "forum",
        opened_at: SAMPLE_NOW - 300,
      }),
      [
        said(1, "client", "مرحبا، أخي لا يجيب على الهاتف منذ الأمس. ماذا أفعل؟", 280),
        said(2, "worker", "مرحبًا، أنا Mira. أنا معك. هل يعيش وحده؟", 200),
        said(3, "client", "نعم", 60),
        said(
          4,
          "client",
          "https://example.org/a-very-long-address-that-does-not-break-anywhere-by-itself?and=more",
          30,
        ),
      ],
    ),
    unread: 2,
  },
  conversationOf(
    sampleConsultation(3, {
      language: "uk",
      subject: "danger",
      channel: "not_said",
      status: "ended",
      ended: "client",
      opened_at: SAMPLE_NOW - 4000,
    }),
    [
      said(1, "client", "Він дихає, але не прокидається", 3900),
      said(2, "worker", "Викличте швидку зараз: 103. Покладіть його на бік.", 3880),
      said(3, "client", "Приїхали. Дякую", 2200),
    ],
  ),
];

export function said(number: number, from: Side, text: string, ago: number, delivered = true): Message {
  return { number, from, kind: "text", text, card: null, file: null, at: SAMPLE_NOW - ago, delivered };
}
