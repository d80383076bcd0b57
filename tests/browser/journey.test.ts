// Whole consultations between two people: one at the page that a link opens, one at the desk page.

import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { historyOf, storedBy } from "./src/browser.ts";
import { hardTexts } from "./src/hard-texts.ts";
import { House, meet, subject } from "./src/house.ts";
import type { ClientPage } from "./src/pages/client.ts";
import type { DeskConsultation, DeskPage } from "./src/pages/desk.ts";
import { type Language, languageIn } from "./src/texts.ts";

const traces = [...hardTexts.map(({ trace }) => trace), "Мира"];

let house: House;

beforeAll(async () => {
  house = await House.open();
});

afterEach(async () => {
  await house.closePages();
});

afterAll(async () => {
  await house?.close();
});

const journeys: readonly {
  readonly language: Language;
  readonly about: ReturnType<typeof subject>;
  readonly endedBy: "client" | "worker";
}[] = [
  { language: "en", about: subject(2), endedBy: "client" },
  { language: "ru", about: subject(1), endedBy: "worker" },
  { language: "uk", about: subject(8), endedBy: "worker" },
  { language: "ar", about: subject(4), endedBy: "client" },
];

for (const { language, about, endedBy } of journeys) {
  test(`a consultation in ${language}, ended by the ${endedBy}`, async () => {
    const link = await house.newLink();
    const desk = await house.openDesk(language);
    await desk.goOnDuty();
    expect(await desk.page.evaluate(documentLanguage)).toEqual([language, language === "ar" ? "rtl" : "ltr"]);

    const client = await house.openClient(link, { language });
    await expectLinkGone(client, link);
    await client.reaches("welcome");
    expect(await client.heading()).toBe(house.service.name);
    expect(await client.page.evaluate(documentLanguage)).toEqual([
      language,
      language === "ar" ? "rtl" : "ltr",
    ]);

    await client.chooseSubject(about.client);
    await client.start();
    await client.waits("now");
    expect(await client.heading()).toBe(client.text("waiting-title"));
    await desk.entry(about.desk).waitFor();
    const entry = (await desk.entry(about.desk).textContent()) ?? "";
    expect(entry).toContain(desk.text(`subject-${about.desk}`));
    expect(entry).toContain(languageIn(language, language));

    const consultation = await desk.accept(about.desk);
    await client.reaches("talking");
    await consultation.statusIs("open");
    await desk.waitingAre(0);
    expect(await client.alias()).toBe("Мира");
    expect(await client.role()).toContain(client.text("role-outreach"));

    await client.chooseCover("sparing");
    await talk(client, consultation);
    await expectNothingKept(client, desk);
    expect(await tracesOn(client)).toEqual(traces);
    await (endedBy === "client" ? client : consultation).end();

    await client.reaches(endedBy === "client" ? "ended by-you" : "ended by-advisor");
    await consultation.statusIs("ended");
    expect(await consultation.words()).toContain(desk.text(`ended-${endedBy}`));
    await expectWiped(client);
    await expectNothingKept(client, desk);
    await consultation.forget();
    await desk.goOffDuty();
    expect(client.watched.problems).toEqual([]);
    expect(desk.watched.problems).toEqual([]);
  }, 120_000);
}

// The desk has no words in Kazakh: it names it all the same.
test.each(["uk", "kk"])(
  "the language chosen on the page, %s, is the one that the worker sees",
  async (language) => {
    const desk = await house.openDesk("en");
    await desk.goOnDuty();
    const client = await house.openClient(await house.newLink(), { language: "en" });
    await client.reaches("welcome");
    await client.chooseLanguage(language);
    expect(await client.page.evaluate(documentLanguage)).toEqual([language, "ltr"]);
    await client.chooseSubject(subject(7).client);
    await client.start();
    await client.reaches("waiting");
    await desk.entry(subject(7).desk).waitFor();
    expect(await desk.entry(subject(7).desk).textContent()).toContain(languageIn("en", language));
    await client.close();
    await desk.waitingAre(0);
    await desk.goOffDuty();
  },
);

test("on a phone a long conversation scrolls inside its log: its end and the composer stay in sight", async () => {
  const desk = await house.openDesk("uk");
  await desk.goOnDuty();
  const client = await house.openClient(await house.newLink(), { language: "uk" });
  for (const { page } of [client, desk]) await page.setViewportSize({ width: 360, height: 740 });
  const consultation = await meet(client, desk, subject(9));
  await client.chooseCover("sparing");
  for (let round = 0; round < 8; round += 1) {
    await client.say(`питання ${round} `.repeat(12).trim());
    await consultation.hears(`питання ${round} `.repeat(12).trim());
    await consultation.say(`відповідь ${round} `.repeat(12).trim());
    await client.hears(`відповідь ${round} `.repeat(12).trim());
  }
  for (const { page } of [client, desk]) {
    const { lastEnds, composerBegins, composerEnds } = await page.evaluate(() => ({
      lastEnds: [...document.querySelectorAll('[data-test="message"]')].at(-1)?.getBoundingClientRect()
        .bottom,
      composerBegins: document.querySelector('[data-test="composer"]')?.getBoundingClientRect().top,
      composerEnds: document.querySelector('[data-test="composer"]')?.getBoundingClientRect().bottom,
    }));
    expect(lastEnds).toBeLessThanOrEqual(composerBegins ?? 0);
    expect(lastEnds).toBeGreaterThan(370);
    expect(composerEnds).toBeLessThanOrEqual(740);
    // Nothing below the screen to scroll to.
    expect(await page.evaluate(() => document.documentElement.scrollHeight - innerHeight)).toBe(0);
  }
  await client.end();
  await consultation.statusIs("ended");
  await consultation.forget();
  await desk.goOffDuty();
});

