// Every state of both pages in every language, judged by axe (the rules of WCAG 2.2 A and AA and its best practices),
// at 200 % zoom (nothing is cut off or wider than the window), and by keyboard: Tab leads to everything.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser, newContext } from "./src/browser.ts";
import { Gallery, galleryPages, languagesOf, unfold } from "./src/gallery-pages.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const desktop = { width: 1_280, height: 800 };
/** What 200 % leaves of it. */
const zoomed = { width: 640, height: 400 };

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

/** Runs in the page. */
async function judge(rules: readonly string[]): Promise<readonly string[]> {
  const { axe } = globalThis as unknown as { axe: { run: (options: object) => Promise<AxeResults> } };
  const { violations } = await axe.run(rules.length === 0 ? {} : { runOnly: rules });
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
}

/** Colours do not depend on the language: in the dark they are looked at once. */
async function faultsOf(page: Page, alsoInTheDark: boolean): Promise<readonly string[]> {
  await page.evaluate(axe);
  await page.evaluate(unfold);
  const light = await page.evaluate(judge, []);
  if (!alsoInTheDark) return light;
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await page.evaluate(judge, ["color-contrast"]);
  await page.emulateMedia({ colorScheme: "light" });
  return [...light, ...dark.map((fault) => `in the dark, ${fault}`)];
}

async function cutOffAtZoom(page: Page): Promise<readonly string[]> {
  await page.setViewportSize(zoomed);
  const cut = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const hidden = [...document.querySelectorAll("[data-consultation]")].some(
      (it) => it.scrollHeight > it.clientHeight && getComputedStyle(it).overflowY === "hidden",
    );
    return [
      ...(scrollWidth > clientWidth ? [`${scrollWidth - clientWidth} px too wide`] : []),
      ...(hidden ? ["a consultation whose end cannot be reached"] : []),
    ];
  });
  await page.setViewportSize(desktop);
  return cut.map((fault) => `${fault} at 200 %`);
}

interface Pressable {
  readonly waiting: Set<Element>;
  readonly unmarked: Set<Element>;
}

/** Runs in the page. Notes what can be pressed or written in, and where Tab comes by. */
function watchTab(): number {
  const all = document.querySelectorAll<HTMLElement>(
    "a[href], button, input, select, summary, textarea, [tabindex='0']",
  );
  const waiting = new Set<Element>(
    [...all].filter((it) => it.checkVisibility() && !it.matches(":disabled, [inert] *")),
  );
  const unmarked = new Set<Element>();
  addEventListener("focusin", ({ target }) => {
    if (!(target instanceof HTMLElement)) return;
    waiting.delete(target);
    // Of radio buttons Tab comes to one; arrows lead on.
    if (target instanceof HTMLInputElement && target.type === "radio") {
      for (const it of waiting)
        if (it instanceof HTMLInputElement && it.name === target.name) waiting.delete(it);
    }
    const marks = [target, target.closest(".choice")].map((it) => it && getComputedStyle(it));
    if (!marks.some((it) => it && (it.outlineStyle !== "none" || it.boxShadow !== "none")))
      unmarked.add(target);
  });
  Object.assign(globalThis, { pressable: { waiting, unmarked } satisfies Pressable });
  return waiting.size;
}

/** What Tab does not come to, and where nobody sees that it has come. */
async function faultsByTab(page: Page): Promise<readonly string[]> {
  const count = await page.evaluate(watchTab);
  // Once around from wherever the focus is, and past the browser's own stops.
  for (let pressed = 0; pressed < count + 10; pressed += 1) await page.keyboard.press("Tab");
  return await page.evaluate(() => {
    const { waiting, unmarked } = (globalThis as unknown as { pressable: Pressable }).pressable;
    const named = (why: string) => (it: Element) => `${why}: ${it.outerHTML.slice(0, 160)}`;
    return [...[...waiting].map(named("Tab never comes to")), ...[...unmarked].map(named("no mark on"))];
  });
}

for (const name of galleryPages) {
  for (const language of languagesOf[name]) {
    test(`${name} in ${language}`, async () => {
      const states = await gallery.states(browser, name);
      expect(states.length).toBeGreaterThan(10);
      const context = await newContext(browser, language);
      const page = await context.newPage();
      await page.setViewportSize(desktop);
      const wrong: string[] = [];
      for (const state of states) {
        await page.goto(gallery.address(name, state, language));
        await page.locator("h1").first().waitFor();
        const faults = [...(await faultsOf(page, language === "en")), ...(await cutOffAtZoom(page))];
        if (language === "en") faults.push(...(await faultsByTab(page)));
        wrong.push(...faults.map((fault) => `${state}: ${fault}`));
      }
      await context.close();
      expect(wrong).toEqual([]);
    }, 300_000);
  }
}

test("what is chosen from a list of texts is never under the field", async () => {
  const page = await browser.newPage();
  for (const state of ["replies", "cards", "eight_replies"]) {
    for (const language of languagesOf.desk) {
      for (const viewport of [{ width: 1_280, height: 720 }, { width: 360, height: 740 }, zoomed]) {
        await page.setViewportSize(viewport);
        await page.goto(gallery.address("desk", state, language));
        const options = page.locator('[role="option"]');
        for (const option of [options.last(), options.first()])
          await option.click({ trial: true, timeout: 5_000 });
      }
    }
  }
  await page.close();
}, 120_000);

test("control: what Tab does not come to is found, and a focus that is not seen", async () => {
  const page = await browser.newPage();
  await page.setContent(
    "<!doctype html><style>#b:focus { outline: none }</style><button id=a>a</button><button id=b>b</button>" +
      "<button id=c tabindex=-1>c</button><div inert><button>d</button></div><button disabled>e</button>",
  );
  const faults = await faultsByTab(page);
  await page.close();
  expect(faults.map((fault) => /^[^:]+|id="."/g.exec(fault)?.[0])).toEqual([
    "Tab never comes to",
    "no mark on",
  ]);
  expect(faults.map((fault) => /id="(.)"/.exec(fault)?.[1])).toEqual(["c", "b"]);
});

test("control: a button without a name and a grey word are found", async () => {
  const page = await browser.newPage();
  await page.setContent(
    '<!doctype html><html lang="en"><title>t</title><main><h1>h</h1><button></button>' +
      '<p style="color: #bbb; background: #fff">pale</p>' +
      "<style>@media (prefers-color-scheme: dark) { #d { color: #333; background: #222 } }</style>" +
      '<p id="d">dark</p></main></html>',
  );
  const faults = (await faultsOf(page, true)).map((fault) => fault.split(":", 1)[0]);
  await page.close();
  expect(faults).toEqual(["button-name", "color-contrast", "in the dark, color-contrast"]);
});
