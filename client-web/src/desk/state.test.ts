import { describe, expect, it } from "vitest";
import type { Message } from "./messages.ts";
import { type DeskState, find, initialState } from "./model.ts";
import { SAMPLE_NOW, sampleConsultation, sampleWorker } from "./samples.ts";
import { countForTitle, type DeskEvent, isAccepting, sendable } from "./state.ts";
import { play, signedIn, snapshot, talking, told, typed } from "./testing.ts";

const entry = {
  offer: "0a",
  language: "ru",
  subject: "danger",
  channel: "bot",
  waiting_since: SAMPLE_NOW,
  accepting: false,
  door: false,
  wish: null,
} as const;

describe("the language", () => {
  it("is the browser's when the worker speaks it, otherwise the worker's first", () => {
    const worker = { ...sampleWorker, languages: ["uk", "ru"] } as const;
    expect(play(initialState("ru", SAMPLE_NOW), told({ ...snapshot(), worker })).language).toBe("ru");
    expect(play(initialState("en", SAMPLE_NOW), told({ ...snapshot(), worker })).language).toBe("uk");
  });

  it("stays as chosen when the console sends everything again", () => {
    const state = play(signedIn(), { type: "language", language: "ar" }, told(snapshot()));
    expect(state.language).toBe("ar");
  });
});

describe("accepting", () => {
  it("shows at once, and turns this page to the new consultation", () => {
    const state = play(signedIn(), told({ type: "waiting", waiting: [entry] }), {
      type: "accept",
      offer: "0a",
    });
    expect(isAccepting(state, entry)).toBe(true);
    const opened = play(state, told({ type: "consultation", consultation: sampleConsultation(9) }));
    expect(opened.selected).toBe(9);
    expect(opened.accepted).toEqual([]);
  });

  it("on another page changes nothing here", () => {
    const state = play(talking(), told({ type: "consultation", consultation: sampleConsultation(9) }));
    expect(state.selected).toBe(1);
    expect(find(state, 9)).toBeDefined();
  });

  it("may be tried again after a notice", () => {
    const state = play(
      signedIn(),
      { type: "accept", offer: "0a" },
      told({ type: "notice", notice: "seat_gone" }),
    );
    expect(isAccepting(state, entry)).toBe(false);
    expect(state.notices).toEqual(["seat_gone"]);
    expect(play(state, { type: "dismiss", notice: "seat_gone" }).notices).toEqual([]);
  });
});

describe("messages", () => {
  it("of a consultation in front of the worker are read", () => {
    expect(find(play(talking(), received(1)), 1)?.unread).toBe(0);
  });

  it("count as new elsewhere, until the worker turns there", () => {
    const away = play(talking(), { type: "turn", consultation: null }, received(1), received(2));
    expect(find(away, 1)?.unread).toBe(2);
    expect(countForTitle(away)).toBe(2);
    expect(countForTitle(play(away, { type: "select", consultation: 1 }))).toBe(0);
    expect(countForTitle(play(away, { type: "turn", consultation: 1 }))).toBe(0);
  });

  it("count as new while nobody looks at the page", () => {
    const state = play(talking(), { type: "attended", attended: false }, received(1));
    expect(find(state, 1)?.unread).toBe(1);
    expect(find(play(state, { type: "attended", attended: true }), 1)?.unread).toBe(0);
  });

  it("that come twice are shown once", () => {
    const state = play(talking(), { type: "turn", consultation: null }, received(1), received(1));
    expect(find(state, 1)?.messages).toHaveLength(1);
    expect(find(state, 1)?.unread).toBe(1);
  });

  it("are marked as delivered up to a number, the worker's only", () => {
    const state = play(
      talking(),
      own(1),
      received(2),
      own(3),
      own(4),
      told({ type: "delivered", consultation: 1, up_to: 3 }),
    );
    expect(find(state, 1)?.messages.map((it) => it.delivered)).toEqual([true, false, true, false]);
  });
});

