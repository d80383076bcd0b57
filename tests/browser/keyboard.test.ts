// A whole shift by keyboard alone: from going on duty to the panic key, the mouse is never touched on the desk.

import { afterAll, beforeAll, expect, test } from "vitest";
import { House, samir, subject } from "./src/house.ts";
import type { DeskConsultation, DeskPage } from "./src/pages/desk.ts";
import { passphrase } from "./src/processes.ts";
import { waitFor } from "./src/wait.ts";

/** More stops than any state of the desk has. */
const TABS_MAX = 150;

let house: House;
let desk: DeskPage;
let colleague: DeskPage;

beforeAll(async () => {
  house = await House.open();
  desk = await house.openDesk();
  colleague = await house.openDesk("en", await house.newColleague(samir));
  await colleague.goOnDuty();
}, 120_000);

afterAll(async () => {
  await house?.close();
});

async function press(...keys: readonly string[]): Promise<void> {
  for (const key of keys) await desk.page.keyboard.press(key);
}

async function type(words: string): Promise<void> {
  await desk.page.keyboard.type(words);
}

async function focused(): Promise<string> {
  return await desk.page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset.test ?? "");
}

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

async function focusIs(hook: string): Promise<void> {
  await waitFor(
    `the focus on ${hook}`,
    async () => ((await focused()) === hook ? true : undefined),
    5_000,
    () => `see what has it: ${hook}`,
  );
}

/** As somebody without a mouse gets there. */
async function tabTo(hook: string): Promise<void> {
  const passed: string[] = [];
  for (let count = 0; count < TABS_MAX; count += 1) {
    const now = await focused();
    if (now === hook) return;
    passed.push(now);
    await press("Tab");
  }
  throw new Error(`Tab does not lead to ${hook}, but to ${passed.join(" ")}`);
}

async function theOnly(): Promise<DeskConsultation> {
  const [consultation] = await desk.consultationsAre(1);
  if (consultation === undefined) throw new Error("no consultation");
  return consultation;
}

test("on duty, accept, write, reply, card, return link, whisper, hand over, end, count", async () => {
  await tabTo("duty-toggle");
  await press("Enter");
  await desk.dutyIs("on");
  const client = await house.openClient(await house.newLink());
  await client.startWaiting(subject(4).client);
  await desk.waitingAre(1);
  await press("Alt+a");
  const consultation = await theOnly();
  await consultation.statusIs("open");

  await press("Alt+j");
  await focusIs("composer");
  await type("hello");
  await press("Enter");
  await client.hears("hello");

  await press("Alt+r");
  await focusIs("reply-search");
  await press("ArrowDown", "Enter");
  await focusIs("composer");
  const reply = await consultation.composer.inputValue();
  expect(reply.length).toBeGreaterThan(10);
  expect(reply).not.toContain("{");
  await press("Enter");
  await client.hears(reply);

  await press("Alt+c");
  await focusIs("card-search");
  await press("Enter");
  await client.card.first().waitFor({ timeout: 30_000 });

  await press("Alt+m");
  await tabTo("return-link-wish");
  await press("Enter");
  await client.returnLink.waitFor({ timeout: 30_000 });

  await press("Alt+w");
  await tabTo("whisper-composer");
  await type("is anybody there?");
  await press("Enter");
  await desk.whispers.isDelivered("is anybody there?");

  await press("Alt+1", "Alt+h");
  await tabTo("hand-over-summary");
  await type("asks about tests");
  await tabTo("hand-over-ask");
  await press("Enter");
  await colleague.requests.waitFor();
  await colleague.requests.locator('[data-test="not-now"]').click();
  await desk.notice("hand_over_declined").waitFor();

  await press("Alt+x");
  await tabTo("propose-end");
  await press("Enter");
  await client.answerEnd("agree");
  await consultation.statusIs("ended");
  await tabTo("code");
  await press("Space");
  await tabTo("coding-done");
  await press("Enter");
  await desk.consultationsAre(0);
  await press("Alt+s");
  await desk.page.locator('[data-test="shift-totals"]').waitFor();
  await press("Escape");
}, 180_000);

test("a key never leaves the words of one client in the field of another", async () => {
  const fields: string[] = [];
  for (const place of [1, 2]) {
    const client = await house.openClient(await house.newLink());
    await client.startWaiting(subject(4).client);
    await desk.waitingAre(1);
    await press("Alt+a");
    for (const consultation of await desk.consultationsAre(place)) await consultation.statusIs("open");
    await press(`Alt+${place}`);
    fields.push(await consultationInFocus());
  }
  const [first, second] = fields;
  expect(first).not.toBe(second);

  await press("Alt+h", "Alt+1", "Alt+2");
  await type("for nobody but the second");
  expect(await consultationInFocus()).toBe(second);
  expect(await drafts()).toEqual(["", ""]);
  await press("Escape");

  await press("Alt+1", "Alt+r", "Alt+2", "Escape");
  await type("for the second");
  expect(await drafts()).toEqual(["", "for the second"]);
  await press("Alt+1", "Escape", "Alt+e", "Alt+2", "Escape");
  await type("!");
  expect(await drafts()).toEqual(["", "for the second!"]);

  for (const left of [1, 0]) {
    await press("Alt+1", "Alt+x");
    await tabTo("end-confirm");
    await press("Enter");
    await tabTo("forget");
    await press("Enter");
    await desk.consultationsAre(left);
  }
}, 120_000);

test("help, emergency scripts, lock and unlock", async () => {
  for (const [key, hook] of [
    ["Alt+k", "keys"],
    ["Alt+e", "panel-scripts"],
  ] as const) {
    await press(key);
    await desk.page.locator(`[data-test="${hook}"]`).waitFor();
    await press("Escape");
    await desk.page.locator(`[data-test="${hook}"]`).waitFor({ state: "detached" });
  }
  await press("Alt+l");
  await focusIs("unlock-passphrase");
  await type("not this one");
  await press("Enter");
  await desk.page.getByText(desk.text("passphrase-wrong")).waitFor({ timeout: 20_000 });
  await waitFor("another try", async () =>
    (await desk.page.locator('[data-test="unlock"]').isEnabled()) ? true : undefined,
  );
  await tabTo("unlock-passphrase");
  await press("Control+a");
  await type(passphrase);
  await press("Enter");
  await desk.dutyIs("on");
}, 90_000);

test("the panic key ends the program, and its file opens no more", async () => {
  await press("Alt+p", "Alt+p");
  await desk.isOver("gone");
  await house.desk.child.ended(10_000);
  await expect(house.scene.newLinks(house.worker, 1)).rejects.toThrow(/exit code 2/);
}, 60_000);
