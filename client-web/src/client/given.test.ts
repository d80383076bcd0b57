import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { issueLinkText, ORIGIN } from "../protocol/testing.ts";
import type { Card } from "./card-words.ts";
import type { AdvisorMessage } from "./consultation.ts";
import { sampleCard } from "./gallery-cards.ts";
import { Bench } from "./testing.ts";
import { FakeRelay, FakeWorker } from "./testing-relay.ts";

let bench: Bench;
let relay: FakeRelay;
let mira: FakeWorker;

beforeEach(() => {
  vi.useFakeTimers();
  bench = new Bench();
  mira = new FakeWorker();
  relay = new FakeRelay(bench, mira);
});

afterEach(() => {
  vi.useRealTimers();
});

const given = (): readonly AdvisorMessage[] =>
  bench.talking.entries.flatMap((entry) => (entry.from === "advisor" ? [entry] : []));

describe("what an advisor gives", () => {
  test("a card comes whole, however long it is, in its place among the words", async () => {
    const long: Card = { kind: "leaflet", title: "ы".repeat(200), body: "- строка\n".repeat(1_000) };
    await bench.toTalking();
    mira.say("before");
    mira.give({ type: "card", ...sampleCard });
    mira.give({ type: "card", ...long });
    mira.say("after");
    await bench.passes(3_000);
    expect(given()).toMatchObject([
      { alias: "Mira", kind: "text", text: "before" },
      { alias: "Mira", kind: "card", card: sampleCard },
      { alias: "Mira", kind: "card", card: long },
      { alias: "Mira", kind: "text", text: "after" },
    ]);
  });

  test("a link to come back with leads to where this page is", async () => {
    await bench.toTalking();
    const linkText = issueLinkText({ channel: 7 });
    mira.give({ type: "return_link", linkText });
    await bench.passes(1_000);
    expect(given()).toMatchObject([{ kind: "return-link", link: { address: `${ORIGIN}/#${linkText}` } }]);
  });

  test.each([
    ["of another service", issueLinkText({ issuer: "somebody" })],
    ["that is a door", issueLinkText({ kind: 2 })],
  ])("a link to come back with %s is never shown", async (_, linkText) => {
    await bench.toTalking();
    mira.give({ type: "return_link", linkText });
    await bench.passes(1_000);
    expect(bench.state).toMatchObject({ status: "ended", how: "broken" });
    expect(JSON.stringify(bench.states)).not.toContain(linkText);
  });

  test("leaves the page with the conversation", async () => {
    await bench.toTalking();
    mira.give({ type: "return_link", linkText: issueLinkText() });
    mira.give({ type: "card", ...sampleCard });
    await bench.passes(1_000);
    bench.visit.end();
    expect(bench.state).toEqual({ status: "ended", how: "by-you", isDoor: false, isWiped: false });
  });
});

describe("an advisor who suggests to end", () => {
  async function toProposed(): Promise<void> {
    await bench.toTalking();
    mira.give({ type: "end_proposal" });
    await bench.passes(1_000);
    expect(bench.talking.isEndProposed).toBe(true);
  }

  test("ends nothing: the person is asked, and may go on", async () => {
    await toProposed();
    bench.visit.declineEnd();
    expect(bench.talking.isEndProposed).toBe(false);
    bench.visit.say("one more thing");
    await bench.passes(6_000);
    expect(mira.endsDeclined).toBe(1);
    expect(mira.heard).toEqual(["one more thing"]);
    mira.give({ type: "end_proposal" });
    await bench.passes(1_000);
    expect(bench.talking.isEndProposed).toBe(true);
  });

  test("is told that it is over by who agrees", async () => {
    await toProposed();
    bench.visit.end();
    expect(bench.state).toMatchObject({ status: "ended", how: "by-you" });
    await bench.passes(1_000);
    expect(mira.isClosed).toBe(true);
    expect(mira.endsDeclined).toBe(0);
  });

  test("is answered once, and never by who was not asked", async () => {
    await bench.toTalking();
    bench.visit.declineEnd();
    mira.give({ type: "end_proposal" });
    await bench.passes(1_000);
    bench.visit.declineEnd();
    bench.visit.declineEnd();
    await bench.passes(6_000);
    expect(mira.endsDeclined).toBe(1);
  });

  test("has gone with a hand-over, and the question with it", async () => {
    const sam = new FakeWorker("Sam", 3);
    relay.workers.push(sam);
    await toProposed();
    mira.propose(sam);
    await bench.passes(1_000);
    bench.visit.answerHandOver(true);
    await bench.passes(6_000);
    expect(bench.talking).toMatchObject({ worker: { alias: "Sam" }, isEndProposed: false });
    bench.visit.declineEnd();
    await bench.passes(6_000);
    expect(bench.talking.line).toBe("joined");
    expect(sam.endsDeclined).toBe(0);
  });
});
