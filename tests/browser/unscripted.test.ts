// The page where its script does not run: switched off, kept away, not understood. Never blank, in all languages,
// with nothing to type into. And never seen where the script does run.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { newContext } from "./src/browser.ts";
import { House } from "./src/house.ts";
import { languages } from "./src/texts.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** The style waits five seconds for a script; a loaded machine may be slower. */
const LATE_MAX_MS = 15_000;
const anyScript = /\/app\.[0-9a-f]{16}\.js$/;
const anyStyle = /\/style\.[0-9a-f]{16}\.css$/;

let house: House;
let link: string;
const pages: Page[] = [];

beforeAll(async () => {
  house = await House.open();
  link = await house.newLink();
}, 120_000);

afterEach(async () => {
  for (const page of pages.splice(0)) await page.context().close();
  await house.closePages();
});

afterAll(async () => {
  await house?.close();
});

async function newPage(javaScriptEnabled: boolean): Promise<Page> {
  const context = await newContext(house.browser, "en", { javaScriptEnabled });
  const page = await context.newPage();
  await page.setViewportSize({ width: 320, height: 568 });
  pages.push(page);
  return page;
}

/** Each language has its words on the screen, and what they cover opens by a press. */
async function expectAllLanguages(page: Page): Promise<void> {
  for (const language of languages) {
    const section = page.locator(`section[lang="${language}"]`);
    await section.locator("h2").waitFor({ timeout: LATE_MAX_MS });
    const details = section.locator("details");
    expect(await details.count()).toBe(3);
    for (const one of await details.all()) {
      const words = one.locator("li").first();
      expect(await words.isVisible()).toBe(false);
      await one.locator("summary").click();
      expect(await words.isVisible()).toBe(true);
    }
    const words = (await section.textContent()) ?? "";
    for (const part of ["Tor", "Safer", "JavaScript", "112"]) expect(words).toContain(part);
  }
  expect(await page.locator("input, textarea, form, button, select, [contenteditable]").count()).toBe(0);
}

describe("with scripts switched off", () => {
  test("the words are there at once, in all languages, with nothing to type into", async () => {
    const page = await newPage(false);
    const problems: string[] = [];
    page.on("console", (message) => problems.push(message.text()));
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(link);
    expect(await page.locator('section[lang="ar"] h2').isVisible()).toBe(true);
    await expectAllLanguages(page);
    expect(
      asked.filter((path) => !/^\/(?:icon\.svg|(?:style|unscripted)\.[0-9a-f]{16}\.css)?$/.test(path)),
    ).toEqual([]);
    expect(problems).toEqual([]);
    // Nothing but the address bar holds the link, and nothing on the page would put something else there.
    expect(page.url()).toBe(link);
    expect(await page.locator('a[href^="#"]').count()).toBe(0);
    expect(await page.title()).toBe("Notes");
  });

  test("the link is not spent, and is good where scripts are allowed", async () => {
    const page = await newPage(false);
    await page.goto(link);
    const client = await house.openClient(link);
    await client.startWaiting();
  });

  test("it has no serious fault, also at 200 %", async () => {
    const page = await newPage(true);
    await page.route(anyScript, (route) => route.abort());
    await page.goto(link);
    await expectAllLanguages(page);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: { run: () => Promise<AxeResults> } };
      return await axe.run();
    });
    const faults = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    expect(faults.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`)).toEqual([]);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBe(320);
  });
});

describe("with a script that", () => {
  test("does not arrive, the same words come", async () => {
    const page = await newPage(true);
    await page.route(anyScript, (route) => route.abort());
    await page.goto(link);
    await expectAllLanguages(page);
    expect(page.url()).toBe(link);
  });

  test("the browser does not understand, the same words come", async () => {
    const page = await newPage(true);
    const script = "const later = class { #a; ?? };";
    const integrity = `sha384-${createHash("sha384").update(script).digest("base64")}`;
    await page.route(anyScript, (route) => route.fulfill({ contentType: "text/javascript", body: script }));
    await page.route(`${house.scene.origin}/`, async (route) => {
      const response = await route.fetch();
      const html = await response.text();
      const body = html.replace(/(app\.\w+\.js" integrity=")[^"]*/, `$1${integrity}`);
      await route.fulfill({ response, body });
    });
    const failed = page.waitForEvent("pageerror");
    await page.goto(link);
    expect((await failed).name).toBe("SyntaxError");
    await expectAllLanguages(page);
  });

  test("is too new for the browser, the words are there at once", async () => {
    const page = await newPage(true);
    await page.route(anyScript, (route) => route.abort());
    // As a browser reads the style that does not know the property.
    await page.route(anyStyle, async (route) => {
      const response = await route.fetch();
      await route.fulfill({
        response,
        body: (await response.text()).replace(/\(aspect-ratio: ?1\)/, "(no-such: 1)"),
      });
    });
    await page.route(`${house.scene.origin}/`, async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replace(/(style\.\w+\.css") integrity="[^"]*"/, "$1");
      await route.fulfill({ response, body });
    });
    await page.goto(link);
    expect(await page.locator('section[lang="en"] h2').isVisible()).toBe(true);
  });

  test("runs, nobody sees them for a moment, and their style is not even fetched", async () => {
    const client = await house.openClient(link, {
      prepare: async (page) => {
        await page.addInitScript(() => {
          const seen: string[] = [];
          Object.assign(globalThis, { seen });
          const look = (): void => {
            const main = document.querySelector(".unscripted");
            if (main !== null) seen.push(getComputedStyle(main).visibility);
            requestAnimationFrame(look);
          };
          look();
        });
      },
    });
    await client.reaches("welcome");
    const seen = await client.page.evaluate(
      () => (globalThis as unknown as { seen: readonly string[] }).seen,
    );
    expect(seen.filter((visibility) => visibility !== "hidden")).toEqual([]);
    expect(client.watched.addresses.filter((address) => address.includes("unscripted"))).toEqual([]);
    expect(await client.page.locator(".unscripted").count()).toBe(0);
  });
});
