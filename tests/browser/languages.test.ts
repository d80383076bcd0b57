// A language is files: one that does not exist is added to a copy of the sources, and the page is built, offered and
// read in it. No line of code is touched.

import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "./src/browser.ts";
import { Gallery } from "./src/gallery-pages.ts";
import { clientWebDirectory } from "./src/paths.ts";
import { languages } from "./src/texts.ts";

const project = path.dirname(clientWebDirectory);
const list = "protocol/wire/src/languages.json";

let copy: string;
let browser: Browser;

beforeAll(async () => {
  copy = mkdtempSync(path.join(tmpdir(), "vestibule-languages-"));
  const isSource = (file: string) => !/(?:node_modules|dist|corpus)$/.test(file);
  cpSync(clientWebDirectory, path.join(copy, "client-web"), { recursive: true, filter: isSource });
  symlinkSync(path.join(clientWebDirectory, "node_modules"), path.join(copy, "client-web/node_modules"));
  cpSync(path.join(project, "protocol/locales"), path.join(copy, "protocol/locales"), { recursive: true });
  cpSync(path.join(project, list), path.join(copy, list));
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  rmSync(copy, { recursive: true, force: true });
});

function build(): void {
  execFileSync("node", [path.join(copy, "client-web/build.mjs"), "--gallery"], { stdio: "pipe" });
}

/** The English words, but for some that are written the other way round. */
function addInvented(): void {
  const locales = path.join(copy, "client-web/locales");
  cpSync(path.join(locales, "en"), path.join(locales, "qq"), { recursive: true });
  for (const desk of ["desk.ftl", "desk-tools.ftl"]) rmSync(path.join(locales, "qq", desk));
  const words = path.join(locales, "qq/client.ftl");
  const text = readFileSync(words, "utf8");
  writeFileSync(
    words,
    text.replace(/^(start|exit) = (.*)$/gm, (_, id, said) => `${id} = ${[...said].reverse().join("")}`),
  );
  const unscripted = path.join(locales, "qq/unscripted.html");
  writeFileSync(
    unscripted,
    readFileSync(unscripted, "utf8").replace(/<h2>.*<\/h2>/, "<h2>klat ot ecalp A</h2>"),
  );
}

function listInvented(): void {
  const listed = JSON.parse(readFileSync(path.join(project, list), "utf8"));
  const invented = { code: "qq", byte: 128, direction: "rtl", instead: "uk", name: "Ailatnevni" };
  writeFileSync(path.join(copy, list), JSON.stringify([...listed, invented]));
}

test("a folder of words that the list does not name is a mistake, and so are words that are not whole", () => {
  addInvented();
  expect(build).toThrow("locales/qq is not in");
  listInvented();
  const words = path.join(copy, "client-web/locales/qq/client.ftl");
  const whole = readFileSync(words, "utf8");
  writeFileSync(words, whole.replace(/^start = .*\n/m, ""));
  expect(build).toThrow("do not have the same ids");
  writeFileSync(words, whole);
}, 60_000);

test("a language that does not exist is offered last, read from right to left, and said without a script", async () => {
  addInvented();
  listInvented();
  build();
  const gallery = await Gallery.open(path.join(copy, "client-web/dist/gallery"));
  const page = await browser.newPage();
  await page.goto(gallery.address("client", "welcome", "en"));
  const button = page.locator(".language").last();
  expect(await button.textContent()).toBe("Ailatnevni");
  expect(await page.locator(".language").count()).toBe(languages.length + 1);
  await button.click();
  await page.locator('html[lang="qq"][dir="rtl"]').waitFor({ state: "attached" });
  expect(await page.locator('[data-test="start"]').textContent()).toBe("tratS");
  // The sample service has written nothing in it: what stands in its place is marked as what it is.
  expect(await page.locator("h1 bdi").getAttribute("lang")).toBe("uk");
  const html = readFileSync(path.join(copy, "client-web/dist/client/index.html"), "utf8");
  expect(html).toContain('<section lang="qq" dir="rtl"');
  expect(html).toContain("klat ot ecalp A");
  expect(html).toContain('<bdi lang="qq">tixe kciuQ</bdi>');
  await page.close();
  gallery.close();
}, 60_000);
