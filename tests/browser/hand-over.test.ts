// A consultation goes over to a colleague: with the client's word, with nothing lost, and also when the first
// worker's program is killed on the way.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { arrival, House, meet, mira, samir, subject } from "./src/house.ts";
import type { ClientPage } from "./src/pages/client.ts";
import type { DeskConsultation, DeskPage } from "./src/pages/desk.ts";
import type { Desk } from "./src/processes.ts";
import { deskLanguages, type Language } from "./src/texts.ts";
import { waitFor } from "./src/wait.ts";

const summary = "Спрашивает о тестах. summary-snapdragon, никаких имён.";
const trace = "summary-snapdragon";

interface Pair {
  readonly house: House;
  readonly colleague: Desk;
  readonly first: DeskPage;
  readonly second: DeskPage;
}

async function openPair(): Promise<Pair> {
  const house = await House.open();
  try {
    const colleague = await house.newColleague(samir);
    const first = await house.openDesk();
    await first.goOnDuty();
    const second = await house.openDesk("en", colleague);
    await second.goOnDuty();
    return { house, colleague, first, second };
  } catch (error) {
    await house.close();
    throw error;
  }
}

/** A client who talks with the first worker. */
async function beginTalk(
  { house, first }: Pair,
  language: Language = "en",
): Promise<{ readonly client: ClientPage; readonly consultation: DeskConsultation }> {
  const client = await house.openClient(await house.newLink(), { language });
  const consultation = await meet(client, first, subject(4));
  await client.say("hello, first");
  await consultation.hears("hello, first");
  await client.deliveredAre(1);
  return { client, consultation };
}

/** The second worker has said yes, and the client is asked. */
async function askClient(pair: Pair, client: ClientPage, consultation: DeskConsultation): Promise<string> {
  await consultation.handOver(samir.alias, summary);
  await consultation.stageIs("asking_colleague");
  await pair.second.requests.waitFor();
  await pair.second.takeOver();
  return await client.handOverIsAsked();
}

/** They talk, both ways. */
async function expectTalk(client: ClientPage, consultation: DeskConsultation, word: string): Promise<void> {
  await client.say(`${word}, from the client`);
  await consultation.hears(`${word}, from the client`);
  await consultation.say(`${word}, from the worker`);
  await client.hears(`${word}, from the worker`);
}

function heard(said: readonly { readonly from: string; readonly text: string }[], from: string) {
  return said.filter((one) => one.from === from).map(({ text }) => text);
}

