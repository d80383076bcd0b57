// The client's page as one file, from the person's own disk: a link is pasted into it, and the relay of that link is
// spoken to. Over TLS, since the file goes nowhere without it.

import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newContext } from "./src/browser.ts";
import { House, meet, subject } from "./src/house.ts";
import { showPhotograph } from "./src/journey.ts";
import { kinds } from "./src/kinds.ts";
import { newTlsAddress, type TlsAddress } from "./src/own-certificate.ts";
import { ClientPage } from "./src/pages/client.ts";
import { offlineFile } from "./src/paths.ts";
import { type Language, languages } from "./src/texts.ts";
import { waitFor } from "./src/wait.ts";

const file = pathToFileURL(offlineFile()).href;
const neutralSite = "https://worldweather.wmo.int/";

let house: House;
let tls: TlsAddress;

beforeAll(async () => {
  house = await House.open([], async (scene) => {
    tls = await newTlsAddress(scene);
    scene.alsoAt(tls.origin);
    scene.relaySays("offline_page = true", ...tls.lines);
  });
});

afterAll(async () => {
  await house?.close();
});

async function newLink(): Promise<string> {
  const [link] = await house.scene.newLinks(house.worker, 1, ["--relay", tls.origin]);
  if (link === undefined) throw new Error("no link");
  return link;
}

async function openFile(browser: Browser, address = file, language: Language = "en"): Promise<ClientPage> {
  const context = await newContext(browser, language, { ignoreHTTPSErrors: true });
  return await ClientPage.openIn(context, address, {
    language,
    prepare: async (page) => {
      await page.route(`${neutralSite}**`, (route) =>
        route.fulfill({ contentType: "text/html", body: "<!doctype html><title>Weather</title>" }),
      );
    },
  });
}

describe.each(kinds)("$name", ({ launch }) => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launch();
  });

  afterAll(async () => {
    await browser?.close();
  });

  test("a link is pasted, a consultation held, a photograph shown; a quick exit ends it", async () => {
    const link = await newLink();
    const desk = await house.openDesk();
    await desk.goOnDuty();
    const client = await openFile(browser);
    await client.reaches("paste");
    expect(await client.page.title()).toBe("Notes");
    expect(client.watched.addresses.filter((address) => !/^(?:file|data):/.test(address))).toEqual([]);

    await client.pasteLink(`Here is your link: ${link}\n`);
    const consultation = await meet(client, desk, subject(2));
    expect(await client.everything()).not.toContain(link.split("#")[1]?.slice(0, 40));
    // What records is a script of its own, which a file has nowhere to fetch from.
    expect(await client.voiceChoice.isVisible()).toBe(false);
    await client.chooseCover("sparing");
    await client.say("hellebore, from a file");
    await consultation.hears("hellebore, from a file");
    await consultation.say("hellebore, to a file");
    await client.hears("hellebore, to a file");
    await showPhotograph(client, consultation);

    const asked = client.watched.addresses.filter((address) => !/^(?:file|data|blob):/.test(address));
    expect(new Set(asked.map((address) => new URL(address).host))).toEqual(
      new Set([new URL(tls.origin).host]),
    );
    const left = await client.exit.evaluate((button: HTMLElement) => {
      button.click();
      return document.body.childElementCount;
    });
    expect(left).toBe(0);
    await waitFor("the tab to be at the neutral site", async () => {
      const at = await client.page.evaluate(() => location.href).catch(() => undefined);
      return at === neutralSite ? true : undefined;
    });
    await consultation.lineIs("client_away");
    expect(client.watched.problems).toEqual([]);
    await client.close();
    await consultation.end();
    await consultation.forget();
    await desk.goOffDuty();
    await desk.close();
  }, 180_000);

  test("with one byte of its script changed, nothing of it runs", async () => {
    const html = await readFile(offlineFile(), "utf8");
    const changed = html.replace("paste-not-a-link", "paste-not-a-lino");
    expect(changed).not.toBe(html);
    const copy = path.join(house.scene.directory, "changed.html");
    await writeFile(copy, changed);
    const client = await openFile(browser, pathToFileURL(copy).href);
    await waitFor("the refusal", async () =>
      client.watched.problems.some((problem) => /script-src/.test(problem)) ? true : undefined,
    );
    expect(await client.main.count()).toBe(0);
    expect(await client.page.locator("input, textarea, form, button").count()).toBe(0);
    // What stands there without a script comes, and says what may have happened.
    const words = client.page.locator('section[lang="uk"]');
    await words.waitFor({ state: "visible" });
    expect(await words.textContent()).toContain("Якщо файл змінили дорогою");
    await client.close();
  });
});

test("what is not a link is told apart in every language, and nothing is sent", async () => {
  for (const language of languages) {
    const client = await openFile(house.browser, file, language);
    await client.reaches("paste");
    const link = await newLink();
    for (const [pasted, id] of [
      ["", "paste-empty"],
      ["hello", "paste-not-a-link"],
      [link.replace("https:", "http:"), "paste-unencrypted"],
      [link.slice(0, -20), "link-damaged-text"],
    ] as const) {
      await client.pasteLink(pasted);
      expect(await client.page.locator("#link-problem").textContent()).toContain(client.text(id));
    }
    expect(client.watched.addresses.filter((address) => !/^(?:file|data):/.test(address))).toEqual([]);
    expect(client.watched.problems).toEqual([]);
    await client.close();
  }
}, 120_000);

test("a relay that takes no pages from files: nothing is sent, and the page says what it may be", async () => {
  await house.scene.killRelay();
  house.scene.relaySays(...tls.lines);
  await house.scene.startRelay([house.service]);
  const client = await openFile(house.browser);
  await client.pasteLink(await newLink());
  await client.reaches("unreachable");
  expect(await client.words()).toContain(client.text("unreachable-apart"));
  expect(client.watched.addresses.some((address) => address.startsWith("ws"))).toBe(false);
  await client.close();
});
