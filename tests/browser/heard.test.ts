// What a screen reader finds on every screen of the client's page, in every language: compared with snapshots/heard/,
// so that a change in what somebody hears is seen in review. UPDATE_SNAPSHOTS=1 writes them anew; read the difference.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser, newContext } from "./src/browser.ts";
import { Gallery, unfold } from "./src/gallery-pages.ts";
import { heardDirectory } from "./src/paths.ts";
import { languages } from "./src/texts.ts";

/** Also with everything opened that is folded away: what is in there is the same on other screens. */
const unfolded: readonly string[] = [
  "no-link",
  "in-app",
  "welcome",
  "waiting-now",
  "reading-open",
  "talking",
];
const now = new Date("2026-11-23T12:00:00Z");

let browser: Browser;
let gallery: Gallery;

beforeAll(async () => {
  gallery = await Gallery.open();
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  gallery?.close();
});

async function heard(page: Page): Promise<string> {
  return await page.locator("body").ariaSnapshot();
}

for (const language of languages) {
  test(`client in ${language}`, async () => {
    const context = await newContext(browser, language);
    const page = await context.newPage();
    await page.clock.setFixedTime(now);
    const parts: string[] = [];
    for (const state of await gallery.states(browser, "client")) {
      await page.goto(gallery.address("client", state, language));
      await page.locator("h1").first().waitFor();
      parts.push(`# ${state}\n\n${await heard(page)}\n`);
      if (!unfolded.includes(state)) continue;
      await page.evaluate(unfold);
      parts.push(`# ${state}, unfolded\n\n${await heard(page)}\n`);
    }
    await context.close();
    expect(parts.length).toBeGreaterThan(60);
    const file = path.join(heardDirectory, `client-${language}.txt`);
    const text = parts.join("\n");
    if (process.env.UPDATE_SNAPSHOTS === "1") {
      await mkdir(heardDirectory, { recursive: true });
      await writeFile(file, text);
    }
    expect(text).toBe(await readFile(file, "utf8"));
  }, 180_000);
}

test("control: a name that is gone, and a word that is only seen, are a difference", async () => {
  const page = await browser.newPage();
  const shown = async (body: string): Promise<string> => {
    await page.setContent(`<!doctype html><main>${body}</main>`);
    return await heard(page);
  };
  const named = await shown('<button aria-label="Send">→</button>');
  expect(named).toContain('button "Send"');
  expect(await shown("<button>→</button>")).not.toBe(named);
  expect(await shown('<p aria-hidden="true">only seen</p>')).not.toContain("only seen");
  await page.close();
});
