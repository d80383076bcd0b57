import { describe, expect, it } from "vitest";
import { groupsFor, isFull, toggled } from "./codes.ts";
import type { CodeGroup } from "./content.ts";
import { groupName, labelName } from "./indicator-words.ts";
import { type DeskState, find, hasRoom } from "./model.ts";
import { areDays, reportDays } from "./report.ts";
import { SAMPLE_NOW, sampleConsultation } from "./samples.ts";
import { sampleColleagues } from "./samples-colleagues.ts";
import { sampleCoding, samplePack, sampleSheet } from "./samples-content.ts";
import { textIn } from "./sources.ts";
import { type DeskEvent, handOverUnderWay, isOpenToClient } from "./state.ts";
import { play, signedIn, snapshot, talking, told, typed } from "./testing.ts";
import { initialTools } from "./tools.ts";

const [need, result] = sampleCoding as [CodeGroup, CodeGroup];
const locked: DeskEvent = told({ type: "locked", locked: true, wrong_passphrase: false, wait_seconds: 0 });

describe("answers", () => {
  it("are several where several may be true, and one where one is", () => {
    const many = toggled(toggled({}, need, "overdose"), need, "information");
    expect(many).toEqual({ need: ["overdose", "information"] });
    expect(toggled(many, need, "overdose")).toEqual({ need: ["information"] });
    const one = toggled(toggled({}, result, "solved"), result, "partly");
    expect(one).toEqual({ result: ["partly"] });
    expect(toggled(one, result, "partly")).toEqual({});
  });

  it("are three at most of one question, until one is taken back", () => {
    const three = ["overdose", "information", "testing"].reduce((codes, it) => toggled(codes, need, it), {});
    expect(isFull(three, need)).toBe(true);
    expect(toggled(three, need, "medical")).toEqual(three);
    const two = toggled(three, need, "overdose");
    expect(isFull(two, need)).toBe(false);
    expect(toggled(two, need, "medical")).toEqual({ need: ["information", "testing", "medical"] });
    expect(isFull(toggled({}, result, "solved"), result)).toBe(false);
  });

  it("are said in the words of the catalogue, of the service, or as they are named", () => {
    const text = textIn("uk");
    expect(groupName("kit", text)).toBe("Набори");
    expect(labelName(sampleCoding, "result", "partly", text)).toBe("частково");
    expect(labelName(sampleCoding, "need", "own_1", text)).toBe("документи");
    expect(labelName(sampleCoding, "kit", "own_1", text)).toBe("own 1");
    expect([groupName("tea_time", text), labelName([], "tea", "much-milk", text)]).toEqual([
      "tea time",
      "much milk",
    ]);
    // Definitions are for the report.
    expect(() => text("table-kit-about")).toThrow();
  });

  it("to what was needed are those of the service, unless it names none", () => {
    expect(groupsFor(sampleCoding, samplePack)[0]?.labels).toEqual(samplePack.needs);
    expect(groupsFor(sampleCoding, { ...samplePack, needs: [] })[0]?.labels).toEqual(need.labels);
    expect(groupsFor(sampleCoding, { ...samplePack, needs: ["not_ours"] })[0]?.labels).toEqual(need.labels);
  });

  it("stay while the consultation ends, and while its state is told again", () => {
    const group = { type: "toggle_code", consultation: 1, group: need, label: "overdose" } as const;
    const over = sampleConsultation(1, { status: "ended", ended: "client" });
    const told1 = told({ type: "consultation", consultation: over });
    const again = told({ ...snapshot(), consultations: [{ ...over, messages: [] }] });
    expect(find(play(talking(), told1, group, told1, again), 1)?.codes).toEqual({ need: ["overdose"] });
  });
});

