// How a person leaves a conversation: what the browser asks first, what stays on the page, and that an ended
// consultation cannot come back.

import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { House, meet, subject } from "./src/house.ts";
import type { ClientPage } from "./src/pages/client.ts";
import type { DeskConsultation } from "./src/pages/desk.ts";

const word = "gladiolus";
/** Longer than a page waits before it tries a lost connection again. */
const QUIET_MS = 5_000;

let house: House;

beforeAll(async () => {
  house = await House.open();
});

afterEach(async () => {
  house.scene.recorder.reconnect();
  await house.closePages();
});

afterAll(async () => {
  await house?.close();
});

async function beginTalk(
  about: number,
): Promise<{ readonly client: ClientPage; readonly consultation: DeskConsultation }> {
  const desk = await house.openDesk();
  await desk.goOnDuty();
  const client = await house.openClient(await house.newLink(), { language: "uk" });
  const consultation = await meet(client, desk, subject(about));
  await client.say(word);
  await consultation.hears(word);
  await client.deliveredAre(1);
  return { client, consultation };
}

/** Every socket that the page has asked for. */
function sockets(client: ClientPage): readonly string[] {
  return client.watched.addresses.filter((address) => address.startsWith("ws:"));
}

async function expectNoMoreSockets(client: ClientPage): Promise<void> {
  const before = sockets(client);
  await sleep(QUIET_MS);
  expect(sockets(client)).toEqual(before);
}

test("the browser asks before a reload while they talk, and not after the end", async () => {
  const { client, consultation } = await beginTalk(2);
  expect(await client.words()).toContain(client.text("composer-loses"));
  const answers: string[] = [];
  client.page.removeAllListeners("dialog");
  client.page.on("dialog", (dialog) => {
    answers.push(dialog.type());
    dialog.dismiss().catch(() => undefined);
  });
  // The person thinks again: the browser stays where it is.
  await client.page.evaluate(() => setTimeout(() => location.reload()));
  await client.page.waitForEvent("dialog");
  expect(answers).toEqual(["beforeunload"]);
  expect(await client.state()).toBe("talking");
  await client.say("still here");
  await consultation.hears("still here");

  await client.end();
  await client.reaches("ended by-you");
  await client.page.reload();
  await client.reaches("no-link");
  expect(answers).toEqual(["beforeunload"]);
  await consultation.statusIs("ended");
  await consultation.forget();
});

test("an ended consultation is wiped, on both ends, and opens no socket again", async () => {
  const { client, consultation } = await beginTalk(3);
  await client.end();
  await client.reaches("ended by-you");
  expect(await client.everything()).not.toContain(word);
  await consultation.statusIs("ended");
  await client.isWiped();
  expect(await client.words()).toContain(client.text("ended-wiped"));
  await expectNoMoreSockets(client);
  expect(await client.state()).toBe("ended by-you");
  await consultation.forget();
});

test("End without a network: out of sight at once, wiped in the time that it says, and never resumed", async () => {
  const { client, consultation } = await beginTalk(4);
  house.scene.recorder.cutOff("browsers");
  await client.page.context().setOffline(true);
  await client.lineIs("offline");
  await client.say("said into the void");
  await client.end();
  const endedAt = Date.now();
  await client.reaches("ended by-you");
  expect(await client.words()).toContain(client.text("ended-wiping"));
  expect(await client.words()).not.toContain(client.text("ended-wiped"));
  expect(await client.everything()).not.toContain(word);
  expect(await client.everything()).not.toContain("said into the void");
  await client.isWiped();
  const wipedAfter = Date.now() - endedAt;
  expect(wipedAfter).toBeGreaterThan(15_000);
  expect(wipedAfter).toBeLessThan(24_000);
  expect(await client.words()).toContain(client.text("ended-wiped"));

  const before = sockets(client);
  house.scene.recorder.reconnect();
  await client.page.context().setOffline(false);
  await sleep(QUIET_MS);
  expect(sockets(client)).toEqual(before);
  expect(await client.state()).toBe("ended by-you");
  expect((await consultation.said()).map(({ text }) => text)).toEqual([word]);
  // Nobody told the worker: their desk says that the client is away, not that they talk.
  await consultation.lineIs("client_away");
  await consultation.end();
  await consultation.statusIs("ended");
  await consultation.forget();
}, 120_000);
