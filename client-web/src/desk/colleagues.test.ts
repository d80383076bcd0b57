import { describe, expect, it } from "vitest";
import type { Colleague, HandOverRequest, Whisper } from "./messages.ts";
import { type DeskState, find, threadWith } from "./model.ts";
import { SAMPLE_NOW, sampleConsultation } from "./samples.ts";
import { sampleColleagues, sampleRequests } from "./samples-colleagues.ts";
import {
  askable,
  countForTitle,
  type DeskEvent,
  isOpenToClient,
  isTakingOver,
  unreadWhispers,
  whisperable,
} from "./state.ts";
import { play, signedIn, snapshot, talking, told, typed } from "./testing.ts";

const [request] = sampleRequests as [HandOverRequest];
const asked: DeskEvent = { type: "ask_to_hand_over", consultation: 1 };

describe("handing over", () => {
  it("asks for a colleague where there is a choice, and takes the only one", () => {
    expect(find(play(talking(), asked), 1)).toMatchObject({ asking: "hand_over", handOverTo: null });
    const one = play(talking(), colleaguesAre(sampleColleagues.slice(1)), asked);
    expect(find(one, 1)?.handOverTo).toBe(2);
  });

  it("needs somebody on duty, and a summary that is not too long", () => {
    const form = play(talking(), asked);
    expect(canAsk(form)).toBe(false);
    const chosen = play(form, { type: "choose", consultation: 1, colleague: 1 });
    expect(canAsk(chosen)).toBe(true);
    expect(canAsk(play(chosen, summary("я".repeat(1_001))))).toBe(false);
    expect(canAsk(play(chosen, summary("я".repeat(1_000))))).toBe(true);
    expect(canAsk(play(chosen, { type: "connection", connection: "reconnecting" }))).toBe(false);
    const left = play(chosen, colleaguesAre(sampleColleagues.map((it) => ({ ...it, on_duty: false }))));
    expect(find(left, 1)).toMatchObject({ asking: "hand_over", handOverTo: null });
    expect(canAsk(left)).toBe(false);
  });

  it("closes its questions when the console has begun, and can be begun again with the same words", () => {
    const under = sampleConsultation(1, { hand_over: { colleague: 1, stage: "asking_colleague" } });
    const state = play(
      talking(),
      asked,
      summary("abscess"),
      told({ type: "consultation", consultation: under }),
    );
    expect(find(state, 1)).toMatchObject({ asking: null, consultation: under });
    expect(canAsk(state)).toBe(false);
    const declined = play(
      state,
      told({ type: "consultation", consultation: sampleConsultation(1) }),
      told({ type: "notice", notice: "hand_over_declined" }),
      asked,
    );
    expect(find(declined, 1)).toMatchObject({ asking: "hand_over", summary: "abscess" });
    expect(declined.notices).toEqual(["hand_over_declined"]);
  });

  it("leaves the question whether to end open when something else changes", () => {
    const under = sampleConsultation(1, { hand_over: { colleague: 1, stage: "asking_client" } });
    const state = play(
      talking(),
      { type: "ask_to_end", consultation: 1 },
      told({ type: "consultation", consultation: under }),
    );
    expect(find(state, 1)?.asking).toBe("end");
  });

  it("ends here as handed over, without the summary that was being written", () => {
    const over = sampleConsultation(1, {
      status: "ended",
      ended: "handed_over",
      line: null,
      hand_over: { colleague: 1, stage: "moving" },
    });
    const state = play(
      talking(),
      asked,
      summary("abscess"),
      told({ type: "consultation", consultation: over }),
    );
    expect(find(state, 1)).toMatchObject({ asking: null, summary: "", handOverTo: null, consultation: over });
  });
});

