// Several consultations beside each other, and long ones: presses do what they say wherever the page moves to, and of
// a long log the newest messages are laid out, the others when they are asked for.

import { afterAll, beforeAll, expect, test } from "vitest";
import { House, meet, samir, subject } from "./src/house.ts";
import { Keyboard } from "./src/keyboard.ts";
import type { ClientPage } from "./src/pages/client.ts";
import type { DeskConsultation, DeskPage } from "./src/pages/desk.ts";
import { waitFor } from "./src/wait.ts";

/** Laid out at first, and more with each press (client-web/src/desk/newest.ts). */
const LAID_OUT = 40;

let house: House;
let desk: DeskPage;

beforeAll(async () => {
  house = await House.open(["--save-data"]);
  desk = await house.openDesk();
  await desk.goOnDuty();
  await desk.setCapacity(8);
  const colleague = await house.openDesk("en", await house.newColleague(samir));
  await colleague.goOnDuty();
}, 120_000);

afterAll(async () => {
  await house?.close();
});

async function begin(number: number): Promise<{ client: ClientPage; consultation: DeskConsultation }> {
  const client = await house.openClient(await house.newLink());
  return { client, consultation: await meet(client, desk, subject(number)) };
}

async function end({ client, consultation }: Awaited<ReturnType<typeof begin>>): Promise<void> {
  await client.end();
  await consultation.statusIs("ended");
  await consultation.forget();
}

test("a press in a column that is half out of sight is not lost", async () => {
  const talks = [await begin(0), await begin(1), await begin(2), await begin(3)];
  const [first, last] = [talks[0]?.consultation, talks[3]?.consultation];
  if (first === undefined || last === undefined) throw new Error("no four consultations");
  await first.composer.focus();
  await last.column.evaluate((column) => {
    const columns = column.closest(".desk-columns");
    if (columns === null) throw new Error("no columns");
    const hidden = column.getBoundingClientRect().right - columns.getBoundingClientRect().right;
    columns.scrollLeft += hidden - 110;
  });
  const button = await last.column.locator('[data-test="hand-over"]').boundingBox();
  if (button === null) throw new Error("no button");
  // No click of a locator, which would scroll the column into view first.
  await desk.page.mouse.click(button.x + button.width / 2, button.y + button.height / 2);
  await last.column.locator('[data-test="hand-over-choice"]').waitFor({ timeout: 5_000 });
  expect(await last.column.getAttribute("data-selected")).toBe("");
  for (const talk of talks) await end(talk);
}, 120_000);

test("earlier messages come by keyboard, and what is read stays in its place", async () => {
  const talk = await begin(4);
  const { client, consultation } = talk;
  const keys = new Keyboard(desk.page);
  const words = Array.from({ length: LAID_OUT + 6 }, (_, at) => `word ${at}`);
  await consultation.composer.focus();
  for (const word of words) {
    await keys.type(word);
    await keys.press("Enter");
  }
  await client.hears(words.at(-1) ?? "");
  await consultation.deliveredAre(LAID_OUT);
  expect(await texts(consultation)).toEqual(words.slice(6));

  await consultation.log.focus();
  await keys.press("Home");
  const [reading] = words.slice(6);
  await waitFor("the beginning of the log", async () =>
    (await consultation.log.evaluate(({ scrollTop }) => scrollTop)) === 0 ? true : undefined,
  );
  await keys.tabTo("earlier");
  const before = await placeOf(consultation, reading);
  await keys.press("Enter");
  await consultation.earlier.waitFor({ state: "detached" });
  expect(await texts(consultation)).toEqual(words);
  expect(await placeOf(consultation, reading)).toBeCloseTo(before, 0);
  expect(await consultation.log.evaluate((log) => log === document.activeElement)).toBe(true);

  // What comes meanwhile moves nothing, and is read out where what was asked for is not.
  await client.say("and I");
  await consultation.hears("and I");
  expect(await placeOf(consultation, reading)).toBeCloseTo(before, 0);
  const quiet = consultation.log.locator('[aria-live="off"] [data-test="message"]');
  expect(await quiet.count()).toBe(7);

  await consultation.say("back at the end");
  await consultation.earlier.waitFor();
  expect(await texts(consultation)).toEqual([...words.slice(8), "and I", "back at the end"]);
  await end(talk);
}, 120_000);

async function texts(consultation: DeskConsultation): Promise<readonly string[]> {
  return (await consultation.said()).map(({ text }) => text);
}

/** How far below the top of its log. */
async function placeOf(consultation: DeskConsultation, text: string | undefined): Promise<number> {
  return await consultation.log.evaluate((log, text) => {
    const message = [...log.querySelectorAll(".message")].find(
      (it) => it.querySelector(".message-text")?.textContent === text,
    );
    if (message === undefined) throw new Error(`${text} is not laid out`);
    return message.getBoundingClientRect().top - log.getBoundingClientRect().top;
  }, text);
}
