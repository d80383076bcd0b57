// Named states of the desk with its tools, for the gallery and for tests.

import type { Message } from "./messages.ts";
import { type Conversation, conversationOf, type DeskState } from "./model.ts";
import { LAID_OUT, withEarlier } from "./newest.ts";
import { sampleAnnouncements, samplePack, sampleSheet, sampleTotals } from "./samples-content.ts";
import type { Tools } from "./tools.ts";

/** What each sample changes in a desk with a few consultations. */
export const toolSamples: Readonly<Record<string, (desk: DeskState) => DeskState>> = {
  eight: (desk) => ({ ...desk, capacity: 8, conversations: eight(desk), selected: 2 }),
  eight_replies: (desk) =>
    withTools(
      { ...desk, capacity: 8, conversations: eight(desk), selected: 1 },
      { picker: { consultation: 1, of: "replies", query: "", at: 0 } },
    ),
  full: (desk) => ({ ...desk, capacity: 2, selected: null }),
  returning: (desk) => ({
    ...desk,
    selected: null,
    waiting: desk.waiting.map((it, index) =>
      index === 0 ? { ...it, channel: "return", wish: "me" } : { ...it, channel: "card", door: true },
    ),
  }),
  replies: (desk) => withTools(desk, { picker: { consultation: 1, of: "replies", query: "", at: 1 } }),
  replies_none: (desk) =>
    withTools(desk, { picker: { consultation: 1, of: "replies", query: "zzz", at: 0 } }),
  cards: (desk) => withTools(desk, { picker: { consultation: 1, of: "cards", query: "", at: 0 } }),
  cards_other_language: (desk) =>
    withTools({ ...desk, selected: 2 }, { picker: { consultation: 2, of: "cards", query: "", at: 1 } }),
  no_pack: (desk) =>
    withTools({ ...desk, pack: null }, { picker: { consultation: 1, of: "replies", query: "", at: 0 } }),
  too_long: (desk) => withFirst(desk, (it) => ({ ...it, draft: "Слишком длинно. ".repeat(2_600) })),
  script: (desk) => withTools(desk, { scriptIn: 1 }),
  more: (desk) => withFirst(desk, (it) => ({ ...it, asking: "more" })),
  muted: (desk) => inFirst(desk, { muted: true, end_proposed: true, wish: "me", channel: "return" }),
  kinds: (desk) => withFirst(desk, (it) => ({ ...it, messages: kinds(desk) })),
  long: (desk) => withFirst(desk, (it) => ({ ...it, messages: many(desk) })),
  long_earlier: (desk) => withFirst(desk, (it) => withEarlier({ ...it, messages: many(desk) })),
  echo: (desk) => withFirst(desk, (it) => ({ ...it, outgoing: ["Это уже видно, но ещё не принято."] })),
  coding: (desk) => ended(desk, []),
  coding_open: (desk) => ended(desk, ["emergency", "age"]),
  coding_full: (desk) =>
    withFirst(ended(desk, []), (it) => ({ ...it, codes: { need: ["overdose", "medical", "own_1"] } })),
  hand_over_again: (desk) => withFirst(desk, (it) => ({ ...it, asking: "nobody" })),
  announcements: (desk) => ({ ...desk, announcements: sampleAnnouncements }),
  pack_problem: (desk) =>
    withTools(desk, {
      packProblem: { file: "cards/wounds/ru.md", line: 12, reason: "the title is longer than 480 bytes" },
    }),
  starter: (desk) => withTools(desk, { starterSeen: false }),
  pack_unreviewed: (desk) =>
    withTools({ ...desk, pack: { ...samplePack, starter: false } }, { starterSeen: false }),
  offline: (desk) => ({ ...desk, online: false }),
  panic_armed: (desk) => withTools(desk, { panicArmed: true }),
  panel_help: (desk) => withTools(desk, { panel: "help" }),
  panel_shift: (desk) => ({
    ...withTools(desk, { panel: "shift" }),
    totals: sampleTotals,
    handIn: { handed_in: 6, going: 0, waiting: 3 },
  }),
  panel_shift_bare: (desk) => ({ ...withTools(desk, { panel: "shift" }), pack: null, colleagues: [] }),
  panel_links: (desk) => withTools(desk, { panel: "links" }),
  panel_sheet: (desk) => withTools(desk, { panel: "links", sheet: sampleSheet, copied: 1 }),
  panel_announce: (desk) =>
    asCoordinator(withTools(desk, { panel: "announce", announcement: "Налоксон есть на обоих пунктах." })),
  panel_report: (desk) => asCoordinator(withTools(desk, { panel: "report", reporting: true })),
  panel_report_made: (desk) =>
    asCoordinator(withTools(desk, { panel: "report", reportPath: `/report/${"0".repeat(32)}` })),
  panel_scripts: (desk) => withTools({ ...desk, selected: null }, { panel: "scripts" }),
  panel_panic: (desk) => withTools(desk, { panel: "panic" }),
  panel_off_duty: (desk) => withTools(desk, { panel: "off_duty" }),
  locked: (desk) => locked(desk, false, 0),
  locked_checking: (desk) => {
    const lock = { locked: true, wrong_passphrase: false, wait_seconds: 0, checking: true };
    return { ...locked(desk, false, 0), lock };
  },
  locked_wrong: (desk) => locked(desk, true, 4),
};

