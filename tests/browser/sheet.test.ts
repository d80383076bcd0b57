// Links by the thousand, on paper: the page that coordinators print, as Chromium prints it and a camera reads it.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Locator } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
import { toHex } from "../../client-web/src/protocol/bytes.ts";
import { parseLink } from "../../client-web/src/protocol/link.ts";
import { launchBrowser } from "./src/browser.ts";
import { Scene, type Worker } from "./src/processes.ts";

const COUNT = 2_000;
/** From the first page to the last. */
const READ = 40;
const decoder = createRequire(import.meta.url).resolve("zxing-wasm/reader/zxing_reader.wasm");

let scene: Scene;
let worker: Worker;
let browser: Browser;

beforeAll(async () => {
  scene = await Scene.create();
  const service = await scene.newService("Open Door");
  worker = await scene.newWorker(service, { alias: "Anna", role: "coordinator", languages: ["en"] });
  browser = await launchBrowser();
  // By itself it would fetch this from elsewhere.
  prepareZXingModule({ overrides: { wasmBinary: await readFile(decoder) } });
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await scene?.end();
});

test(`${COUNT} links on sheets of QR codes that decode to the links`, async () => {
  const sheet = path.join(scene.directory, "sheet.html");
  const startedAt = performance.now();
  await scene.newSheet(worker, COUNT, sheet);
  console.log(
    `${COUNT} links and their sheet: ${Math.round(performance.now() - startedAt)} ms, passphrase included`,
  );
  const html = await readFile(sheet, "utf8");
  expect(html).not.toMatch(/<script|(?:src|href)=/);

  const page = await browser.newPage({ viewport: { width: 1_240, height: 1_754 } });
  await page.goto(pathToFileURL(sheet).href);
  const codes = page.locator("svg");
  expect(await codes.count()).toBe(COUNT);
  const links = new Set<string>();
  for (let count = 0; count < READ; count += 1) {
    const at = Math.floor((count * (COUNT - 1)) / (READ - 1));
    const [origin, fragment] = (await read(codes.nth(at)))?.split("/#") ?? [];
    expect(origin, `code ${at}`).toBe(scene.origin);
    // With its checksum.
    const link = parseLink(fragment ?? "");
    expect(link.kind).toBe("one_time");
    links.add(toHex(link.linkId));
  }
  expect(links.size).toBe(READ);
  const pdf = await page.pdf({ format: "A4", preferCSSPageSize: true });
  const pages = pdf.toString("latin1").match(/\/Type\s*\/Page(?!s)/g)?.length ?? 0;
  console.log(`printed on ${pages} pages`);
  expect(pages).toBeGreaterThanOrEqual(COUNT / 24);
  expect(pages).toBeLessThanOrEqual(COUNT / 6 + 1);
  await page.close();
}, 180_000);

/** As a camera sees it. */
async function read(code: Locator): Promise<string | undefined> {
  const [found] = await readBarcodes(await code.screenshot(), { formats: ["QRCode"] });
  return found?.text;
}
