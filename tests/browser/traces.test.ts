// What a browser with a profile on disk keeps of a conversation, while it runs and after it was closed: of the words
// nothing, in no file. The link is where the browser itself puts every address that is opened, before a script can run (SECURITY.md).

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { storedBy } from "./src/browser.ts";
import { House, meet, subject } from "./src/house.ts";
import { ClientPage } from "./src/pages/client.ts";
import type { DeskConsultation, DeskPage } from "./src/pages/desk.ts";
import { offlineFile } from "./src/paths.ts";
import { PlantingSite, planted } from "./src/planting-site.ts";
import { openChromiumIn, openFirefoxIn } from "./src/profiles.ts";
import { filesWith } from "./src/search-files.ts";
import { waitFor } from "./src/wait.ts";

const exitSite = "https://weather.example/kyiv";
const said = {
  toAdvisor: "planted-lovage",
  toAdvisorInRussian: "любисток",
  toClient: "planted-mullein",
  toClientInArabic: "خزامى",
  draft: "planted-nettle",
} as const;
const SESSION_MAX_MS = 60_000;
/** Longer than a browser waits before it asks a tab again: two seconds in Firefox (src/profiles.ts), one in Chromium. */
const PRESS_EVERY_MS = 3_000;

let house: House;
let desk: DeskPage;
let site: PlantingSite;

beforeAll(async () => {
  site = await PlantingSite.open();
  house = await House.open();
  const service = await house.scene.withExit(house.service, exitSite);
  await house.scene.killRelay();
  await house.scene.startRelay([service]);
  desk = await house.openDesk();
  await desk.goOnDuty();
}, 120_000);

afterAll(async () => {
  await house?.close();
  site?.close();
});

interface Kind {
  readonly name: string;
  readonly openIn: (folder: string) => Promise<BrowserContext>;
  /** Where this browser puts what the planting site gives it to keep. */
  readonly keeps: Readonly<Record<keyof typeof planted, RegExp>>;
  /** Where it puts every address that is opened, before a script of the page can run. The first is its history. */
  readonly keepsAddresses: readonly RegExp[];
}

const kinds: readonly Kind[] = [
  {
    name: "Chromium",
    openIn: openChromiumIn,
    keeps: {
      cached: /Default\/Cache\//,
      fragment: /Default\/History$/,
      title: /Default\/History$/,
      local: /Default\/Local Storage\//,
      draft: /Default\/Sessions\/Session_/,
    },
    keepsAddresses: [
      /Default\/History(-journal|-wal)?$/,
      /Default\/Favicons(-journal|-wal)?$/,
      /Default\/Top Sites(-journal|-wal)?$/,
      /Default\/Sessions\/(Session|Tabs)_\d+$/,
      /segmentation_platform\/ukm_db(-journal|-wal)?$/,
    ],
  },
  {
    name: "Firefox ESR",
    openIn: openFirefoxIn,
    keeps: {
      cached: /cache2\/entries\//,
      fragment: /places\.sqlite$/,
      title: /places\.sqlite$/,
      local: /storage\/default\/[^/]+\/ls\/data\.sqlite$/,
      draft: /sessionstore\.jsonlz4$/,
    },
    // In the session file: as where the visit of the neutral site came from, after a quick exit.
    keepsAddresses: [
      /places\.sqlite(-wal)?$/,
      /profile\/sessionstore(\.jsonlz4|-backups\/recovery\.(jsonlz4|baklz4)(\.tmp)?)$/,
    ],
  },
];

/** Pieces of the link: its beginning, its middle, and its end, where the secret is. */
function piecesOf(link: string) {
  const fragment = link.split("#")[1] ?? "";
  if (fragment.length < 200) throw new Error("this is no link");
  return {
    linkBegins: fragment.slice(0, 40),
    linkGoesOn: fragment.slice(80, 120),
    linkEnds: fragment.slice(-48),
  };
}

async function converse(client: ClientPage): Promise<DeskConsultation> {
  const consultation = await meet(client, desk, subject(2));
  const [there, back] = [
    `${said.toAdvisor} ${said.toAdvisorInRussian}`,
    `${said.toClient} ${said.toClientInArabic}`,
  ];
  await client.say(there);
  await consultation.hears(there);
  await consultation.say(back);
  await client.hears(back);
  await client.page.locator('[data-test="composer"]').fill(`${said.draft} unsent`);
  return consultation;
}

async function leaveQuickly({ page, exit }: ClientPage): Promise<void> {
  // Only now: a browser keeps nothing in its cache of a page whose requests are answered by a test.
  await page.route(`${exitSite}**`, (route) =>
    route.fulfill({ contentType: "text/html", body: "<!doctype html><title>Weather</title>" }),
  );
  await exit.evaluate((button: HTMLElement) => button.click());
  await isAt(page, exitSite);
}

async function endIt(client: ClientPage): Promise<void> {
  await client.end();
  await client.isWiped();
}

/** Asked of the page itself: Firefox does not tell a test that it has gone back to a page that it kept. */
async function isAt(page: Page, address: string): Promise<void> {
  await waitFor(`the tab to be at ${address}`, async () => {
    const at = await page.evaluate(() => location.href).catch(() => undefined);
    return at === address ? true : undefined;
  });
}

