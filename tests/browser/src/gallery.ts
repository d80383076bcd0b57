// Pictures of every state of both pages, in four languages, on a phone and on a desk: `npm run gallery`, then
// look at out/sheets/. Each picture is also held to what needs no eye: no error, nothing wider than the screen.

import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser, newContext, watch } from "./browser.ts";
import { Gallery, galleryPages } from "./gallery-pages.ts";
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
        await contactSheet(sheet, directory, viewport.width);
        expect(wrong).toEqual([]);
      });
    }
  }
}

/** Runs in the page. A conversation scrolls inside its log, so that nobody scrolls the composer away. */
function overflows(): readonly string[] {
  const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.documentElement;
  const fillsScreen = document.querySelector('.talk, [data-test="consultation"]') !== null;
  return [
    ...(scrollWidth > clientWidth ? [`${scrollWidth - clientWidth} px too wide`] : []),
    ...(fillsScreen && scrollHeight > clientHeight ? [`${scrollHeight - clientHeight} px too high`] : []),
  ];
}

/** All pictures of a folder as one, so that a person can look at them at once. */
async function contactSheet(sheet: string, directory: string, width: number): Promise<void> {
  const pictures = (await readdir(directory)).filter((file) => file.endsWith(".png")).sort();
  const figures = pictures.map(
    (file) => `<figure><figcaption>${path.basename(file, ".png")}</figcaption><img src="${file}"></figure>`,
  );
  const shown = width > 800 ? 620 : 300;
  const html = `<!doctype html><meta charset="utf-8"><style>
    body { margin: 16px; background: #888; font: 14px sans-serif; columns: ${width > 800 ? 4 : 8}; column-gap: 16px }
    figure { margin: 0 0 16px; break-inside: avoid } img { width: ${shown}px; display: block }
  </style>${figures.join("")}`;
  const file = path.join(directory, "sheet.html");
  await writeFile(file, html);
  const page = await browser.newPage({ viewport: { width: 2_600, height: 1_000 } });
  await page.goto(pathToFileURL(file).href);
  await mkdir(path.join(outDirectory, "sheets"), { recursive: true });
  await page.screenshot({ path: path.join(outDirectory, "sheets", `${sheet}.png`), fullPage: true });
  await page.close();
}