describe("the lock", () => {
  it("takes every word off the page, drafts and whispers and lists too", () => {
    const state = play(
      talking(),
      typed("a draft"),
      said("a word"),
      told({ type: "announcements", announcements: [{ id: 1, from: null, text: "a word", at: SAMPLE_NOW }] }),
      { type: "whisper_draft", colleague: 1, text: "a word" },
      { type: "announcement", text: "a word" },
      { type: "pick", consultation: 1, of: "replies" },
      { type: "pick_query", query: "a word" },
      locked,
    );
    expect(JSON.stringify(state)).not.toContain("a word");
    expect(JSON.stringify(state)).not.toContain("a draft");
    expect(state).toMatchObject({
      conversations: [],
      pack: null,
      worker: { alias: "Mira" },
      lock: { locked: true },
    });
  });

  it("lets nothing in that was on its way when the worker locked", () => {
    const consultation = sampleConsultation(2, { summary: "a word" });
    const message = { number: 1, from: "colleague", text: "a word", at: SAMPLE_NOW } as const;
    const whisper = { ...message, delivered: false, failed: false };
    const state = play(
      talking(),
      locked,
      told({ type: "consultation", consultation }),
      told({ type: "whisper", colleague: 1, message: whisper }),
    );
    expect(JSON.stringify(state)).not.toContain("a word");
  });

  it("comes with the snapshot too, and goes with the next", () => {
    const empty = { ...snapshot(), consultations: [], colleagues: [], pack: null, locked: true };
    const state = play(talking(), said("a word"), told(empty));
    expect(state.lock?.locked).toBe(true);
    expect(JSON.stringify(state)).not.toContain("a word");
    expect(play(state, told(snapshot())).lock).toBeNull();
  });

  it("says what a wrong passphrase costs, second by second", () => {
    const wrong = told({ type: "locked", locked: true, wrong_passphrase: true, wait_seconds: 2 });
    const state = play(talking(), locked, { type: "unlocking" }, wrong);
    expect(state.lock).toMatchObject({ wrong_passphrase: true, wait_seconds: 2, checking: false });
    const waited = play(state, { type: "lock_waited" }, { type: "lock_waited" }, { type: "lock_waited" });
    expect(waited.lock?.wait_seconds).toBe(0);
  });
});

describe("one thing at a time", () => {
  it("is asked in a consultation: a list and a question close each other", () => {
    const asked = play(talking(), { type: "ask_to_end", consultation: 1 });
    const picking = play(asked, { type: "pick", consultation: 1, of: "cards" });
    expect(find(picking, 1)?.asking).toBeNull();
    expect(picking.tools.picker?.of).toBe("cards");
    for (const event of ["ask_to_end", "ask_to_hand_over", "ask_more", "show_script"] as const) {
      expect(play(picking, { type: event, consultation: 1 }).tools.picker).toBeNull();
    }
  });
});

describe("a reply", () => {
  it("goes after what is already written, and closes the list", () => {
    const state = play(
      talking(),
      typed("Hello."),
      { type: "pick", consultation: 1, of: "replies" },
      { type: "insert", consultation: 1, text: "How are you?" },
    );
    expect(find(state, 1)?.draft).toBe("Hello. How are you?");
    expect(state.tools.picker).toBeNull();
  });

  it("is looked for only where the client is written to", () => {
    const whispering = play(talking(), { type: "whispers", open: true });
    const picking = play(whispering, { type: "pick", consultation: 1, of: "replies" });
    expect(picking.writingTo).toBe("clients");
    expect(play(picking, { type: "whispers", open: true }).tools.picker).toBeNull();
    expect(play(picking, { type: "write_to_colleague", colleague: 1 }).tools.picker).toBeNull();
  });
});

describe("handing over with nobody on duty", () => {
  const asked: DeskEvent = { type: "ask_to_hand_over", consultation: 1 };

  it("leaves the client's field open, and a colleague who arrives does not close it", () => {
    const alone = play(talking(), told({ type: "colleagues", colleagues: [] }), asked);
    expect(isOpen(alone)).toBe(true);
    const arrived = play(alone, told({ type: "colleagues", colleagues: sampleColleagues }));
    expect(isOpen(arrived)).toBe(true);
    expect(find(arrived, 1)?.asking).toBe("nobody");
    expect(isOpen(play(arrived, asked))).toBe(false);
  });
});

describe("going off duty", () => {
  it("is warned about while a consultation is on its way to somebody", () => {
    expect(handOverUnderWay(talking())).toBe(false);
    const asking = sampleConsultation(1, { hand_over: { colleague: 1, stage: "asking_client" } });
    expect(handOverUnderWay(play(talking(), told({ type: "consultation", consultation: asking })))).toBe(
      true,
    );
    const over = sampleConsultation(1, { ...asking, status: "ended", ended: "handed_over", line: null });
    expect(handOverUnderWay(play(talking(), told({ type: "consultation", consultation: over })))).toBe(false);
  });
});

describe("a consultation that is muted", () => {
  it("asks for nothing", () => {
    const muted = sampleConsultation(1, { muted: true });
    const state = play(
      talking(),
      { type: "turn", consultation: null },
      told({ type: "consultation", consultation: muted }),
      said("…"),
    );
    expect(find(state, 1)).toMatchObject({ unread: 0, messages: [{ number: 1 }] });
    expect(find(play(talking(), { type: "turn", consultation: null }, said("…")), 1)?.unread).toBe(1);
  });
});