describe("the first worker proposes, the second takes it, the client agrees", () => {
  let pair: Pair;

  beforeAll(async () => {
    pair = await openPair();
  });

  afterAll(async () => {
    await pair?.house.close();
  });

  for (const language of deskLanguages) {
    test(`in ${language}: the client sees who comes, and nothing is lost`, async () => {
      const { first, second } = pair;
      await first.chooseLanguage(language);
      await second.chooseLanguage(language);
      const { client, consultation } = await beginTalk(pair, language);
      const asked = await askClient(pair, client, consultation);
      const role = client.text("role-doctor");
      const whom = { alias: mira.alias, next: samir.alias, role };
      expect(asked).toContain(client.text("hand-over-ask", whom));
      expect(asked).toContain(client.text("hand-over-knows", whom));
      expect(await client.alias()).toBe(mira.alias);
      const withFirst = await client.safetyWords();
      expect(new Set(withFirst).size).toBeGreaterThan(1);
      expect(await consultation.safetyWords()).toEqual(withFirst);

      // In steady cover at most two of each still reach the other end before the client goes.
      const words = ["one", "two", "three", "four"];
      for (const word of words) await client.say(`client ${word}`);
      for (const word of words) await consultation.say(`worker ${word}`);
      await client.answerHandOver("go");
      await client.note("came").waitFor({ timeout: 40_000 });
      const arrived = await arrival(pair.second);

      expect(await client.note("came").textContent()).toBe(client.text("note-came", whom));
      expect(await client.alias()).toBe(samir.alias);
      expect(await client.role()).toBe(client.text("talking-role", { role }));
      expect(await client.state()).toBe("talking");
      expect(await client.page.locator(".log-start").count()).toBe(1);
      await expectHandedOver(consultation, arrived);
      const withSecond = await client.safetyWords();
      expect(await arrived.safetyWords()).toEqual(withSecond);
      expect(withSecond, "other keys, other words").not.toEqual(withFirst);

      await expectTalk(client, arrived, "with the second");
      await client.deliveredAre(words.length + 2, 60_000);
      await expectNothingLost(client, consultation, arrived, words);
      expect(await client.everything()).not.toContain(trace);
      for (const said of [await client.words(), await arrived.words()]) {
        expect(said).not.toMatch(/\{ ?\$|\b(?:role|note|line|stage|ended|hand-over|notice)-[a-z]+/);
      }
      await client.end();
      await client.isWiped();
      expect(await arrived.endedAs("client")).toBe(second.text("ended-client"));
      await arrived.forget();
      await consultation.forget();
    }, 180_000);
  }

  async function expectHandedOver(consultation: DeskConsultation, arrived: DeskConsultation): Promise<void> {
    const { first, second } = pair;
    expect(await consultation.endedAs("handed_over")).toContain(samir.alias);
    expect(await first.words()).toContain(first.text("status-ended"));
    const { words, summary: shown } = await arrived.takenOver();
    expect(shown).toBe(summary);
    expect(words).toContain(mira.alias);
    expect(words).toContain(second.text("summary-unseen"));
    expect(await second.requests.count()).toBe(0);
  }

  /** Each word is where somebody reads it, and nowhere twice. */
  async function expectNothingLost(
    client: ClientPage,
    consultation: DeskConsultation,
    arrived: DeskConsultation,
    words: readonly string[],
  ): Promise<void> {
    const fromClient = [
      "hello, first",
      ...words.map((word) => `client ${word}`),
      "with the second, from the client",
    ];
    const atFirst = heard(await consultation.said(), "client");
    const atSecond = heard(await arrived.said(), "client");
    expect(atFirst).toEqual(fromClient.slice(0, atFirst.length));
    expect(atSecond).toEqual(fromClient.slice(fromClient.length - atSecond.length));
    // What had arrived without the client's knowledge comes again; a gap there must never be.
    expect(atFirst.length + atSecond.length).toBeGreaterThanOrEqual(fromClient.length);
    expect(atSecond).toContain("client four");
    const fromWorkers = [...words.map((word) => `worker ${word}`), "with the second, from the worker"];
    await waitFor(
      "the first worker's last words",
      async () => (heard(await client.said(), "advisor").length === fromWorkers.length ? true : undefined),
      60_000,
    );
    expect([...heard(await client.said(), "advisor")].sort()).toEqual([...fromWorkers].sort());
    expect(heard(await client.said(), "you")).toEqual(fromClient);
  }

  test("the client would rather stay: they stay, and the colleague's desk forgets the request", async () => {
    const { first, second } = pair;
    await first.chooseLanguage("en");
    await second.chooseLanguage("en");
    const { client, consultation } = await beginTalk(pair);
    await askClient(pair, client, consultation);
    await client.answerHandOver("stay");
    await client.page.locator('.talk[data-hand-over="none"]').waitFor();
    await first.notice("hand_over_refused").waitFor();
    await consultation.stageIsOver();
    await second.notice("hand_over_gone").waitFor();
    expect(await second.requests.count()).toBe(0);
    expect(await client.alias()).toBe(mira.alias);
    await expectTalk(client, consultation, "still with the first");
    await second.consultationsAre(0);
    await client.end();
    await consultation.statusIs("ended");
    await consultation.forget();
  }, 120_000);

  test("the colleague cannot: the client is not asked, the first worker is told", async () => {
    const { first, second } = pair;
    const { client, consultation } = await beginTalk(pair);
    await consultation.handOver(samir.alias, summary);
    await second.requests.locator('[data-test="not-now"]').click();
    await first.notice("hand_over_declined").waitFor();
    await consultation.stageIsOver();
    expect(await client.page.locator('.talk[data-hand-over="none"]').count()).toBe(1);
    await expectTalk(client, consultation, "as before");
    await client.end();
    await consultation.statusIs("ended");
  }, 120_000);
});

describe("the first worker's program is killed", () => {
  test("right after the client was asked: the client can still agree, and talks with the second", async () => {
    const pair = await openPair();
    try {
      const { client, consultation } = await beginTalk(pair);
      await askClient(pair, client, consultation);
      await pair.house.desk.child.kill("SIGKILL");
      await client.say("said after the kill");
      const agreedAt = Date.now();
      await client.answerHandOver("go");
      await client.note("came").waitFor({ timeout: 40_000 });
      console.log(`without the first worker, the second is there ${Date.now() - agreedAt} ms after the yes`);
      expect(await client.alias()).toBe(samir.alias);
      const arrived = await arrival(pair.second);
      await arrived.hears("said after the kill");
      await expectTalk(client, arrived, "without the first");
      await client.deliveredAre(3);
      expect((await arrived.takenOver()).summary).toBe(summary);
    } finally {
      await pair.house.close();
    }
  }, 120_000);

  test("right after the colleague was asked: the client is told plainly, and can end", async () => {
    const pair = await openPair();
    try {
      const { client, consultation } = await beginTalk(pair);
      await consultation.handOver(samir.alias, summary);
      await pair.second.requests.waitFor();
      await pair.house.desk.child.kill("SIGKILL");
      const killedAt = Date.now();
      await client.lineIs("advisor-away");
      console.log(
        `the worker's program was killed: the client's page says so after ${Date.now() - killedAt} ms`,
      );
      const { alias } = mira;
      expect(await client.lineWords()).toBe(client.text("line-advisor-away", { alias }));
      await waitFor("the request to leave the second desk", async () =>
        (await pair.second.requests.count()) === 0 ? true : undefined,
      );
      await client.say("is anybody there?");
      await waitFor(
        "the longer sentence",
        async () => ((await client.lineWords()) === client.text("line-away-choice") ? true : undefined),
        75_000,
      );
      expect(Date.now() - killedAt).toBeGreaterThan(55_000);
      expect(await client.page.locator(".line-minutes").textContent()).toContain(alias);
      expect(await client.page.locator('[data-test="underway"]').allTextContents()).toEqual([
        client.text("underway-advisor-away"),
      ]);
      await client.end();
      await client.reaches("ended by-you");
      expect(await client.everything()).not.toContain("is anybody there?");
    } finally {
      await pair.house.close();
    }
  }, 180_000);
});
