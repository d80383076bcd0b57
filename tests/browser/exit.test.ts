// Somebody is coming: one press or Escape three times, and the page, its words, its keys and its place in the
// tab's history are gone. On the wire it is a line that broke.

import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { historyOf, storedBy } from "./src/browser.ts";
import { Gallery } from "./src/gallery-pages.ts";
import { House, meet, subject } from "./src/house.ts";
import { lastWords, torn } from "./src/last-words.ts";
import type { ClientPage } from "./src/pages/client.ts";
import type { RecordedConnection } from "./src/recorder.ts";
import { waitFor } from "./src/wait.ts";
import { OPCODE } from "./src/websocket.ts";

const word = "hellebore-морозник";
const site = "https://weather.example/kyiv";
const before = "https://before.example/";
/** Longer than the longest gap between two cells, and than a page waits before it tries a lost line again. */
const QUIET_MS = 6_000;
const PEER_LEFT = 4_030;

let house: House;

beforeAll(async () => {
  house = await House.open();
  const service = await house.scene.withExit(house.service, site);
  await house.scene.killRelay();
  await house.scene.startRelay([service]);
}, 120_000);

afterEach(async () => {
  await house.closePages();
});

afterAll(async () => {
  await house?.close();
});

/** A page elsewhere, which needs no network. */
async function serve(page: Page, address: string, title: string, ready = Promise.resolve()): Promise<void> {
  await page.route(`${address}**`, async (route) => {
    await ready;
    await route.fulfill({
      contentType: "text/html",
      body: `<!doctype html><title>${title}</title><h1>${title}</h1>`,
    });
  });
}

/** The tab was somewhere else before the link was opened in it. `ready`: when the neutral site answers. */
function elsewhere(ready?: Promise<void>): (page: Page) => Promise<void> {
  return async (page) => {
    await serve(page, before, "Before");
    await serve(page, site, "Weather", ready);
    await page.goto(before);
  };
}

async function expectNoWayBack({ page }: ClientPage): Promise<void> {
  await page.waitForURL(site);
  expect((await historyOf(page)).filter((address) => address !== "about:blank")).toEqual([before, site]);
  await page.goBack();
  expect(page.url()).toBe(before);
  await page.goForward();
  expect(page.url()).toBe(site);
  expect(await page.title()).toBe("Weather");
}

/** The newest, which is this client's in every test. */
function lineOf(_: ClientPage): RecordedConnection {
  const wire = house.scene.recorder.sockets("/ws/client").at(-1);
  if (wire === undefined) throw new Error("no line was opened");
  return wire;
}

/** What somebody could find in the browser's storage of this origin. */
async function expectNothingStored({ page }: ClientPage): Promise<void> {
  const other = await page.context().newPage();
  await other.goto(house.scene.origin);
  expect(await storedBy(other)).toEqual([]);
}

test("one press in a conversation: covered at once, wiped, no way back, and only a lost line to see", async () => {
  let answer: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const desk = await house.openDesk();
  await desk.goOnDuty();
  const client = await house.openClient(await house.newLink(), { prepare: elsewhere(ready) });
  const consultation = await meet(client, desk, subject(2));
  await client.say(word);
  await consultation.hears(word);
  await consultation.say(`${word} back`);
  await client.hears(`${word} back`);
  await client.page.locator('[data-test="composer"]').fill(`${word} not sent`);
  const wire = lineOf(client);
  const seat = house.scene.recorder.sockets("/ws/seat").at(-1);
  const later: string[] = [];
  await client.page.exposeFunction("report", (html: string) => later.push(html));

  // In the same turn of the page's script, and so before the next picture. What comes later is reported, since
  // Chromium holds back a test's questions to a page that is being left.
  const left = await client.exit.evaluate((button: HTMLElement, quiet) => {
    button.click();
    setTimeout(() => {
      dispatchEvent(new Event("online"));
      document.dispatchEvent(new Event("visibilitychange"));
      dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
      const { report } = globalThis as unknown as { report: (html: string) => void };
      report(document.documentElement.outerHTML);
    }, quiet);
    const { body, title, documentElement } = document;
    return {
      elements: body.childElementCount,
      words: body.textContent,
      title,
      html: documentElement.outerHTML,
    };
  }, QUIET_MS);
  const exitAt = performance.now();
  expect(left).toMatchObject({ elements: 0, words: "", title: client.text("page-title") });
  expect(left.html).not.toContain(word);

  // The neutral site is slow. Meanwhile nothing is said, nothing comes back, and nobody is asked anything.
  const html = await waitFor("the page's report", () => later[0], 3 * QUIET_MS);
  expect(html).toBe(left.html);
  answer();
  await expectNoWayBack(client);
  expect(await lastWords(wire, exitAt)).toEqual(torn);
  // No other line was tried.
  expect(lineOf(client)).toBe(wire);
  // The relay tells the worker what it would tell of any line that broke.
  const told = await waitFor("the worker's socket to end", () => {
    const { length, [length - 1]: last } = seat?.frames ?? [];
    return last?.direction === "from-relay" && last.opcode === OPCODE.close ? last.payload : undefined;
  });
  expect(told.readUInt16BE(0)).toBe(PEER_LEFT);

  await consultation.lineIs("client_away");
  await consultation.statusIs("open");
  expect((await consultation.said()).map(({ text }) => text)).toEqual([word, `${word} back`]);
  expect(client.watched.leaveQuestions).toBe(0);
  expect(client.watched.problems).toEqual([]);
  await expectNothingStored(client);
  await consultation.end();
  await consultation.statusIs("ended");
  await consultation.forget();
  await desk.goOffDuty();
}, 180_000);