describe("a request of a colleague", () => {
  const requested = (): DeskState => play(signedIn(), told({ type: "hand_overs", hand_overs: [request] }));
  const taken: DeskEvent = { type: "take_over", handOver: request.id };
  const arrived = told({
    type: "consultation",
    consultation: sampleConsultation(9, { taken_over_from: request.colleague, summary: "abscess" }),
  });

  it("asks for the worker until it is answered", () => {
    expect(countForTitle(requested())).toBe(1);
    expect(isTakingOver(requested(), request)).toBe(false);
    const state = play(requested(), taken);
    expect(isTakingOver(state, request)).toBe(true);
    expect(countForTitle(state)).toBe(0);
    const elsewhere = play(
      requested(),
      told({ type: "hand_overs", hand_overs: [{ ...request, accepted: true }] }),
    );
    expect(countForTitle(elsewhere)).toBe(0);
  });

  it("turns the page on which it was accepted to its consultation", () => {
    expect(play(requested(), taken, arrived)).toMatchObject({ selected: 9, takingOver: [] });
    expect(play(requested(), arrived).selected).toBeNull();
  });

  it("does not turn the page away from what is being written, to a client or to a colleague", () => {
    const busy = play(talking(), told({ type: "hand_overs", hand_overs: [request] }), taken);
    expect(play(busy, typed("one"), arrived).selected).toBe(1);
    expect(play(busy, summary("one"), arrived).selected).toBe(1);
    expect(play(busy, { type: "whispers", open: true }, arrived).selected).toBe(1);
    expect(play(busy, arrived).selected).toBe(9);
  });

  it("may come to nothing", () => {
    const state = play(requested(), taken, told({ type: "notice", notice: "hand_over_gone" }));
    expect(state).toMatchObject({ takingOver: [], notices: ["hand_over_gone"] });
  });
});

