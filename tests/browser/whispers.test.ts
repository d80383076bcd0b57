// Workers of one service ask each other about a case. The client never sees it, nor does the relay, and nothing
// of it is kept.

import { afterAll, beforeAll, expect, test } from "vitest";
import { storedBy } from "./src/browser.ts";
import { House, meet, mira, samir, subject } from "./src/house.ts";
import type { DeskPage } from "./src/pages/desk.ts";
import type { Desk } from "./src/processes.ts";
import { needlesOf } from "./src/search.ts";

const question = "whisper-larkspur: кого спросить?";
const answer = "whisper-delphinium: اسألوا الطبيب";
const traces = ["larkspur", "delphinium"];

let house: House;
let colleague: Desk;
let first: DeskPage;
let second: DeskPage;

beforeAll(async () => {
  house = await House.open();
  colleague = await house.newColleague(samir);
  first = await house.openDesk();
  await first.goOnDuty();
  second = await house.openDesk("en", colleague);
  await second.goOnDuty();
}, 120_000);

afterAll(async () => {
  await house?.close();
});

test("two workers whisper while one talks with a client: the client's page shows nothing of it", async () => {
  const client = await house.openClient(await house.newLink());
  const consultation = await meet(client, first, subject(6));
  await consultation.say("one moment please");
  await client.hears("one moment please");
  expect(await consultation.composer.count()).toBe(1);

  await first.whispers.writeTo(samir.alias);
  // Never both fields at once: a word for a colleague must not reach a client.
  expect(await consultation.composer.count()).toBe(0);
  await consultation.closedComposer.waitFor();
  await first.whispers.say(question);
  await first.whispers.isDelivered(question);
  await second.whispers.writeTo(mira.alias);
  await second.whispers.hears(question);
  await second.whispers.say(answer);
  await first.whispers.hears(answer);
  expect(await first.whispers.said()).toContainEqual({ from: "me", text: question });

  await consultation.say("here I am again");
  await client.hears("here I am again");
  expect(await first.whispers.field.count()).toBe(0);
  const everything = await client.everything();
  for (const trace of traces) expect(everything).not.toContain(trace);
  expect((await client.said()).map(({ text }) => text)).toEqual(["one moment please", "here I am again"]);
  expect((await consultation.said()).map(({ text }) => text)).toEqual([
    "one moment please",
    "here I am again",
  ]);
  await client.end();
  await consultation.statusIs("ended");
}, 120_000);

test("no byte between the consoles and the relay shows a word of it", () => {
  const wires = house.scene.recorder.connections.flatMap((connection) => [
    connection.raw("to-relay"),
    connection.raw("from-relay"),
    // Without the masks of RFC 6455.
    ...(["to-relay", "from-relay"] as const).map((direction) =>
      Buffer.concat(
        connection.frames.filter((frame) => frame.direction === direction).map(({ payload }) => payload),
      ),
    ),
  ]);
  const duty = house.scene.recorder.sockets("/ws/duty").flatMap(({ frames }) => frames);
  expect(duty.filter(({ payload }) => payload[0] === 0x32).length).toBeGreaterThan(0);
  const found = [question, answer, ...traces]
    .flatMap(needlesOf)
    .filter(({ bytes }) => wires.some((wire) => wire.includes(bytes)));
  expect(found.map(({ name }) => name)).toEqual([]);
});

test("what is wiped is gone from the page and from the console, and nothing was stored", async () => {
  for (const desk of [first, second]) {
    expect(await desk.page.content()).toContain(traces[0]);
  }
  await first.whispers.writeTo(samir.alias);
  await first.whispers.forget();
  await first.reload();
  await first.dutyIs("on");
  await first.whispers.writeTo(samir.alias);
  expect(await first.whispers.said()).toEqual([]);
  for (const trace of traces) expect(await first.page.content()).not.toContain(trace);
  expect(await storedBy(first.page)).toEqual([]);
  // The colleague's own copy is the colleague's to wipe.
  expect(await second.page.content()).toContain(traces[0]);
  for (const { child } of [house.desk, colleague]) {
    for (const trace of traces) expect(child.output).not.toContain(trace);
  }
});

test("a colleague whose program is killed: what is written then is not called delivered", async () => {
  await first.whispers.writeTo(samir.alias);
  await first.whispers.say("in time");
  await first.whispers.isDelivered("in time");
  await colleague.child.kill("SIGKILL");
  await first.page.locator('[data-test="thread"][data-on-duty="false"]').waitFor();
  await first.whispers.field.fill("too late");
  await first.page.locator('[data-test="whisper"][disabled]').waitFor();
  expect(await first.whispers.said()).toEqual([{ from: "me", text: "in time" }]);
});
