// A whole shift by keyboard alone: from going on duty to the panic key, the mouse is never touched on the desk.

import { afterAll, beforeAll, expect, test } from "vitest";
import { House, samir, subject } from "./src/house.ts";
import { Keyboard } from "./src/keyboard.ts";
import type { DeskConsultation, DeskPage } from "./src/pages/desk.ts";
import { passphrase } from "./src/processes.ts";
import { waitFor } from "./src/wait.ts";

let house: House;
let desk: DeskPage;
let colleague: DeskPage;
let keys: Keyboard;

beforeAll(async () => {
  house = await House.open();
  desk = await house.openDesk();
  keys = new Keyboard(desk.page);
  colleague = await house.openDesk("en", await house.newColleague(samir));
  await colleague.goOnDuty();
}, 120_000);

afterAll(async () => {
  await house?.close();
});

async function consultationInFocus(): Promise<string> {
  return await desk.page.evaluate(
    () => document.activeElement?.closest<HTMLElement>("[data-consultation]")?.dataset.consultation ?? "",
  );
}

/** What stands in the fields for clients, in the order of the columns; nothing for a field that is closed. */
async function drafts(): Promise<readonly string[]> {
  return await desk.page.evaluate(() =>
    [...document.querySelectorAll("[data-consultation]")].map(
      (column) => column.querySelector<HTMLTextAreaElement>('[data-test="composer"]')?.value ?? "",
    ),
  );
}

async function theOnly(): Promise<DeskConsultation> {
  const [consultation] = await desk.consultationsAre(1);
  if (consultation === undefined) throw new Error("no consultation");
  return consultation;
}

test("on duty, accept, write, reply, card, return link, whisper, hand over, end, count", async () => {
  await keys.tabTo("duty-toggle");
  await keys.press("Enter");
  await desk.dutyIs("on");
  const client = await house.openClient(await house.newLink());
  await client.startWaiting(subject(4).client);
  await desk.waitingAre(1);
  await keys.press("Alt+a");
  const consultation = await theOnly();
  await consultation.statusIs("open");

  await keys.press("Alt+j");
  await keys.focusIs("composer");
  await keys.type("hello");
  await keys.press("Enter");
  await client.hears("hello");

  await keys.press("Alt+r");
  await keys.focusIs("reply-search");
  await keys.press("ArrowDown", "Enter");
  await keys.focusIs("composer");
  const reply = await consultation.composer.inputValue();
  expect(reply.length).toBeGreaterThan(10);
  expect(reply).not.toContain("{");
  await keys.press("Enter");
  await client.hears(reply);

  await keys.press("Alt+c");
  await keys.focusIs("card-search");
  await keys.press("Enter");
  await client.card.first().waitFor({ timeout: 30_000 });

  await keys.press("Alt+m");
  await keys.tabTo("return-link-wish");
  await keys.press("Enter");
  await client.returnLink.waitFor({ timeout: 30_000 });

  await keys.press("Alt+w");
  await keys.tabTo("whisper-composer");
  await keys.type("is anybody there?");
  await keys.press("Enter");
  await desk.whispers.isDelivered("is anybody there?");

  await keys.press("Alt+1", "Alt+h");
  await keys.tabTo("hand-over-summary");
  await keys.type("asks about tests");
  await keys.tabTo("hand-over-ask");
  await keys.press("Enter");
  await colleague.requests.waitFor();
  await colleague.requests.locator('[data-test="not-now"]').click();
  await desk.notice("hand_over_declined").waitFor();

  await keys.press("Alt+x");
  await keys.tabTo("propose-end");
  await keys.press("Enter");
  await client.answerEnd("agree");
  await consultation.statusIs("ended");
  await keys.tabTo("code");
  await keys.press("Space");
  await keys.tabTo("coding-done");
  await keys.press("Enter");
  await desk.consultationsAre(0);
  await keys.press("Alt+s");
  await desk.page.locator('[data-test="shift-totals"]').waitFor();
  await keys.press("Escape");
}, 180_000);

test("a key never leaves the words of one client in the field of another", async () => {
  const fields: string[] = [];
  for (const place of [1, 2]) {
    const client = await house.openClient(await house.newLink());
    await client.startWaiting(subject(4).client);
    await desk.waitingAre(1);
    await keys.press("Alt+a");
    for (const consultation of await desk.consultationsAre(place)) await consultation.statusIs("open");
    await keys.press(`Alt+${place}`);
    fields.push(await consultationInFocus());
  }
  const [first, second] = fields;
  expect(first).not.toBe(second);

  await keys.press("Alt+h", "Alt+1", "Alt+2");
  await keys.type("for nobody but the second");
  expect(await consultationInFocus()).toBe(second);
  expect(await drafts()).toEqual(["", ""]);
  await keys.press("Escape");

  await keys.press("Alt+1", "Alt+r", "Alt+2", "Escape");
  await keys.type("for the second");
  expect(await drafts()).toEqual(["", "for the second"]);
  await keys.press("Alt+1", "Escape", "Alt+e", "Alt+2", "Escape");
  await keys.type("!");
  expect(await drafts()).toEqual(["", "for the second!"]);

  for (const left of [1, 0]) {
    await keys.press("Alt+1", "Alt+x");
    await keys.tabTo("end-confirm");
    await keys.press("Enter");
    await keys.tabTo("forget");
    await keys.press("Enter");
    await desk.consultationsAre(left);
  }
}, 120_000);

test("help, emergency scripts, lock and unlock", async () => {
  for (const [key, hook] of [
    ["Alt+k", "keys"],
    ["Alt+e", "panel-scripts"],
  ] as const) {
    await keys.press(key);
    await desk.page.locator(`[data-test="${hook}"]`).waitFor();
    await keys.press("Escape");
    await desk.page.locator(`[data-test="${hook}"]`).waitFor({ state: "detached" });
  }
  await keys.press("Alt+l");
  await keys.focusIs("unlock-passphrase");
  await keys.type("not this one");
  await keys.press("Enter");
  await desk.page.getByText(desk.text("passphrase-wrong")).waitFor({ timeout: 20_000 });
  await waitFor("another try", async () =>
    (await desk.page.locator('[data-test="unlock"]').isEnabled()) ? true : undefined,
  );
  await keys.tabTo("unlock-passphrase");
  await keys.press("Control+a");
  await keys.type(passphrase);
  await keys.press("Enter");
  await desk.dutyIs("on");
}, 90_000);

test("the panic key ends the program, and its file opens no more", async () => {
  await keys.press("Alt+p", "Alt+p");
  await desk.isOver("gone");
  await house.desk.child.ended(10_000);
  await expect(house.scene.newLinks(house.worker, 1)).rejects.toThrow(/exit code 2/);
}, 60_000);
