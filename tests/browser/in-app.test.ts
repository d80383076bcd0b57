// A link opened inside another app: the person is told before anything is spent, and can carry the link out whole.

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { House, meet, subject } from "./src/house.ts";
import type { ClientPage } from "./src/pages/client.ts";
import { languages } from "./src/texts.ts";

const telegram =
  "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.6367.82 Mobile " +
  "Safari/537.36 Telegram-Android/11.4.3 (Google Pixel 8; Android 14; SDK 34; AVERAGE)";

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

/** What was asked of the relay since, without the page's own files. */
function asked(client: ClientPage): readonly string[] {
  return client.watched.addresses.filter((address) => /\/service\/|^ws:/.test(address));
}

test("Telegram's browser: told before Start, the link unspent, copied whole, and good in a real browser", async () => {
  const desk = await house.openDesk();
  await desk.goOnDuty();
  const link = await house.newLink();
  const client = await house.openClient(link, { userAgent: telegram });
  await client.reaches("in-app");
  expect(await client.words()).toContain("Telegram");
  expect(await client.page.locator('[data-test="start"]').count()).toBe(0);
  // The app's own "open in a browser" takes the address that stands there.
  expect(client.page.url()).toBe(link);

  const field = client.page.locator(".return-address");
  expect(await field.inputValue()).toBe(link);
  await client.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await client.page.locator('[data-test="copy"]').click();
  await client.page.getByText(client.text("copied"), { exact: true }).waitFor();
  expect(await client.page.evaluate(() => navigator.clipboard.readText())).toBe(link);
  expect(asked(client)).toEqual([]);
  await desk.waitingAre(0);

  const browser = await house.openClient(link);
  await browser.reaches("welcome");
  const consultation = await meet(browser, desk, subject(2));
  await browser.end();
  await consultation.statusIs("ended");
  await consultation.forget();
  await desk.goOffDuty();
  expect(client.watched.problems).toEqual([]);
}, 90_000);

test("where an app lets no page write to the clipboard, the whole link is marked to be copied by hand", async () => {
  const link = await house.newLink();
  const client = await house.openClient(link, {
    userAgent: telegram,
    prepare: async (page) => {
      await page.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
    },
  });
  await client.reaches("in-app");
  await client.page.locator('[data-test="copy"]').click();
  await client.page.getByText(client.text("copy-selected"), { exact: true }).waitFor();
  const marked = await client.page.locator(".return-address").evaluate((field: HTMLInputElement) => {
    return field.value.slice(field.selectionStart ?? 0, field.selectionEnd ?? 0);
  });
  expect(marked).toBe(link);
});

for (const language of languages) {
  test(`who stays in spite of it has read what that risks, and goes on in ${language}`, async () => {
    const link = await house.newLink();
    const client = await house.openClient(link, { language, userAgent: telegram });
    await client.reaches("in-app");
    const risks = client.page.locator('[data-test="in-app-risks"]');
    expect(await risks.locator('[data-test="stay-in-app"]').isVisible()).toBe(false);
    await client.stayInApp();
    await client.reaches("welcome");
    expect(client.page.url()).toBe(link.split("#")[0]);
    expect(await client.everything()).not.toContain(link.split("#")[1]?.slice(0, 40));
    expect(asked(client).length).toBe(1);
  });
}

test("control: a browser that is nobody's part shows the welcome", async () => {
  const client = await house.openClient(await house.newLink(), {
    userAgent: telegram.replace(/ Telegram.*/, ""),
  });
  await client.reaches("welcome");
});