describe("three clients at once", () => {
  test("no word reaches another client", async () => {
    const desk = await house.openDesk("en");
    await desk.goOnDuty();
    const links = await house.scene.newLinks(house.worker, 3);
    const talks: { client: ClientPage; consultation: DeskConsultation }[] = [];
    for (const [at, link] of links.entries()) {
      const client = await house.openClient(link);
      talks.push({ client, consultation: await meet(client, desk, subject(at + 2)) });
    }
    const rounds = 4;
    for (let round = 0; round < rounds; round += 1) {
      await Promise.all(
        talks.map(async ({ client, consultation }, at) => {
          await client.say(`client ${at} round ${round}`);
          await consultation.hears(`client ${at} round ${round}`);
        }),
      );
      for (const [at, { consultation }] of talks.entries())
        await consultation.say(`worker to ${at} round ${round}`);
      await Promise.all(talks.map(({ client }, at) => client.hears(`worker to ${at} round ${round}`)));
    }
    for (const [at, { client, consultation }] of talks.entries()) {
      const expected = Array.from({ length: rounds }, (_, round) => [
        { from: "client", text: `client ${at} round ${round}` },
        { from: "worker", text: `worker to ${at} round ${round}` },
      ]).flat();
      expect(await consultation.said()).toEqual(expected);
      expect(await client.said()).toEqual(
        expected.map(({ from, text }) => ({ from: from === "client" ? "you" : "advisor", text })),
      );
    }
    for (const { client, consultation } of talks) {
      await client.end();
      await consultation.statusIs("ended");
      await consultation.forget();
    }
    await desk.goOffDuty();
  });
});

/** Every hard text in both directions. */
async function talk(client: ClientPage, consultation: DeskConsultation): Promise<void> {
  for (const { text } of hardTexts) {
    await client.say(text);
    await consultation.hears(text);
  }
  await client.deliveredAre(hardTexts.length);
  for (const { text } of hardTexts) {
    await consultation.say(text);
    await client.hears(text);
  }
  await consultation.deliveredAre(hardTexts.length);

  const texts = hardTexts.map(({ text }) => text);
  expect(await client.said()).toEqual([
    ...texts.map((text) => ({ from: "you", text })),
    ...texts.map((text) => ({ from: "advisor", text })),
  ]);
  expect(await consultation.said()).toEqual([
    ...texts.map((text) => ({ from: "client", text })),
    ...texts.map((text) => ({ from: "worker", text })),
  ]);
  // Text, and nothing made of it.
  for (const page of [client.main, consultation.column]) {
    const messages = page.locator('[data-test="message"]');
    expect(await messages.count()).toBe(2 * hardTexts.length);
    expect(await messages.locator("img, script, svg, b").count()).toBe(0);
  }
}

/** The link is in no address, no history and nowhere on the page. */
async function expectLinkGone(client: ClientPage, link: string): Promise<void> {
  const [address, fragment] = link.split("#");
  if (fragment === undefined) throw new Error(`no fragment in ${link}`);
  expect(client.page.url()).toBe(address);
  const { atStart, now } = await client.historyLengths();
  expect(now).toBe(atStart);
  expect((await historyOf(client.page)).filter((entry) => entry.includes(fragment.slice(0, 40)))).toEqual([]);
  expect(await client.everything()).not.toContain(fragment.slice(0, 40));
}

async function expectNothingKept(client: ClientPage, desk: DeskPage): Promise<void> {
  expect(await storedBy(client.page)).toEqual([]);
  expect(await storedBy(desk.page)).toEqual([]);
  const { host } = new URL(house.scene.origin);
  expect(client.watched.addresses.filter((address) => new URL(address).host !== host)).toEqual([]);
  const deskHost = new URL(house.desk.address).host;
  expect(desk.watched.addresses.filter((address) => new URL(address).host !== deskHost)).toEqual([]);
}

/** What was said is out of sight at once; keys and socket go when the worker knows. */
async function expectWiped(client: ClientPage): Promise<void> {
  expect(await tracesOn(client)).toEqual([]);
  await client.isWiped();
  expect(await client.words()).toContain(client.text("ended-wiped"));
}

async function tracesOn(client: ClientPage): Promise<readonly string[]> {
  const everything = await client.everything();
  return traces.filter((trace) => everything.includes(trace));
}

/** Runs in the page. */
function documentLanguage(): readonly string[] {
  return [document.documentElement.lang, document.documentElement.dir];
}
