// Several consultations beside each other, not all of them in sight.

import { afterAll, beforeAll, expect, test } from "vitest";
import { House, meet, samir, subject } from "./src/house.ts";
import type { ClientPage } from "./src/pages/client.ts";
import type { DeskConsultation, DeskPage } from "./src/pages/desk.ts";

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
