// Pictures of every state of the client's page in four languages, at four widths, in the light and in the dark:
// `npm run shots`, then look at out/shots/sheets/. SHOTS=talking,welcome takes some states alone.

import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser, newContext, watch } from "./browser.ts";
import { contactSheet } from "./contact-sheet.ts";
import { Gallery } from "./gallery-pages.ts";
import { overflows } from "./overflows.ts";
import { outDirectory } from "./paths.ts";
import { languages } from "./texts.ts";

/** The narrowest phone that WCAG asks for (1.4.10), a usual one, a tablet, a desk. */
const widths = [
  { width: 320, height: 568 },
  { width: 360, height: 740 },
  { width: 768, height: 1_024 },
  { width: 1_280, height: 800 },
] as const;
const schemes = ["light", "dark"] as const;
const shots = path.join(outDirectory, "shots");
const wanted = process.env.SHOTS?.split(",");

let browser: Browser;
let gallery: Gallery;

beforeAll(async () => {
  gallery = await Gallery.open();
  await rm(shots, { recursive: true, force: true });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  gallery?.close();
});

for (const language of languages) {
  for (const viewport of widths) {
    for (const colorScheme of schemes) {
      const sheet = `${language}-${viewport.width}-${colorScheme}`;
      test(sheet, async () => {
        const directory = path.join(shots, sheet);
        await mkdir(directory, { recursive: true });
        const all = await gallery.states(browser, "client");
        const context = await newContext(browser, language, { colorScheme });
        const page = await context.newPage();
        await page.setViewportSize(viewport);
        const { problems } = await watch(page);
        const wrong: string[] = [];
        for (const state of wanted ?? all) {
          await page.goto(gallery.address("client", state, language));
          await page.locator("h1").first().waitFor();
          problems.push(...(await page.evaluate(overflows)));
          await page.screenshot({ path: path.join(directory, `${state}.png`), fullPage: true });
          wrong.push(...problems.splice(0).map((problem) => `${state}: ${problem}`));
        }
        await context.close();
        await contactSheet(browser, directory, sheet, viewport.width);
        expect(wrong).toEqual([]);
      });
    }
  }
}