describe("whispers", () => {
  const opened: DeskEvent = { type: "whispers", open: true };
  const toOlena: DeskEvent = { type: "write_to_colleague", colleague: 1 };

  it("are never written while a client can be written to, nor the other way round", () => {
    const both = (state: DeskState): readonly boolean[] => [
      isOpenToClient(state, findFirst(state)),
      state.writingTo === "colleagues",
    ];
    expect(both(talking())).toEqual([true, false]);
    expect(both(play(talking(), opened))).toEqual([false, true]);
    expect(both(play(talking(), opened, toOlena))).toEqual([false, true]);
    const back: DeskEvent = { type: "write_to_client", consultation: 1 };
    expect(both(play(talking(), opened, toOlena, back))).toEqual([true, false]);
    expect(both(play(talking(), opened, toOlena, back, toOlena))).toEqual([false, true]);
    expect(both(play(talking(), opened, { type: "turn", consultation: 1 }))).toEqual([true, false]);
    expect(both(play(talking(), opened, { type: "whispers", open: false }))).toEqual([true, false]);
  });

  it("nothing that arrives opens the field for a client, or closes the one for a colleague", () => {
    const arrivals = [
      told(snapshot()),
      received(1),
      told({ type: "consultation", consultation: sampleConsultation(1, { line: "client_away" }) }),
      told({ type: "consultation", consultation: sampleConsultation(9) }),
      told({ type: "notice", notice: "queue_full" }),
      colleaguesAre([]),
    ];
    for (const arrival of arrivals) {
      const state = play(talking(), opened, toOlena, whisperTyped("ab"), arrival);
      expect(state.writingTo).toBe("colleagues");
      expect(state.whispers).toMatchObject({ open: true, colleague: 1 });
      expect(threadWith(state, 1).draft).toBe("ab");
      expect(find(state, 1)?.draft).toBe("");
    }
  });

  it("a summary for a colleague closes the field for the client too", () => {
    const state = play(talking(), asked);
    expect(isOpenToClient(state, findFirst(state))).toBe(false);
    const back = play(state, summary("abscess"), { type: "write_to_client", consultation: 1 });
    expect(isOpenToClient(back, findFirst(back))).toBe(true);
    expect(find(back, 1)).toMatchObject({ asking: null, summary: "abscess" });
  });

  it("open with the thread in which something is new, or with the only colleague", () => {
    expect(play(talking(), opened).whispers.colleague).toBeNull();
    expect(play(talking(), received(2), opened).whispers.colleague).toBe(2);
    expect(play(talking(), colleaguesAre(sampleColleagues.slice(0, 1)), opened).whispers.colleague).toBe(1);
  });

  it("count as new until their thread is in front of the worker", () => {
    const away = play(talking(), received(1), received(2), received(2));
    expect(unreadWhispers(away)).toBe(2);
    expect(countForTitle(away)).toBe(2);
    const one = play(away, toOlena);
    expect(unreadWhispers(one)).toBe(1);
    expect(unreadWhispers(play(one, received(1, 2)))).toBe(1);
    const unattended = play(one, { type: "attended", attended: false }, received(1, 2));
    expect(unreadWhispers(unattended)).toBe(2);
    expect(unreadWhispers(play(unattended, { type: "attended", attended: true }))).toBe(1);
  });

  it("leave what a client says meanwhile marked as new", () => {
    const message = {
      number: 1,
      from: "client",
      kind: "text",
      text: "?",
      card: null,
      file: null,
      at: SAMPLE_NOW,
      delivered: false,
    } as const;
    const said = told({ type: "message", consultation: 1, message });
    const state = play(talking(), opened, toOlena, said);
    expect(find(state, 1)?.unread).toBe(1);
    expect(find(play(state, { type: "select", consultation: 1 }), 1)?.unread).toBe(0);
    expect(find(play(state, { type: "write_to_client", consultation: 1 }), 1)?.unread).toBe(0);
  });

  it("need a colleague on duty, a word, and room for it", () => {
    expect(canWhisper(play(talking(), whisperTyped("ab")))).toBe(true);
    expect(canWhisper(play(talking(), whisperTyped(" \n")))).toBe(false);
    expect(canWhisper(play(talking(), whisperTyped("я".repeat(2_001))))).toBe(false);
    expect(canWhisper(play(talking(), whisperTyped("ab"), colleaguesAre([])))).toBe(false);
  });

  it("are shown once, delivered, or failed", () => {
    const sent = play(talking(), whisperTyped("ab"), { type: "whisper", colleague: 1 });
    expect(threadWith(sent, 1)).toMatchObject({ draft: "", outgoing: ["ab"] });
    const shown = play(
      sent,
      own({ number: 1, text: "ab" }),
      own({ number: 2 }),
      own({ number: 3 }),
      received(1),
    );
    expect(threadWith(shown, 1).outgoing).toEqual([]);
    const ends = play(
      shown,
      told({ type: "whisper_delivered", colleague: 1, up_to: 2 }),
      own({ number: 3, failed: true }),
    );
    expect(threadWith(ends, 1).messages.map((it) => [it.from, it.delivered, it.failed])).toEqual([
      ["me", true, false],
      ["me", true, false],
      ["me", false, true],
      ["colleague", false, false],
    ]);
  });

  it("come back into their own field when the console did not take them", () => {
    const sent = play(talking(), typed("to the client"), whisperTyped("ab"), {
      type: "whisper",
      colleague: 1,
    });
    for (const state of [
      play(sent, told({ type: "notice", notice: "queue_full" })),
      play(sent, told({ type: "notice", notice: "text_too_long" })),
      play(sent, told(snapshot())),
    ]) {
      expect(threadWith(state, 1).draft).toBe("ab");
      expect(find(state, 1)?.draft).toBe("to the client");
    }
  });

  it("leave nothing when a thread is wiped, or the console was closed", () => {
    const gone: Colleague = { ...(sampleColleagues[0] as Colleague), on_duty: false };
    const talked = play(talking(), toOlena, received(1), whisperTyped("ab"), colleaguesAre([gone]));
    expect(talked.whispers.colleague).toBe(1);
    const wiped = play(talked, told({ type: "whispers_forgotten", colleague: 1 }));
    expect(wiped.whispers).toMatchObject({ colleague: null, threads: [] });
    const over = play(talked, { type: "connection", connection: "gone" });
    expect(over).toMatchObject({ whispers: { threads: [], open: false }, requests: [], colleagues: [] });
  });

  it("are taken as the console holds them after a break", () => {
    const before = play(talking(), received(1), { type: "connection", connection: "reconnecting" });
    const messages = [whisper({ from: "colleague" }), whisper({ from: "colleague", number: 2 })];
    const state = play(before, told({ ...snapshot(), whispers: [{ colleague: 1, messages }] }));
    expect(threadWith(state, 1)).toMatchObject({ messages, unread: 2 });
    expect(threadWith(play(before, told(snapshot())), 1).messages).toEqual([]);
  });
});

function colleaguesAre(colleagues: readonly Colleague[]): DeskEvent {
  return told({ type: "colleagues", colleagues });
}

function summary(text: string): DeskEvent {
  return { type: "summary", consultation: 1, text };
}

function whisperTyped(text: string): DeskEvent {
  return { type: "whisper_draft", colleague: 1, text };
}

function received(colleague: number, number = 1): DeskEvent {
  return told({ type: "whisper", colleague, message: whisper({ from: "colleague", number }) });
}

function own(members: Partial<Whisper>): DeskEvent {
  return told({ type: "whisper", colleague: 1, message: whisper(members) });
}

function whisper(members: Partial<Whisper>): Whisper {
  return { number: 1, from: "me", text: "!", at: SAMPLE_NOW, delivered: false, failed: false, ...members };
}

function findFirst(state: DeskState): NonNullable<ReturnType<typeof find>> {
  const found = find(state, 1);
  if (found === undefined) throw new Error("the consultation is gone");
  return found;
}

function canAsk(state: DeskState): boolean {
  return askable(state, findFirst(state));
}

function canWhisper(state: DeskState): boolean {
  return whisperable(state, threadWith(state, 1));
}
