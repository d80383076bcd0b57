// The rest of the desk by keyboard alone, as a coordinator has it: what is chosen once in a shift, what keeps somebody
// abusive away, what comes from colleagues and goes to them, and links. The mouse is never touched on this desk.

import { afterAll, beforeAll, expect, test } from "vitest";
import { House, meet, mira, samir, subject } from "./src/house.ts";
import { Keyboard } from "./src/keyboard.ts";
import type { DeskConsultation, DeskPage } from "./src/pages/desk.ts";
import { waitFor } from "./src/wait.ts";

let house: House;
let desk: DeskPage;
let colleague: DeskPage;
let keys: Keyboard;

beforeAll(async () => {
  house = await House.open();
  colleague = await house.openDesk();
  await colleague.goOnDuty();
  desk = await house.openDesk("en", await house.newColleague({ ...samir, role: "coordinator" }));
  await desk.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  keys = new Keyboard(desk.page);
  await keys.tabTo("duty-toggle");
  await keys.press("Enter");
  await desk.dutyIs("on");
}, 120_000);

afterAll(async () => {
  await house?.close();
});

async function shows(hook: string, state: "visible" | "detached" = "visible"): Promise<void> {
  await desk.page.locator(`[data-test="${hook}"]`).first().waitFor({ state });
}

async function accepted(): Promise<DeskConsultation> {
  await keys.press("Alt+a");
  const [consultation] = await desk.consultationsAre(1);
  if (consultation === undefined) throw new Error("no consultation");
  await consultation.statusIs("open");
  return consultation;
}

test("how many at once, who else is on duty, sound, lock, texts, language", async () => {
  await keys.tabTo("capacity");
  await keys.type("5");
  await keys.press("Alt+s");
  await shows("panel-shift");
  const who = desk.page.locator('[data-test="on-duty"]');
  await who.filter({ hasText: mira.alias }).waitFor();
  expect(await who.textContent()).toContain(desk.text("role-outreach"));
  for (const hook of ["sound", "lock-minutes"]) {
    const before = await desk.page.locator(`[data-test="${hook}"]`).first().getAttribute("aria-pressed");
    await keys.tabTo(hook);
    await keys.press("Space");
    await desk.page
      .locator(`[data-test="${hook}"][aria-pressed="${before !== "true"}"]`)
      .first()
      .waitFor();
  }
  await keys.tabTo("pack-reload");
  await keys.press("Enter");
  await desk.notice("pack_reloaded").waitFor({ state: "attached" });
  await keys.press("Escape");
  await keys.tabTo("dismiss");
  await keys.press("Enter");
  await desk.notice("pack_reloaded").waitFor({ state: "detached" });

  await keys.tabTo("language-ar");
  await keys.press("Enter");
  expect(await desk.page.evaluate(() => document.documentElement.dir)).toBe("rtl");
  await keys.tabTo("language-en");
  await keys.press("Enter");
  // The console has heard it: it is there after a reload.
  await desk.reload();
  await desk.dutyIs("on");
  expect(await desk.page.locator('[data-test="capacity"]').inputValue()).toBe("5");
}, 60_000);

test("left to others, muted, ended and refused", async () => {
  const left = await house.openClient(await house.newLink());
  await left.startWaiting(subject(3).client);
  await desk.waitingAre(1);
  await keys.tabTo("refuse-offer");
  await keys.press("Enter");
  await desk.waitingAre(0);
  await colleague.entry(subject(3).desk).waitFor();
  await left.close();
  await colleague.waitingAre(0);

  const client = await house.openClient(await house.newLink());
  await client.startWaiting(subject(4).client);
  await desk.waitingAre(1);
  const consultation = await accepted();
  await keys.press("Alt+1", "Alt+m");
  await keys.tabTo("mute");
  await keys.press("Enter");
  await waitFor("the mark of silence", async () =>
    (await consultation.words()).includes(desk.text("muted")) ? true : undefined,
  );
  await keys.press("Alt+x");
  await keys.tabTo("end-and-refuse");
  await keys.press("Enter");
  await client.reaches("ended by-advisor");
  await keys.tabTo("forget");
  await keys.press("Enter");
  await desk.consultationsAre(0);
}, 90_000);