describe("room", () => {
  it("is what the worker chose, less those under way", () => {
    const one = play(talking(), told({ type: "capacity", capacity: 1 }));
    expect(hasRoom(one)).toBe(false);
    const over = sampleConsultation(1, { status: "ended", ended: "client" });
    expect(hasRoom(play(one, told({ type: "consultation", consultation: over })))).toBe(true);
  });
});

describe("an announcement", () => {
  it("stays in its field until the console has taken it", () => {
    const own = { id: 3, from: null, text: "Naloxone is here", at: SAMPLE_NOW };
    const before = told({ type: "announcements", announcements: [own] });
    const written: DeskEvent = { type: "announcement", text: " Naloxone is here\n" };
    const refused = play(talking(), before, written, told({ type: "notice", notice: "queue_full" }), before);
    expect(refused.tools.announcement).toBe(" Naloxone is here\n");
    const taken = told({ type: "announcements", announcements: [own, { ...own, id: 4 }] });
    expect(play(refused, taken).tools.announcement).toBe("");
  });
});

describe("links", () => {
  it("can be asked for again when the connection that had asked is gone", () => {
    const asked = play(talking(), { type: "panel", panel: "links" }, { type: "links_asked" });
    expect(asked.tools.making).toBe(true);
    expect(play(asked, told(snapshot())).tools.making).toBe(false);
  });

  const links = told({ type: "links", ...sampleSheet });

  it("are shown only where they were asked for, and not left lying about", () => {
    expect(play(signedIn(), links).tools.sheet).toBeNull();
    const asked = play(signedIn(), { type: "panel", panel: "links" }, { type: "links_asked" }, links);
    expect(asked.tools.sheet?.links).toHaveLength(3);
    expect(play(asked, { type: "panel", panel: null }).tools.sheet).toBeNull();
  });

  it("are marked as copied one at a time, and not when others are made", () => {
    const open = play(signedIn(), { type: "panel", panel: "links" }, { type: "links_asked" }, links);
    const copied = play(open, { type: "link_copied", at: 0 }, { type: "link_copied", at: 2 });
    expect(copied.tools.copied).toBe(2);
    expect(play(copied, { type: "links_asked" }, links).tools.copied).toBeNull();
    expect(play(copied, { type: "panel", panel: null }).tools.copied).toBeNull();
  });
});

describe("a report", () => {
  const made = told({ type: "report", path: `/report/${"a".repeat(32)}` });
  const open = { type: "panel", panel: "report" } as const;

  it("is about the month before this one, until the worker says otherwise", () => {
    const januaryTheFirst = Date.UTC(2027, 0, 1, 12) / 1000;
    expect(reportDays(initialTools, januaryTheFirst)).toEqual({ from: "2026-12-01", to: "2026-12-31" });
    const state = play(signedIn(), { type: "report_days", days: { from: "2026-03-02" } });
    expect(reportDays(state.tools, januaryTheFirst)).toEqual({ from: "2026-03-02", to: "2026-12-31" });
  });

  it("has a first and a last day", () => {
    expect(areDays({ from: "2026-11-01", to: "2026-11-01" })).toBe(true);
    expect(areDays({ from: "2026-11-02", to: "2026-11-01" })).toBe(false);
    expect(areDays({ from: "", to: "2026-11-01" })).toBe(false);
  });

  it("is shown where it was asked for, and opens once", () => {
    expect(play(signedIn(), made).tools.reportPath).toBeNull();
    const asked = play(signedIn(), open, { type: "report_asked" });
    expect(asked.tools.reporting).toBe(true);
    const there = play(asked, made);
    expect(there.tools).toMatchObject({ reporting: false, reportPath: `/report/${"a".repeat(32)}` });
    expect(play(there, { type: "report_opened" }).tools.reportPath).toBeNull();
    expect(play(there, { type: "panel", panel: null }).tools.reportPath).toBeNull();
  });

  it("can be asked for again after a notice, or when the connection is gone", () => {
    const asked = play(signedIn(), open, { type: "report_asked" });
    for (const event of [told({ type: "notice", notice: "report_no_periods" }), told(snapshot())]) {
      expect(play(asked, event).tools.reporting).toBe(false);
    }
  });
});

function said(text: string): DeskEvent {
  const message = {
    number: 1,
    from: "client",
    kind: "text",
    text,
    card: null,
    file: null,
    at: SAMPLE_NOW,
    delivered: false,
  } as const;
  return told({ type: "message", consultation: 1, message });
}

function isOpen(state: DeskState): boolean {
  const conversation = find(state, 1);
  return conversation !== undefined && isOpenToClient(state, conversation);
}
