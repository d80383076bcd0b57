import { describe, expect, test } from "vitest";
import { type Event, type State, type Status, step } from "./consultation.ts";
import { sampleStart as start } from "./gallery-sample.ts";
import { gallery } from "./gallery-states.ts";

const worker = { alias: "Mira", role: "peer" } as const;

function stateAfter(...events: readonly Event[]): State {
  return events.reduce(step, { status: "checking" });
}

const toTalking: readonly Event[] = [
  { type: "card-opened", card: start.card, isDoor: false },
  { type: "subject-picked", subject: "health" },
  { type: "started" },
  { type: "waits", wait: "soon" },
  { type: "matched" },
  {
    type: "advisor-proven",
    worker,
    safetyPhrase: [1, 2, 3, 4, 5, 6, 7, 8],
    cover: "steady",
    canRecord: true,
  },
];

describe("the way to a conversation", () => {
  test("passes each state once", () => {
    const statuses = toTalking.map((_, i) => stateAfter(...toTalking.slice(0, i + 1)).status);
    expect(statuses).toEqual(["welcome", "welcome", "waiting", "waiting", "securing", "talking"]);
  });

  test("keeps the chosen subject", () => {
    expect(stateAfter(...toTalking)).toMatchObject({ subject: "health", worker });
  });

  test("goes back to waiting when the socket breaks before the advisor has answered", () => {
    const state = stateAfter(...toTalking.slice(0, 5), { type: "closed", closing: "lost" });
    expect(state).toMatchObject({ status: "waiting", wait: "lost", subject: "health" });
  });

  test("shows the service's hours while nobody is on duty", () => {
    const state = stateAfter(...toTalking.slice(0, 3), { type: "closed", closing: "nobody" });
    expect(state).toMatchObject({ status: "waiting", wait: "nobody" });
  });

  test("leads back to the welcome when the person leaves", () => {
    expect(stateAfter(...toTalking.slice(0, 4), { type: "left" })).toMatchObject({ status: "welcome" });
  });

  test("stops for a wrong clock and can start again", () => {
    const [relayTime, deviceTime] = [new Date(0), new Date(1e9)];
    const stopped = stateAfter(...toTalking.slice(0, 3), { type: "clock-differs", relayTime, deviceTime });
    expect(stopped).toMatchObject({ status: "clock-wrong", relayTime, deviceTime });
    expect(step(stopped, { type: "started" })).toMatchObject({ status: "waiting", subject: "health" });
  });
});

describe("a conversation", () => {
  const said: Event = { type: "said", id: 1, text: "hello" };
  const colleague = { alias: "Sam", role: "doctor" } as const;
  const asked: Event = { type: "hand-over-asked", to: colleague };

  test("marks what was delivered, and names who wrote", () => {
    const state = stateAfter(
      ...toTalking,
      said,
      { type: "heard", id: 2, text: "hi" },
      { type: "delivered", ids: [1, 2] },
    );
    expect(state).toMatchObject({
      entries: [
        { id: 1, from: "you", text: "hello", isDelivered: true },
        { id: 2, from: "advisor", alias: "Mira", text: "hi" },
      ],
    });
    expect(state).not.toMatchObject({ entries: [{}, { isDelivered: true }] });
  });

  test("goes on with another worker, and keeps who wrote what before", () => {
    const state = stateAfter(
      ...toTalking,
      said,
      { type: "heard", id: 2, text: "hi" },
      asked,
      { type: "hand-over-agreed" },
      { type: "handed-over", id: 3, worker: colleague, safetyPhrase: [8, 7, 6, 5, 4, 3, 2, 1] },
      { type: "heard", id: 4, text: "good evening" },
    );
    expect(state).toMatchObject({
      worker: colleague,
      safetyPhrase: [8, 7, 6, 5, 4, 3, 2, 1],
      handOver: undefined,
      entries: [
        { text: "hello" },
        { alias: "Mira", text: "hi" },
        { from: "page", note: "came", worker: colleague },
        { alias: "Sam", text: "good evening" },
      ],
    });
  });

  test.each([
    [{ type: "hand-over-withdrawn", id: 2 }, "withdrawn"],
    [{ type: "hand-over-failed", id: 2 }, "did-not-come"],
  ] as const)("%o stays with the first worker, and says so", (event, note) => {
    const state = stateAfter(...toTalking, asked, event);
    expect(state).toMatchObject({ worker, handOver: undefined, entries: [{ note, worker: colleague }] });
  });

  test("declined says nothing more about it", () => {
    const state = stateAfter(...toTalking, asked, { type: "hand-over-declined" });
    expect(state).toMatchObject({ worker, handOver: undefined, entries: [] });
  });

  test.each(["by-you", "by-advisor", "lost", "broken"] as const)("ended %s holds no word of it", (how) => {
    const state = stateAfter(...toTalking, said, asked, { type: "ended", how });
    expect(state).toEqual({ status: "ended", how, isDoor: false, isWiped: false });
    expect(step(state, { type: "wiped" })).toEqual({ status: "ended", how, isDoor: false, isWiped: true });
  });

  test("is not ended by the relay, which cannot know", () => {
    expect(stateAfter(...toTalking, { type: "closed", closing: "lost" }).status).toBe("talking");
  });
});

describe("what ends a visit stays", () => {
  const last: readonly Status[] = ["no-link", "link-damaged", "link-expired", "service-unproven", "ended"];
  const events: readonly Event[] = [...toTalking, { type: "left" }, { type: "closed", closing: "lost" }];

  test.each(Object.entries(gallery).filter(([, state]) => last.includes(state.status)))("%s", (_, state) => {
    for (const event of events) expect(step(state, event)).toBe(state);
  });

  test("an advisor who proved nothing is not asked twice", () => {
    const refused = stateAfter(...toTalking.slice(0, 5), { type: "advisor-unproven" });
    expect(refused).toEqual({ status: "refused", why: "advisor-unproven", again: undefined });
    for (const event of events) expect(step(refused, event)).toBe(refused);
  });
});
