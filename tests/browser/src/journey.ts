// A client's whole journey, for the tests of places where it must work as well: words both ways, another worker,
// the way out.

import type { Page } from "playwright-core";
import { expect } from "vitest";
import { storedBy } from "./browser.ts";
import { hardTexts } from "./hard-texts.ts";
import { arrival, House, mira, samir } from "./house.ts";
import type { ClientPage } from "./pages/client.ts";
import type { DeskConsultation, DeskPage } from "./pages/desk.ts";
import { corpusFile } from "./paths.ts";
import type { Scene } from "./processes.ts";
import type { RecordedConnection } from "./recorder.ts";
import { waitFor } from "./wait.ts";

const before = "https://before.example/";
const site = "https://weather.example/kyiv";
/** Where the tab is before the link, and after a quick exit. */
export const elsewheres = [before, site] as const;

const summary = "summary-snapdragon: asks about tests";

export interface Place {
  readonly house: House;
  readonly first: DeskPage;
  readonly second: DeskPage;
}

/** A service whose card says where a quick exit leads, with two workers on duty. */
export async function openPlace(prepare?: (scene: Scene) => Promise<void>): Promise<Place> {
  const house = await House.open([], prepare);
  try {
    const service = await house.scene.withExit(house.service, site);
    await house.scene.killRelay();
    await house.scene.startRelay([service]);
    const colleague = await house.newColleague(samir);
    const first = await house.openDesk();
    const second = await house.openDesk("en", colleague);
    await first.goOnDuty();
    await second.goOnDuty();
    return { house, first, second };
  } catch (error) {
    await house.close();
    throw error;
  }
}

/** The client's, with the worker who came last. */
export function lineOf({ scene }: House): RecordedConnection {
  const lines = (["/ws/client", "/ws/rejoin"] as const).flatMap((path) => scene.recorder.sockets(path));
  const open = lines.filter(({ isOpen, isBrowsers }) => isOpen && isBrowsers);
  const [line] = open;
  if (line === undefined || open.length > 1) throw new Error(`${open.length} lines of browsers are open`);
  return line;
}

/** The tab was somewhere else before the link was opened in it. Neither place needs a network. */
export async function elsewhere(page: Page): Promise<void> {
  for (const [address, title] of [
    [before, "Before"],
    [site, "Weather"],
  ] as const) {
    await page.route(`${address}**`, (route) =>
      route.fulfill({ contentType: "text/html", body: `<!doctype html><title>${title}</title>` }),
    );
  }
  await page.goto(before);
}

/** A photograph that says where it was taken. */
const photograph = corpusFile("jpeg/tool-extended-scans.jpg");

/** A photograph goes from the device to the worker's eyes. */
export async function showPhotograph(client: ClientPage, consultation: DeskConsultation): Promise<void> {
  await client.chooseFile(photograph);
  const asked = await client.fileAsked("clean");
  for (const what of ["place", "camera", "time"])
    expect(asked).toContain(client.text(`file-removed-${what}`));
  await client.sendFile();
  await consultation.fileIs("offered");
  await consultation.answerFile("accept");
  await client.fileIs("received");
  await consultation.fileIs("here");
  expect(await consultation.lookAtFile()).toHaveLength(1);
  await consultation.closePictures();
}

/** Every hard text in both directions, each heard before the next is said. */
export async function talk(client: ClientPage, consultation: DeskConsultation): Promise<void> {
  await client.chooseCover("sparing");
  for (const { text } of hardTexts) {
    await client.say(text);
    await consultation.hears(text);
    await consultation.say(text);
    await client.hears(text);
  }
  await client.deliveredAre(hardTexts.length);
  await consultation.deliveredAre(hardTexts.length);
}

export async function changeWorker(
  { second }: Place,
  client: ClientPage,
  consultation: DeskConsultation,
): Promise<DeskConsultation> {
  await consultation.handOver(samir.alias, summary);
  await second.requests.waitFor();
  await second.takeOver();
  expect(await client.handOverIsAsked()).toContain(samir.alias);
  expect(await client.alias()).toBe(mira.alias);
  await client.answerHandOver("go");
  await client.note("came").waitFor({ timeout: 40_000 });
  expect(await client.alias()).toBe(samir.alias);
  const arrived = await arrival(second);
  expect(await consultation.endedAs("handed_over")).toContain(samir.alias);
  expect(await client.everything()).not.toContain("summary-snapdragon");
  return arrived;
}

/**
 * One press: covered in the same turn of the page's script, then elsewhere, and nothing behind it. Returns when it was
 * pressed, by `performance.now()`.
 */
export async function leaveAtOnce(client: ClientPage): Promise<number> {
  const { page, exit } = client;
  const length = await page.evaluate(() => history.length);
  await page.locator('[data-test="composer"]').fill("hellebore, not sent");
  const pressedAt = performance.now();
  const left = await exit.evaluate((button: HTMLElement) => {
    button.click();
    return { elements: document.body.childElementCount, html: document.documentElement.outerHTML };
  });
  expect(left.elements).toBe(0);
  expect(left.html).not.toContain("hellebore");
  await isAt(page, site);
  await page.evaluate(() => history.back());
  await isAt(page, before);
  await page.evaluate(() => history.forward());
  await isAt(page, site);
  // It took the page's place, and no other.
  expect(await page.evaluate(() => history.length)).toBe(length);
  return pressedAt;
}

/** Asked of the page itself: Firefox does not tell a test that it has gone back to a page that it kept. */
async function isAt(page: Page, address: string): Promise<void> {
  await waitFor(`the tab to be at ${address}`, async () => {
    const at = await page.evaluate(() => location.href).catch(() => undefined);
    return at === address ? true : undefined;
  });
}

/** What somebody could find in this browser's storage of the page's origin. */
export async function expectNothingStored({ page }: ClientPage, origin: string): Promise<void> {
  const other = await page.context().newPage();
  await other.goto(origin);
  expect(await storedBy(other)).toEqual([]);
}
