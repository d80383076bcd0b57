import { describe, expect, it } from "vitest";
import { toneFor } from "./heard.ts";
import type { WaitingEntry } from "./messages.ts";
import { SAMPLE_NOW, sampleConsultation } from "./samples.ts";
import { sampleRequests } from "./samples-colleagues.ts";
import type { DeskEvent } from "./state.ts";
import { play, talking, told } from "./testing.ts";

const entry: WaitingEntry = {
  offer: "0a",
  language: "ru",
  subject: "danger",
  channel: "bot",
  waiting_since: SAMPLE_NOW,
  accepting: false,
  door: false,
  wish: null,
};
const waits: DeskEvent = told({ type: "waiting", waiting: [entry] });
const writes: DeskEvent = told({
  type: "message",
  consultation: 1,
  message: {
    number: 1,
    from: "client",
    kind: "text",
    text: "?",
    card: null,
    file: null,
    at: SAMPLE_NOW,
    delivered: false,
  },
});
const away: DeskEvent = { type: "turn", consultation: null };

function heard(...events: readonly DeskEvent[]): unknown {
  const before = play(talking(), ...events.slice(0, -1));
  return toneFor(before, play(before, ...events.slice(-1)));
}

describe("the desk is heard", () => {
  it("when somebody waits and there is room, once", () => {
    expect(heard(waits)).toBe("waiting");
    expect(heard(waits, waits)).toBeNull();
    expect(heard(told({ type: "capacity", capacity: 1 }), waits)).toBeNull();
  });

  it("when a colleague asks, room or not", () => {
    const asked = told({ type: "hand_overs", hand_overs: sampleRequests });
    expect(heard(told({ type: "capacity", capacity: 1 }), asked)).toBe("waiting");
  });

  it("when something was written that is not looked at", () => {
    expect(heard(writes)).toBeNull();
    expect(heard(away, writes)).toBe("message");
    const muted = told({ type: "consultation", consultation: sampleConsultation(1, { muted: true }) });
    expect(heard(away, muted, writes)).toBeNull();
  });

  it("never when it is switched off, or locked", () => {
    expect(heard({ type: "sound", on: false }, waits)).toBeNull();
    expect(
      heard(told({ type: "locked", locked: true, wrong_passphrase: false, wait_seconds: 0 }), waits),
    ).toBeNull();
  });
});