test("control: a tab that the system kills looks the same on the wire", async () => {
  const desk = await house.openDesk();
  await desk.goOnDuty();
  const client = await house.openClient(await house.newLink());
  const consultation = await meet(client, desk, subject(5));
  const wire = lineOf(client);
  const devtools = await client.page.context().newCDPSession(client.page);
  const killedAt = performance.now();
  // It has nobody left to answer.
  devtools.send("Page.crash").catch(() => undefined);
  expect(await lastWords(wire, killedAt)).toEqual(torn);
  await consultation.lineIs("client_away");
  await consultation.end();
  await consultation.statusIs("ended");
  await consultation.forget();
  await desk.goOffDuty();
}, 120_000);

test("control: a tab that is closed by its person says goodbye", async () => {
  const desk = await house.openDesk();
  await desk.goOnDuty();
  const client = await house.openClient(await house.newLink(), { prepare: elsewhere() });
  const consultation = await meet(client, desk, subject(3));
  const wire = lineOf(client);
  const leftAt = performance.now();
  await client.page.goto(site);
  expect(client.watched.leaveQuestions).toBe(1);
  expect(await lastWords(wire, leftAt)).not.toEqual(torn);
  await consultation.statusIs("ended");
  await consultation.forget();
  await desk.goOffDuty();
}, 120_000);

test("Escape three times, while waiting: the place in the waiting room is given up", async () => {
  const desk = await house.openDesk();
  await desk.goOnDuty();
  const client = await house.openClient(await house.newLink(), { prepare: elsewhere() });
  await client.startWaiting(subject(4).client);
  await desk.waitingAre(1);
  const wire = lineOf(client);
  const exitAt = performance.now();
  await client.page.keyboard.press("Escape");
  await client.page.keyboard.press("Escape");
  expect(await client.state()).toBe("waiting");
  await client.page.keyboard.press("Escape");
  await expectNoWayBack(client);
  expect(await lastWords(wire, exitAt)).toEqual(torn);
  await desk.waitingAre(0);
  await desk.goOffDuty();
}, 60_000);

test("before anything is known of a service the way out leads to the weather", async () => {
  const neutral = "https://worldweather.wmo.int/";
  const prepare = async (page: Page): Promise<void> => {
    await serve(page, neutral, "Weather");
  };
  const client = await house.openClient(`${house.scene.origin}/`, { prepare });
  await client.reaches("no-link");
  await client.exit.click();
  await client.page.waitForURL(neutral);
});

test("the way out is in sight on every screen, wherever it is scrolled to, in every language", async () => {
  const gallery = await Gallery.open();
  const page = await house.browser.newPage({ viewport: { width: 320, height: 568 } });
  const hidden: string[] = [];
  for (const state of await gallery.states(house.browser, "client")) {
    for (const language of ["ru", "ar"] as const) {
      await page.goto(gallery.address("client", state, language));
      await page.locator("h1").first().waitFor();
      for (const share of [0, 0.5, 1]) {
        const isSeen = await page.evaluate((share) => {
          scrollTo(0, share * document.documentElement.scrollHeight);
          const shown = [...document.querySelectorAll('[data-test="exit"]')].filter(
            (button) => button.getClientRects().length > 0,
          );
          const [button] = shown;
          if (button === undefined || shown.length > 1) return false;
          const { left, right, top, bottom } = button.getBoundingClientRect();
          const isInside = left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight;
          return isInside && document.elementFromPoint((left + right) / 2, (top + bottom) / 2) === button;
        }, share);
        if (!isSeen) hidden.push(`${state} in ${language}, scrolled to ${share}`);
      }
    }
  }
  await page.close();
  gallery.close();
  expect(hidden).toEqual([]);
}, 240_000);
