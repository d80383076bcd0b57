// Takes pictures of states of the gallery, sheet by sheet. Each is also held to what needs no eye: no error, nothing
// wider than the screen.

import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser, newContext, watch } from "./browser.ts";
import { contactSheet } from "./contact-sheet.ts";
import { Gallery, type GalleryPage } from "./gallery-pages.ts";
import { overflows } from "./overflows.ts";
import type { Language } from "./texts.ts";

export interface Sheet {
  readonly name: string;
  readonly page: GalleryPage;
  readonly language: Language;
  readonly viewport: { readonly width: number; readonly height: number };
  readonly settings?: BrowserContextOptions;
}

/** A test for each sheet. Of all states, or of those that are wanted. */
export function takePictures(folder: string, sheets: readonly Sheet[], wanted?: readonly string[]): void {
  let browser: Browser;
  let gallery: Gallery;

  beforeAll(async () => {
    gallery = await Gallery.open();
    await rm(folder, { recursive: true, force: true });
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    gallery?.close();
  });

  test.each(sheets)("$name", async ({ name, page: of, language, viewport, settings }) => {
    const directory = path.join(folder, name);
    await mkdir(directory, { recursive: true });
    const states = await gallery.states(browser, of);
    expect(states.length).toBeGreaterThan(10);
    const context = await newContext(browser, language, settings);
    const page = await context.newPage();
    await page.setViewportSize(viewport);
    const { problems } = await watch(page);
    const wrong: string[] = [];
    for (const state of wanted ?? states) {
      await page.goto(gallery.address(of, state, language));
      await page.locator("h1").first().waitFor();
      problems.push(...(await page.evaluate(overflows)));
      await page.screenshot({ path: path.join(directory, `${state}.png`), fullPage: true });
      wrong.push(...problems.splice(0).map((problem) => `${state}: ${problem}`));
    }
    await context.close();
    await contactSheet(browser, directory, name, viewport.width);
    expect(wrong).toEqual([]);
  });
}