const endings = [
  { ending: "a quick exit", leave: leaveQuickly, isLeft: true },
  { ending: "the client's End", leave: endIt, isLeft: false },
];

/** The words are in no file; the link is at most where every address is. Returns where it is. */
async function expectNoWords(folder: string, link: string, { keepsAddresses }: Kind): Promise<Set<string>> {
  const pieces = piecesOf(link);
  const found = await filesWith(folder, { ...said, ...pieces });
  for (const name of Object.keys(said) as (keyof typeof said)[]) expect(found[name], name).toEqual([]);
  const files = new Set((Object.keys(pieces) as (keyof typeof pieces)[]).flatMap((name) => found[name]));
  expect([...files].filter((file) => !keepsAddresses.some((it) => it.test(file)))).toEqual([]);
  return files;
}

/**
 * Somebody writes in the conversation, and then in the other tab, until the browser has written what it would bring
 * back after a crash. Firefox asks only the tab in front what stands in it, so each is there for a while.
 */
async function draftsAreNoticed(
  folder: string,
  client: Page,
  control: Page,
  writtenInto = "composer",
): Promise<void> {
  const composer = client.locator(`[data-test="${writtenInto}"]`);
  await client.bringToFront();
  for (let pressed = 0; pressed < 3; pressed += 1) {
    await composer.press("Space");
    await sleep(PRESS_EVERY_MS);
  }
  await control.bringToFront();
  const field = control.locator("textarea");
  await field.fill(planted.draft);
  const isSession = (file: string) => /session/i.test(file);
  let pressedAt = performance.now();
  await waitFor(
    "the browser to write what stands in its tabs",
    async () => {
      if (performance.now() - pressedAt > PRESS_EVERY_MS) {
        await field.press("Space");
        pressedAt = performance.now();
      }
      const { draft } = await filesWith(folder, { draft: planted.draft }, isSession);
      return draft.length > 0 ? true : undefined;
    },
    SESSION_MAX_MS,
  );
  await client.bringToFront();
}

describe.each(kinds)("$name", (kind) => {
  test.each(endings)(
    "after $ending",
    async ({ leave, isLeft }) => {
      const folder = await mkdtemp(path.join(tmpdir(), "vestibule-traces-"));
      const browser = await kind.openIn(folder);
      try {
        const control = await browser.newPage();
        await control.goto(site.address(`control#${planted.fragment}`));
        const before = site.address("before");
        const link = await house.newLink();
        let lengthBefore = 0;
        const client = await ClientPage.openIn(browser, link, {
          prepare: async (page) => {
            await page.goto(before);
            lengthBefore = await page.evaluate(() => history.length);
          },
        });
        const { page } = client;
        const consultation = await converse(client);
        await draftsAreNoticed(folder, page, control);
        await expectNoWords(folder, link, kind);

        await leave(client);
        expect(await page.evaluate(() => history.length)).toBe(lengthBefore + 1);
        const other = await browser.newPage();
        await other.goto(house.scene.origin);
        expect(await storedBy(other)).toEqual([]);
        await other.close();
        expect(await storedBy(control)).toEqual(["localStorage kept", "sessionStorage kept"]);
        await expectNoWords(folder, link, kind);

        await page.evaluate(() => history.back());
        await isAt(page, before);
        await page.evaluate(() => history.forward());
        await isAt(page, isLeft ? exitSite : `${house.scene.origin}/`);
        if (!isLeft) await client.reaches("no-link");

        if (isLeft) {
          await consultation.lineIs("client_away");
          await consultation.end();
        }
        await consultation.statusIs("ended");
        await consultation.forget();
        await browser.close();
        const kept = await expectNoWords(folder, link, kind);
        console.log(`${kind.name} keeps the address of the link in ${[...kept].join(", ")}`);
        await expectControlsFound(folder, kind);
      } finally {
        await browser.close();
        await rm(folder, { recursive: true, force: true });
      }
    },
    240_000,
  );

  test("a link that is pasted into the page as a file is nowhere", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "vestibule-traces-"));
    const browser = await kind.openIn(folder);
    try {
      const control = await browser.newPage();
      await control.goto(site.address(`control#${planted.fragment}`));
      // Nobody is there, which nobody knows before the page has asked.
      const link = (await house.newLink()).replace(house.scene.origin, "https://127.0.0.1:9");
      const client = await ClientPage.openIn(browser, pathToFileURL(offlineFile()).href);
      await client.page.locator('[data-test="link"]').fill(link);
      await draftsAreNoticed(folder, client.page, control, "link");
      const pieces = piecesOf(link);
      const nowhere = { linkBegins: [], linkGoesOn: [], linkEnds: [] };
      expect(await filesWith(folder, pieces)).toEqual(nowhere);
      await client.pasteLink(link);
      await client.reaches("unreachable");
      await browser.close();
      expect(await filesWith(folder, pieces)).toEqual(nowhere);
      await expectControlsFound(folder, kind);
    } finally {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    }
  }, 240_000);
});

/** The same search finds what another page in the same browser gave it to keep. */
async function expectControlsFound(folder: string, { keeps }: Kind): Promise<void> {
  const found = await filesWith(folder, planted);
  for (const name of Object.keys(planted) as (keyof typeof planted)[]) {
    expect(found[name], name).toContainEqual(expect.stringMatching(keeps[name]));
  }
}
