// The page carries the words of one language, in a file of their own: which are fetched, and what there is for who
// waits for them.

import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { historyOf } from "./src/browser.ts";
import { House, meet, subject } from "./src/house.ts";
import type { ClientPage } from "./src/pages/client.ts";
import { languages, textOf } from "./src/texts.ts";

const weather = "https://worldweather.wmo.int/";
const before = "https://before.example/";

let house: House;

beforeAll(async () => {
  house = await House.open();
}, 120_000);

afterEach(async () => {
  await house.closePages();
});

afterAll(async () => {
  await house?.close();
});

const wordsOf = (language: string) => new RegExp(`/words\\.${language}\\.[0-9a-f]{16}\\.json$`);

function fetched({ watched }: ClientPage): readonly string[] {
  return watched.addresses.flatMap((address) => /\/words\.(\w+)\./.exec(address)?.[1] ?? []);
}

/** The words do not come before the returned act. */
async function hold(page: Page, language: string): Promise<() => void> {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(wordsOf(language), async (route) => {
    await held;
    await route.continue().catch(() => undefined);
  });
  return release;
}

async function serve(page: Page, address: string): Promise<void> {
  await page.route(`${address}**`, (route) =>
    route.fulfill({ contentType: "text/html", body: "<h1>Else</h1>" }),
  );
}

test("are of one language, until somebody chooses another", async () => {
  const client = await house.openClient(await house.newLink(), { language: "ru" });
  await client.reaches("welcome");
  expect(fetched(client)).toEqual(["ru"]);
  const offered = await client.page
    .locator(".language")
    .evaluateAll((all) => all.map((one) => one.getAttribute("lang")));
  expect(offered).toEqual(languages);
  await client.chooseLanguage("ar");
  await client.chooseLanguage("ru");
  expect(fetched(client)).toEqual(["ru", "ar"]);
  expect(client.watched.problems).toEqual([]);
});

test("are waited for with the old ones on the screen, and it is said that they are late", async () => {
  const client = await house.openClient(await house.newLink());
  await client.reaches("welcome");
  let refused = 0;
  await client.page.route(wordsOf("uk"), (route) => {
    refused += 1;
    return refused <= 2 ? route.abort() : route.continue();
  });
  await client.page.locator('[data-test="language-uk"]').click();
  const late = textOf("client", "en", "language-late", { language: "Українська" });
  await client.page.getByText(late, { exact: true }).waitFor();
  expect(await client.main.locator('[data-test="start"]').textContent()).toBe(client.text("start"));
  await client.page.locator('html[lang="uk"]').waitFor({ state: "attached" });
  expect(refused).toBe(3);
  expect(await client.page.locator(".language-late").textContent()).toBe("");
  expect(await client.main.locator('[data-test="start"]').textContent()).toBe(
    textOf("client", "uk", "start"),
  );
});

test("that somebody has altered are not shown", async () => {
  const client = await house.openClient(await house.newLink());
  await client.reaches("welcome");
  await client.page.route(wordsOf("uk"), async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace("112", "113");
    await route.fulfill({ response, body });
  });
  await client.page.locator('[data-test="language-uk"]').click();
  await client.page.locator(".language-late:not(:empty)").waitFor();
  expect(await client.page.locator("html").getAttribute("lang")).toBe("en");
});

test("that have not come yet leave what a page without a script says, and no link in the address bar", async () => {
  let release = (): void => undefined;
  const link = await house.newLink();
  const client = await house.openClient(link, {
    prepare: async (page) => {
      release = await hold(page, "en");
    },
  });
  const { page } = client;
  await page.locator('section[lang="en"] h2').waitFor({ timeout: 15_000 });
  expect(page.url()).toBe(`${house.scene.origin}/`);
  expect((await historyOf(page)).filter((address) => address.includes("#"))).toEqual([]);
  release();
  await client.reaches("welcome");
  expect(await page.locator(".unscripted").count()).toBe(0);
  await client.startWaiting();
});

test("that come when a conversation has begun leave it as it is, with what is being written", async () => {
  const desk = await house.openDesk();
  await desk.goOnDuty();
  const client = await house.openClient(await house.newLink());
  await client.reaches("welcome");
  const release = await hold(client.page, "uk");
  await client.page.locator('[data-test="language-uk"]').click();
  await meet(client, desk, subject(2));
  const field = client.page.locator("textarea");
  await field.fill("begun");
  const came = client.page.waitForResponse(wordsOf("uk"));
  release();
  await (await came).finished();
  // The page has its answer before the one to a later question.
  await client.page.evaluate((url) => fetch(url).then((it) => it.text()), (await came).url());
  expect(await client.page.locator("html").getAttribute("lang")).toBe("en");
  expect(await field.inputValue()).toBe("begun");
  await client.end();
  await desk.goOffDuty();
});

for (const way of ["Escape", "the button"] as const) {
  test(`that have not come yet keep nobody: out at once with ${way}, and no way back`, async () => {
    const client = await house.openClient(await house.newLink(), {
      prepare: async (page) => {
        await hold(page, "en");
        await serve(page, before);
        await serve(page, weather);
        await page.goto(before);
      },
    });
    const { page } = client;
    const button = page.locator(".unscripted .button-exit");
    await button.waitFor({ timeout: 15_000 });
    if (way === "the button") await button.click();
    else for (let press = 0; press < 3; press += 1) await page.keyboard.press("Escape");
    await page.waitForURL(weather);
    expect((await historyOf(page)).filter((address) => address !== "about:blank")).toEqual([before, weather]);
  });
}
