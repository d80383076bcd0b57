// A worker's file is stolen. The coordinator revokes it: within a minute it is of no use, nor are links made with it,
// while everybody else goes on.

import { afterAll, beforeAll, expect, test } from "vitest";
import { House, meet, samir, subject } from "./src/house.ts";
import type { DeskPage } from "./src/pages/desk.ts";
import type { Worker } from "./src/processes.ts";

const OFF_WITHIN_MS = 60_000;

let house: House;
let stolen: DeskPage;
let other: Worker;
let others: DeskPage;

beforeAll(async () => {
  house = await House.open();
  stolen = await house.openDesk();
  await stolen.goOnDuty();
  other = await house.scene.newWorker(house.service, { ...samir, languages: ["en"] });
  others = await house.openDesk("en", await house.scene.startDesk(other));
  await others.goOnDuty();
}, 120_000);

afterAll(async () => {
  await house?.close();
});

test("revoked: off at once, no way back, its links refused; new ones work, and who talks goes on talking", async () => {
  const oldLink = await house.newLink();
  const client = await house.openClient(await house.newLink());
  const consultation = await meet(client, others, subject(2));

  const revokedAt = Date.now();
  await house.scene.revoke(house.worker);
  await stolen.dutyIs("refused", OFF_WITHIN_MS);
  const took = Date.now() - revokedAt;
  console.log(`revoked: off duty ${took} ms after the command was begun`);
  expect(took).toBeLessThan(OFF_WITHIN_MS);
  expect(await stolen.words()).toContain(stolen.text("refused-certificate_refused"));

  await stolen.page.locator('[data-test="duty-toggle"]').click();
  await stolen.dutyIs("refused");
  const again = await house.openDesk("en", await house.scene.startDesk(house.worker));
  await again.page.locator('[data-test="duty-toggle"]').click();
  await again.dutyIs("refused");

  const late = await house.openClient(oldLink);
  await late.reaches("welcome");
  await late.start();
  await late.reaches("refused link-refused");

  const renewed = await house.scene.renew(other);
  const renewedDesk = await house.openDesk("en", await house.scene.startDesk(renewed));
  await renewedDesk.goOnDuty();
  const [newLink] = await house.scene.newLinks(renewed, 1);
  if (newLink === undefined) throw new Error("no link");
  const newcomer = await house.openClient(newLink);
  const fresh = await meet(newcomer, renewedDesk, subject(3));
  await newcomer.say("with a new link");
  await fresh.hears("with a new link");

  await client.say("still here");
  await consultation.hears("still here");
  expect(await client.alias()).toBe(samir.alias);
}, 180_000);

test("a relay that was started anew learns of it from the first worker who signs in", async () => {
  await house.scene.killRelay();
  await house.scene.startRelay([house.service]);
  await others.dutyIs("on", 60_000);
  const again = await house.openDesk("en", await house.scene.startDesk(house.worker));
  await again.page.locator('[data-test="duty-toggle"]').click();
  await again.dutyIs("refused", OFF_WITHIN_MS);
}, 120_000);
