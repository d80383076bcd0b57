// Pictures of every state of both pages, in four languages, on a phone and on a desk: `npm run gallery`, then
// look at out/sheets/. Each picture is also held to what needs no eye: no error, nothing wider than the screen.

import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser, newContext, watch } from "./browser.ts";
import { outDirectory, pageDirectory } from "./paths.ts";
import { languages } from "./texts.ts";

const widths = [
  { width: 360, height: 740 },
  { width: 1_280, height: 800 },
] as const;
const types: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

let browser: Browser;
let server: Server;
let files: ReadonlyMap<string, Buffer>;

beforeAll(async () => {
  // All at once, because somebody may build the pages anew meanwhile.
  files = await filesOf(pageDirectory("gallery"));
  server = createServer((request, response) => {
    const asked = new URL(request.url ?? "/", "http://gallery").pathname
      .replace(/\/$/, "/index.html")
      .slice(1);
    const bytes = files.get(asked);
    if (bytes === undefined) response.writeHead(404).end();
    else response.setHeader("content-type", types[path.extname(asked)] ?? "text/plain").end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  await rm(outDirectory, { recursive: true, force: true });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  server?.close();
});

for (const { name, folder } of [
  { name: "client", folder: "" },
  { name: "desk", folder: "desk/" },
]) {
  for (const language of languages) {
    for (const viewport of widths) {
      test(`${name} ${language} ${viewport.width}`, async () => {
        const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${folder}`;
        const sheet = `${name}-${language}-${viewport.width}`;
        const directory = path.join(outDirectory, sheet);
        await mkdir(directory, { recursive: true });
        const states = await statesOf(origin);
        expect(states.length).toBeGreaterThan(10);
        const wrong: string[] = [];
        const context = await newContext(browser, language);
        const page = await context.newPage();
        await page.setViewportSize(viewport);
        const { problems } = await watch(page);
        for (const state of states) {
          await page.goto(`${origin}?state=${state}&language=${language}`);
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

/** The gallery itself says which states there are, when it is asked for one that is not. */
async function statesOf(origin: string): Promise<readonly string[]> {
  const page = await browser.newPage();
  const failed = page.waitForEvent("pageerror");
  await page.goto(`${origin}?state=none-of-them`);
  const { message } = await failed;
  await page.close();
  const [, names] = /there are (.+)$/.exec(message) ?? [];
  if (names === undefined) throw new Error(`the gallery names no states: ${message}`);
  return names.split(", ");
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

async function filesOf(root: string): Promise<ReadonlyMap<string, Buffer>> {
  const names = await readdir(root, { recursive: true, withFileTypes: true });
  const read = names
    .filter((entry) => entry.isFile())
    .map(async ({ parentPath, name }) => {
      const file = path.join(parentPath, name);
      return [path.relative(root, file), await readFile(file)] as const;
    });
  return new Map(await Promise.all(read));
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
