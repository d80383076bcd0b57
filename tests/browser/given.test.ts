// What a worker gives inside a conversation: a card to read and copy, and a link with which the client comes back.

import { afterAll, beforeAll, expect, test } from "vitest";
import { House, meet, mira, samir, subject } from "./src/house.ts";
import type { DeskPage } from "./src/pages/desk.ts";

let house: House;
let desk: DeskPage;
let colleague: DeskPage;

beforeAll(async () => {
  house = await House.open();
  desk = await house.openDesk();
  await desk.goOnDuty();
  colleague = await house.openDesk("ru", await house.newColleague({ ...samir, languages: ["ru"] }));
  await colleague.goOnDuty();
}, 120_000);

afterAll(async () => {
  await house?.close();
});

test("a card is read in the client's language, and copied whole", async () => {
  const client = await house.openClient(await house.newLink(), { language: "uk" });
  await client.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const consultation = await meet(client, desk, subject(2));
  await consultation.sendFirstCard();
  const sent = await consultation.column.locator(".desk-sent-card strong").textContent();
  await client.card.waitFor({ timeout: 30_000 });
  const title = await client.card.locator("h2").textContent();
  expect(title).toMatch(/[іїєґ]/);
  expect(sent).toBe(title);
  expect(await client.card.locator("li").count()).toBeGreaterThan(2);
  expect(await client.card.locator("a, img, script").count()).toBe(0);

  await client.card.locator('[data-test="copy"]').click();
  await client.card.getByText(client.text("copied")).waitFor();
  const copied = await client.page.evaluate(() => navigator.clipboard.readText());
  const shown = [title, ...(await client.card.locator(".card-body > p, h3, li").allTextContents())];
  for (const words of shown) expect(copied).toContain(words);
  await client.end();
  await consultation.statusIs("ended");
  await consultation.forget();
}, 90_000);

test("a link to come back: the waiting list says who was here before, and whom they ask for", async () => {
  const client = await house.openClient(await house.newLink());
  const consultation = await meet(client, desk, subject(3));
  await consultation.giveReturnLink();
  await client.returnLink.waitFor({ timeout: 30_000 });
  const link = await client.returnLink.locator("input").inputValue();
  await client.end();
  await consultation.statusIs("ended");
  await consultation.forget();

  const again = await house.openClient(link);
  await again.startWaiting(subject(3).client);
  const other = await house.openClient(await house.newLink());
  await other.startWaiting(subject(4).client);
  const [back, fresh] = [desk.entry(subject(3).desk), desk.entry(subject(4).desk)];
  await back.waitFor();
  await fresh.waitFor();
  expect(await back.textContent()).toContain(desk.text("channel-return"));
  expect(await back.textContent()).toContain(desk.text("wish-me"));
  expect(await colleague.entry(subject(3).desk).textContent()).toContain(colleague.text("wish-colleague"));
  expect(await fresh.textContent()).not.toContain(desk.text("channel-return"));

  const second = await desk.accept(subject(3).desk);
  await again.reaches("talking");
  expect(await again.alias()).toBe(mira.alias);
  await again.say("it is me again");
  await second.hears("it is me again");
  // Nothing but the link ties the two visits together.
  expect(await second.said()).toEqual([{ from: "client", text: "it is me again" }]);
  for (const open of [again, other]) await open.close();
  await second.statusIs("ended");
  await second.forget();
}, 120_000);

test("a number, an address and a link in a client's words are marked, and none of them can be pressed", async () => {
  const client = await house.openClient(await house.newLink());
  const consultation = await meet(client, desk, subject(5));
  const words = "+998 90 123-45-67, ул. Лесная 5, https://example.org/photo";
  await client.say(words);
  await consultation.hears(words);
  const message = consultation.column.locator('[data-test="message"][data-from="client"]');
  const signs = await message
    .locator('[data-test="sign"]')
    .evaluateAll((all) => all.map((sign) => (sign as HTMLElement).dataset.sign));
  expect(signs).toEqual(["phone", "address", "link"]);
  expect(await message.locator("a, button").count()).toBe(0);
  await client.end();
  await consultation.statusIs("ended");
}, 60_000);