describe("a draft", () => {
  it("belongs to its consultation", () => {
    const two = play(talking(), told({ type: "consultation", consultation: sampleConsultation(2) }));
    const state = play(two, typed("one"), { type: "select", consultation: 2 });
    expect(find(state, 1)?.draft).toBe("one");
    expect(find(state, 2)?.draft).toBe("");
  });

  it("can be sent when there is a word in it, and somebody to read it", () => {
    expect(canSend(play(talking(), typed("one")))).toBe(true);
    expect(canSend(play(talking(), typed(" \n")))).toBe(false);
    expect(canSend(play(talking(), typed("one"), { type: "connection", connection: "reconnecting" }))).toBe(
      false,
    );
    const connecting = sampleConsultation(1, { status: "connecting" });
    expect(
      canSend(play(talking(), typed("one"), told({ type: "consultation", consultation: connecting }))),
    ).toBe(false);
  });

  it("comes back when the console was lost before it took the text", () => {
    const state = play(talking(), typed("one"), { type: "send", consultation: 1 }, typed("two"));
    expect(find(state, 1)?.draft).toBe("two");
    expect(find(play(state, told(snapshot())), 1)?.draft).toBe("one\ntwo");
  });

  it("does not come back when the console has the text", () => {
    const state = play(talking(), typed("one"), { type: "send", consultation: 1 });
    const taken = {
      ...snapshot(),
      consultations: [{ ...sampleConsultation(1), messages: [workerSaid(1, "one")] }],
    };
    expect(find(play(state, told(taken)), 1)?.draft).toBe("");
    expect(find(play(state, own(1, "one"), told(snapshot())), 1)?.draft).toBe("");
  });

  it.each(["text_too_long", "queue_full"] as const)(
    "comes back when the console did not take it: %s",
    (notice) => {
      const state = play(talking(), typed("one"), { type: "send", consultation: 1 }, typed("two"));
      expect(find(play(state, told({ type: "notice", notice })), 1)?.draft).toBe("one\ntwo");
    },
  );

  it("stays while the connection of either end is broken, and can be sent", () => {
    for (const line of ["client_away", "reconnecting", "joined"] as const) {
      const broken = sampleConsultation(1, { line });
      const state = play(talking(), typed("one"), told({ type: "consultation", consultation: broken }));
      expect(find(state, 1)).toMatchObject({ draft: "one", consultation: { line } });
      expect(canSend(state)).toBe(true);
    }
  });

  it("goes when the consultation ends", () => {
    const ended = sampleConsultation(1, { status: "ended", ended: "client" });
    const state = play(talking(), typed("one"), { type: "ask_to_end", consultation: 1 });
    const over = find(play(state, told({ type: "consultation", consultation: ended })), 1);
    expect(over).toMatchObject({ draft: "", asking: null, consultation: { ended: "client" } });
  });
});

describe("what is over", () => {
  it("leaves nothing of a consultation that was wiped", () => {
    const state = play(talking(), received(1), told({ type: "forgotten", consultation: 1 }));
    expect(state.conversations).toEqual([]);
    expect(state.selected).toBeNull();
  });

  it("leaves nothing at all when the console was closed", () => {
    const state = play(talking(), received(1), typed("one"), { type: "connection", connection: "gone" });
    expect(state).toMatchObject({ conversations: [], waiting: [], connection: "gone", worker: sampleWorker });
  });

  it("keeps everything while the console may come back", () => {
    const state = play(talking(), received(1), typed("one"), {
      type: "connection",
      connection: "reconnecting",
    });
    expect(find(state, 1)).toMatchObject({ draft: "one", messages: [{ number: 1 }] });
  });
});

function received(number: number): DeskEvent {
  const message: Message = { ...workerSaid(number, "?"), from: "client" };
  return told({ type: "message", consultation: 1, message });
}

function own(number: number, text = "!"): DeskEvent {
  return told({ type: "message", consultation: 1, message: workerSaid(number, text) });
}

function workerSaid(number: number, text: string): Message {
  return {
    number,
    from: "worker",
    kind: "text",
    text,
    card: null,
    file: null,
    at: SAMPLE_NOW,
    delivered: false,
  };
}

function canSend(state: DeskState): boolean {
  const conversation = find(state, 1);
  return conversation !== undefined && sendable(state, conversation);
}