function withTools(desk: DeskState, tools: Partial<Tools>): DeskState {
  return { ...desk, tools: { ...desk.tools, ...tools } };
}

function locked(desk: DeskState, wrong_passphrase: boolean, wait_seconds: number): DeskState {
  return {
    ...desk,
    conversations: [],
    waiting: [],
    pack: null,
    lock: { locked: true, wrong_passphrase, wait_seconds, checking: false },
  };
}

function withFirst(desk: DeskState, update: (it: Conversation) => Conversation): DeskState {
  const conversations = desk.conversations.map((it, index) => (index === 0 ? update(it) : it));
  return { ...desk, conversations };
}

function inFirst(desk: DeskState, members: Partial<Conversation["consultation"]>): DeskState {
  return withFirst(desk, (it) => ({ ...it, consultation: { ...it.consultation, ...members } }));
}

function ended(desk: DeskState, openGroups: readonly string[]): DeskState {
  return withFirst(desk, (it) => ({
    ...it,
    consultation: { ...it.consultation, status: "ended", ended: "worker", line: null },
    draft: "",
    codes: { need: ["information", "minor_injection"], result: ["solved"], contact: ["self"] },
    openGroups,
  }));
}

function eight(desk: DeskState): readonly Conversation[] {
  const [first] = desk.conversations;
  if (first === undefined) return [];
  return Array.from({ length: 8 }, (_, index) => ({
    ...conversationOf(
      {
        ...first.consultation,
        id: index + 1,
        subject: index === 4 ? "danger" : first.consultation.subject,
        muted: index === 6,
      },
      first.messages,
    ),
    unread: index % 3 === 2 ? index : 0,
    draft: index === 1 ? "Если краснота растёт" : "",
  }));
}

/** More than is laid out at first, even after one press for earlier ones. */
function many({ now }: DeskState): readonly Message[] {
  const base = { kind: "text", card: null, file: null, at: now - 600, delivered: true } as const;
  return Array.from({ length: 2 * LAID_OUT + 5 }, (_, at) => ({
    ...base,
    number: at,
    from: at % 3 === 0 ? ("client" as const) : ("worker" as const),
    text: `№ ${at + 1}`,
  }));
}

function kinds({ now }: DeskState): readonly Message[] {
  const base = { text: "", card: null, file: null, at: now - 60, delivered: true } as const;
  const words = [
    "Мой номер +998 90 123-45-67",
    "Я на ул. Лесной, дом 5, или @lesnik_77",
    "вот тут: example.org/photo",
  ];
  return [
    ...words.map((text, index) => ({ ...base, number: index, from: "client", kind: "text", text }) as const),
    {
      ...base,
      number: 10,
      from: "worker",
      kind: "card",
      card: {
        kind: "checklist",
        title: "Перегрев",
        body: "## Сейчас\n- Уйдите в прохладное место\n- Пейте понемногу",
      },
    },
    { ...base, number: 11, from: "worker", kind: "return_link" },
    { ...base, number: 12, from: "worker", kind: "end_proposed" },
    { ...base, number: 13, from: "client", kind: "end_declined" },
  ];
}

function asCoordinator(desk: DeskState): DeskState {
  return { ...desk, worker: desk.worker === null ? null : { ...desk.worker, role: "coordinator" } };
}