test("a colleague asks: not now, then taken over; the next words, replies by typing, emergency steps", async () => {
  const client = await house.openClient(await house.newLink());
  const first = await meet(client, colleague, subject(1));
  await first.handOver(samir.alias, "first try");
  await desk.requests.waitFor();
  await keys.tabTo("not-now");
  await keys.press("Enter");
  await colleague.notice("hand_over_declined").waitFor();
  await first.stageIsOver();
  await first.handOver(samir.alias, "cannot be woken");
  await desk.requests.waitFor();
  await keys.tabTo("take-over");
  await keys.press("Enter");
  await client.handOverIsAsked();
  await client.answerHandOver("go");
  await client.note("came").waitFor({ timeout: 40_000 });
  const [consultation] = await desk.consultationsAre(1);
  if (consultation === undefined) throw new Error("no consultation");
  await consultation.statusIs("open");

  await keys.press("Alt+0");
  await client.say("and now?");
  await consultation.unreadAre(1);
  await keys.press("Alt+n");
  await keys.focusIs("composer");
  await consultation.unreadAre(0);
  await keys.type("/");
  await keys.focusIs("reply-search");
  await keys.type("overdose now");
  await waitFor("one reply", async () =>
    (await desk.page.locator('[data-test="reply"]').count()) === 1 ? true : undefined,
  );
  await keys.press("Enter");
  await keys.focusIs("composer");
  expect(await consultation.composer.inputValue()).toMatch(/ambulance/);
  await keys.press("Enter");
  await client.page.getByText("Give naloxone if you have it").waitFor({ timeout: 30_000 });

  await keys.press("Alt+e");
  await keys.focusIs("script-choice");
  await keys.press("Tab", "Enter");
  await desk.page.locator('[data-test="script-choice"][aria-pressed="true"]').nth(0).waitFor();
  expect(await desk.page.locator('[data-test="script-choice"]').nth(1).getAttribute("aria-pressed")).toBe(
    "true",
  );
  await keys.press("Escape");
  await shows("script", "detached");
  await client.end();
  await consultation.statusIs("ended");
  await keys.tabTo("forget");
  await keys.press("Enter");
  await desk.consultationsAre(0);
}, 150_000);

test("whispers are opened, written, wiped and closed", async () => {
  await keys.press("Alt+w");
  await keys.tabTo("whisper-composer");
  await keys.type("between us");
  await keys.press("Enter");
  await desk.whispers.isDelivered("between us");
  await keys.tabTo("whispers-forget");
  await keys.press("Enter");
  await shows("whisper-message", "detached");
  await keys.press("Alt+w");
  await shows("whispers", "detached");
}, 60_000);

test("an announcement is made and withdrawn", async () => {
  const heard = colleague.page.locator('[data-test="announcement"]');
  await keys.tabTo("announce-open");
  await keys.press("Enter");
  await keys.tabTo("announce-text");
  await keys.type("Naloxone is here.");
  await keys.tabTo("announce");
  await keys.press("Enter");
  await heard.filter({ hasText: "Naloxone is here." }).waitFor();
  await keys.press("Escape");
  await keys.tabTo("announcement-withdraw");
  await keys.press("Enter");
  await heard.waitFor({ state: "detached" });
}, 60_000);

test("links are made and copied; then off duty", async () => {
  await keys.tabTo("links-open");
  await keys.press("Enter");
  await keys.tabTo("links-count");
  await keys.press("Control+a");
  await keys.type("2");
  for (const hook of ["links-channel", "links-hours"]) {
    await keys.tabTo(hook);
    await keys.press("ArrowDown");
  }
  await keys.tabTo("links-make");
  await keys.press("Enter");
  await shows("links-sheet");
  const made = await desk.page.locator('[data-test="link-made"]').allTextContents();
  expect(new Set(made).size).toBe(2);
  await keys.tabTo("link-copy");
  await keys.press("Enter");
  await desk.page.getByText(desk.text("links-copied")).waitFor();
  expect(await desk.page.evaluate(() => navigator.clipboard.readText())).toBe(made[0]);
  await keys.press("Escape");
  await shows("links-sheet", "detached");
  await keys.tabTo("duty-toggle");
  await keys.press("Enter");
  await desk.dutyIs("off");
}, 60_000);
