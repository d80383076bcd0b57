// Links by the thousand, on paper: the page that coordinators print, as Chromium prints it and a camera reads it.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "./src/browser.ts";
import { Scene, type Worker } from "./src/processes.ts";

const COUNT = 2_000;
/** From the first page to the last. */
const READ = 40;
const decoder = createRequire(import.meta.url).resolve("jsqr/dist/jsQR.js");

let scene: Scene;
let worker: Worker;
let browser: Browser;

beforeAll(async () => {
  scene = await Scene.create();
  const service = await scene.newService("Open Door");
  worker = await scene.newWorker(service, { alias: "Anna", role: "coordinator", languages: ["en"] });
  browser = await launchBrowser();
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await scene?.end();
});

test(`${COUNT} links on sheets of QR codes that decode to the links`, async () => {
  const sheet = path.join(scene.directory, "sheet.html");
  const startedAt = performance.now();
  const links = await scene.newLinks(worker, COUNT, ["--channel", "card", "--sheet", sheet]);
  console.log(
    `${COUNT} links and their sheet: ${Math.round(performance.now() - startedAt)} ms, passphrase included`,
  );
  expect(new Set(links).size).toBe(COUNT);
  const html = await readFile(sheet, "utf8");
  expect(html).not.toMatch(/<script|(?:src|href)=/);

  const page = await browser.newPage({ viewport: { width: 1_240, height: 1_754 } });
  await page.goto(pathToFileURL(sheet).href);
  const codes = page.locator("svg");
  expect(await codes.count()).toBe(COUNT);
  const reader = await browser.newPage();
  await reader.addScriptTag({ path: decoder });
  for (let count = 0; count < READ; count += 1) {
    const at = Math.floor((count * (COUNT - 1)) / (READ - 1));
    expect(await read(reader, codes.nth(at)), `code ${at}`).toBe(links[at]);
  }
  const pdf = await page.pdf({ format: "A4", preferCSSPageSize: true });
  const pages = pdf.toString("latin1").match(/\/Type\s*\/Page(?!s)/g)?.length ?? 0;
  console.log(`printed on ${pages} pages`);
  expect(pages).toBeGreaterThanOrEqual(COUNT / 24);
  expect(pages).toBeLessThanOrEqual(COUNT / 6 + 1);
  await page.close();
}, 180_000);

/** As a camera sees it. */
async function read(reader: Page, code: Locator): Promise<string | undefined> {
  const png = (await code.screenshot()).toString("base64");
  return await reader.evaluate(async (base64) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.width, image.height];
    const context = canvas.getContext("2d");
    if (context === null) return undefined;
    context.drawImage(image, 0, 0);
    const { data, width, height } = context.getImageData(0, 0, image.width, image.height);
    const { jsQR } = globalThis as unknown as {
      jsQR: (data: Uint8ClampedArray, width: number, height: number) => { data: string } | null;
    };
    return jsQR(data, width, height)?.data;
  }, png);
}
