// The client's whole journey in each browser that we can have: a link, waiting, words both ways, another worker,
// the way out. Times are printed: how long a client's device computes, as the wire shows it.

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { storedBy } from "./src/browser.ts";
import { handshakeTimes } from "./src/handshake-times.ts";
import { hardTexts } from "./src/hard-texts.ts";
import { meet, subject } from "./src/house.ts";
import {
  changeWorker,
  elsewhere,
  elsewheres,
  expectNothingStored,
  leaveAtOnce,
  lineOf,
  openPlace,
  type Place,
  showPhotograph,
  talk,
} from "./src/journey.ts";
import { kinds } from "./src/kinds.ts";
import { lastWords, torn } from "./src/last-words.ts";
import { ClientPage } from "./src/pages/client.ts";

/** A tenfold of what we promise for an idle machine: tests run two at a time. */
const HANDSHAKE_MAX_MS = 1_500;

describe.each(kinds)("$name", ({ name, launch, isSafer }) => {
  let place: Place;
  let browser: Browser;

  beforeAll(async () => {
    place = await openPlace();
    browser = await launch();
  });

  afterAll(async () => {
    await browser?.close();
    await place?.house.close();
  });

  test("is what it is called", async () => {
    const page = await browser.newPage();
    await page.goto(`${place.house.scene.origin}/`);
    const has = await page.evaluate(() => ({
      webAssembly: "WebAssembly" in globalThis,
      serviceWorkers: "serviceWorker" in navigator,
      webRtc: "RTCPeerConnection" in globalThis,
      mathMl: document.createElementNS("http://www.w3.org/1998/Math/MathML", "math").constructor !== Element,
      ownZone: Intl.DateTimeFormat().resolvedOptions().timeZone !== "Atlantic/Reykjavik",
    }));
    const all = !isSafer;
    expect(has).toEqual({ webAssembly: all, serviceWorkers: all, webRtc: all, mathMl: all, ownZone: all });
    const loopMs = await timeLoop(page);
    console.log(`${name}: a loop of thirty million rounds takes ${Math.round(loopMs)} ms`);
    // With a compiler it takes about 20 ms here, without one about 800.
    if (isSafer) expect(loopMs).toBeGreaterThan(250);
    await page.close();
  });

  test("the whole journey", async () => {
    const { house, first } = place;
    const link = await house.newLink();
    const openedAt = performance.now();
    const client = await ClientPage.open(browser, link, { prepare: elsewhere });
    await client.reaches("welcome");
    const shownMs = Math.round(performance.now() - openedAt);
    expect(client.page.url()).toBe(link.split("#")[0]);
    expect(await client.everything()).not.toContain(link.split("#")[1]?.slice(0, 40));

    const consultation = await meet(client, first, subject(2));
    const times = handshakeTimes(house.scene.recorder);
    console.log(`${name}: welcome after ${shownMs} ms; the client's device computes ${times.text}`);
    expect(times.totalMs).toBeLessThan(HANDSHAKE_MAX_MS);
    await talk(client, consultation);
    const chosenAt = performance.now();
    await showPhotograph(client, consultation);
    console.log(
      `${name}: a photograph was seen ${Math.round(performance.now() - chosenAt)} ms after its choice`,
    );

    const arrived = await changeWorker(place, client, consultation);
    await client.say("hellebore, to the second");
    await arrived.hears("hellebore, to the second");
    await arrived.say("hellebore, from the second");
    await client.hears("hellebore, from the second");
    expect((await client.said()).map(({ text }) => text)).toEqual([
      ...hardTexts.flatMap(({ text }) => [text, text]),
      "hellebore, to the second",
      "hellebore, from the second",
    ]);
    expect(await storedBy(client.page)).toEqual([]);

    const wire = lineOf(house);
    const leftAt = await leaveAtOnce(client);
    expect(await lastWords(wire, leftAt)).toEqual(torn);
    await arrived.lineIs("client_away");
    await arrived.statusIs("open");
    await expectNothingStored(client, house.scene.origin);
    const { host } = new URL(house.scene.origin);
    const elsewhereAsked = client.watched.addresses.filter((address) => new URL(address).host !== host);
    expect(new Set(elsewhereAsked)).toEqual(new Set(elsewheres));
    expect(client.watched.leaveQuestions).toBe(0);
    expect(client.watched.problems).toEqual([]);
    await client.close();
  }, 240_000);
});

/** Thirty million rounds, timed from outside: Tor Browser's own clock is coarse on purpose. */
async function timeLoop(page: Page): Promise<number> {
  const startedAt = performance.now();
  await page.evaluate(() => {
    let sum = 0;
    for (let round = 0; round < 30_000_000; round += 1) sum = (sum + round) | 0;
    return sum;
  });
  return performance.now() - startedAt;
}
