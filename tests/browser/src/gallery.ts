// Pictures of every state of both pages, in four languages, on a phone and on a desk: `npm run gallery`, then
// look at out/sheets/. Each picture is also held to what needs no eye: no error, nothing wider than the screen.

import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser, newContext, watch } from "./browser.ts";
import { contactSheet } from "./contact-sheet.ts";
import { Gallery, galleryPages } from "./gallery-pages.ts";
import { overflows } from "./overflows.ts";
import { outDirectory } from "./paths.ts";
import { languages } from "./texts.ts";

const widths = [
  { width: 360, height: 740 },
  { width: 1_280, height: 800 },
] as const;

let browser: Browser;
let gallery: Gallery;

beforeAll(async () => {
  gallery = await Gallery.open();
  await rm(outDirectory, { recursive: true, force: true });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  gallery?.close();
});

for (const name of galleryPages) {
  for (const language of languages) {
    for (const viewport of widths) {
      test(`${name} ${language} ${viewport.width}`, async () => {
        const sheet = `${name}-${language}-${viewport.width}`;
        const directory = path.join(outDirectory, sheet);
        await mkdir(directory, { recursive: true });
        const states = await gallery.states(browser, name);
        expect(states.length).toBeGreaterThan(10);
        const wrong: string[] = [];
        const context = await newContext(browser, language);
        const page = await context.newPage();
        await page.setViewportSize(viewport);
        const { problems } = await watch(page);
        for (const state of states) {
          await page.goto(gallery.address(name, state, language));
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
