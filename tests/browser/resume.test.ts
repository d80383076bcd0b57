// A consultation outlives its sockets: networks that vanish in mid-message, and a relay that is killed. What the
// page tells its person meanwhile is compared with what the recorder let through.
//
// The recorder takes every byte of the browser's away, in both directions, and tells nobody, as a network does
// that is gone; what was sent meanwhile comes late, as TCP sends it again. Chromium's own switch (`setOffline`)
// adds the events `offline` and `online` and `navigator.onLine`.

import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { CELL_SIZE } from "./src/frames.ts";
import { House, meet, subject } from "./src/house.ts";
import type { ClientPage } from "./src/pages/client.ts";
import type { DeskConsultation, DeskPage } from "./src/pages/desk.ts";
import { waitFor } from "./src/wait.ts";
import { Witness } from "./src/witness.ts";

/** docs/protocol.md section 6: an end that hears nothing on a joined socket for so long drops it. */
const SILENT_MS = 16_000;
/** The client's page shows a change of the line only when it lasts, and looks once a second. */
const SHOWN_MS = 1_500 + 1_000;
/** For a browser and a test on a machine with other work. */
const MARGIN_MS = 1_500;
/** At least six cells, one every two seconds: there is time to cut in the middle. */
const long = "Длинное письмо. ".repeat(190).trim();

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

interface Talk {
  readonly desk: DeskPage;
  readonly client: ClientPage;
  readonly consultation: DeskConsultation;
  readonly clientWitness: Witness;
  readonly deskWitness: Witness;
}

async function beginTalk(about: number): Promise<Talk> {
  const desk = await house.openDesk();
  await desk.goOnDuty();
  const client = await house.openClient(await house.newLink());
  const consultation = await meet(client, desk, subject(about));
  await client.say("before");
  await consultation.hears("before");
  await client.deliveredAre(1);
  await consultation.say("answer before");
  await client.hears("answer before");
  await consultation.deliveredAre(1);
  const clientWitness = await Witness.of(client.page, ".talk");
  const deskWitness = await Witness.of(desk.page, `[data-consultation="${consultation.id}"]`);
  return { desk, client, consultation, clientWitness, deskWitness };
}

/** So many cells of the client's have left on its newest socket. */
function cellsSent(): number {
  const { connections } = house.scene.recorder;
  const newest = connections.findLast((one) => one.isBrowsers && one.socketPath !== undefined);
  const frames = newest?.frames ?? [];
  return frames.filter(({ direction, payload }) => direction === "to-relay" && payload.length === CELL_SIZE)
    .length;
}

async function expectAllOnce({ client, consultation }: Talk, fromClient: string[], fromWorker: string[]) {
  const last = [fromClient.at(-1) ?? "", fromWorker.at(-1) ?? ""] as const;
  await Promise.all([consultation.hears(last[0], 90_000), client.hears(last[1], 90_000)]);
  await client.deliveredAre(fromClient.length, 60_000);
  await consultation.deliveredAre(fromWorker.length, 60_000);
  const texts = (said: readonly { from: string; text: string }[], from: string) =>
    said.filter((one) => one.from === from).map(({ text }) => text);
  expect(texts(await consultation.said(), "client")).toEqual(fromClient);
  expect(texts(await client.said(), "advisor")).toEqual(fromWorker);
  expect(texts(await client.said(), "you")).toEqual(fromClient);
}

async function finish({ client, consultation }: Talk): Promise<void> {
  await client.end();
  await consultation.statusIs("ended");
  await consultation.forget();
}

describe("the client's network vanishes in mid-message", () => {
  const cuts: readonly { readonly seconds: number; readonly isTold: boolean; readonly about: number }[] = [
    { seconds: 5, isTold: true, about: 2 },
    { seconds: 25, isTold: false, about: 3 },
    { seconds: 60, isTold: true, about: 4 },
  ];

  for (const { seconds, isTold, about } of cuts) {
    const knowing = isTold ? "the browser knows it" : "the browser thinks that it is online";
    test(`for ${seconds} s, and ${knowing}: the screen tells the truth, every word comes once`, async () => {
      const talk = await beginTalk(about);
      const { client, consultation } = talk;
      const sentBefore = cellsSent();
      await client.say(long);
      await waitFor("the middle of the message", () => (cellsSent() >= sentBefore + 2 ? true : undefined));

      const cutAt = Date.now();
      house.scene.recorder.cutOff("browsers");
      if (isTold) await client.page.context().setOffline(true);
      const dialled = client.watched.addresses.length;
      await client.say("during, one");
      await consultation.say("answer during");
      await sleep(seconds * 500);
      await client.say("during, two");
      await sleep(Math.max(0, cutAt + seconds * 1_000 - Date.now()));
      if (isTold) {
        expect(await client.lineWords()).toBe(client.text("line-offline"));
        const marks = await client.page.locator('[data-test="underway"]').allTextContents();
        expect(marks).toEqual([long, "one", "two"].map(() => client.text("underway-offline")));
        // A browser slows a page whose sockets fail again and again.
        expect(client.watched.addresses).toHaveLength(dialled);
      }
      const backAt = Date.now();
      house.scene.recorder.reconnect();
      if (isTold) await client.page.context().setOffline(false);

      await client.lineIs("joined");
      const joinedAfter = await talk.clientWitness.shownAfter("joined", backAt);
      await client.say("after");
      await consultation.say("answer after");
      await client.hears("answer during", 60_000);
      const answerAfter = Date.now() - backAt;
      await consultation.hears(long, 60_000);
      const longAfter = Date.now() - backAt;
      await expectAllOnce(
        talk,
        ["before", long, "during, one", "during, two", "after"],
        ["answer before", "answer during", "answer after"],
      );
      await expectTruth(talk, cutAt, backAt, isTold);
      console.log(
        `${seconds} s away, told: ${isTold}. After the network is back: joined ${joinedAfter} ms, ` +
          `the worker's words ${answerAfter} ms, the rest of the broken message ${longAfter} ms, ` +
          `every word delivered ${Date.now() - backAt} ms`,
      );
      await finish(talk);
    }, 240_000);
  }

  async function expectTruth(talk: Talk, cutAt: number, backAt: number, isTold: boolean): Promise<void> {
    const during = await talk.clientWitness.sights(cutAt, backAt);
    expect(during.length).toBeGreaterThan((backAt - cutAt) / 250);
    const knownBy = cutAt + SHOWN_MS + MARGIN_MS + (isTold ? 0 : SILENT_MS);
    const late = during.filter(({ at }) => at > knownBy);
    expect(late.length).toBeGreaterThan(0);
    expect([...new Set(late.map(({ line }) => line))]).toEqual([isTold ? "offline" : "reconnecting"]);
    // Nothing is called delivered before it was: only what was there before the network went.
    expect([...new Set(during.map(({ delivered }) => delivered))]).toEqual([1]);
    expect(during.at(-1)?.underway).toBe(3);
    await expectDeskTruth(talk, cutAt, backAt);
  }

  /** The desk does not show changes late: 20 s after the last cell it says that the client is away. */
  async function expectDeskTruth({ deskWitness }: Talk, cutAt: number, backAt: number): Promise<void> {
    const sights = await deskWitness.sights(cutAt, backAt);
    const late = sights.filter(({ at }) => at > cutAt + 20_000 + MARGIN_MS);
    expect(late.filter(({ line }) => line === "joined")).toEqual([]);
    expect([...new Set(sights.map(({ delivered }) => delivered))]).toEqual([1]);
  }
});

test("the worker's network is gone: the desk says so within a second, keeps everything, and goes on by itself", async () => {
  const { desk, client, consultation, deskWitness } = await beginTalk(6);
  await consultation.composer.fill("half a sen");
  const cutAt = Date.now();
  house.scene.recorder.cutOff("consoles");
  await desk.networkIs(false);
  await desk.dutyIs("unreachable", 5_000);
  const saidAfter = await deskWitness.shownAfter("reconnecting", cutAt);
  console.log(`without a network, the desk says so after ${saidAfter} ms`);
  expect(saidAfter).toBeLessThan(1_000);
  expect(await desk.words()).toContain(desk.text("network-off"));
  expect(await consultation.words()).toContain(desk.text("line-reconnecting"));
  await consultation.say("said without a network");
  await consultation.composer.fill("half a sentence");
  await client.lineIs("advisor-away", 40_000);
  await client.say("and you?");

  house.scene.recorder.reconnect();
  await desk.networkIs(true);
  await desk.dutyIs("on", 60_000);
  await consultation.lineIs("joined", 60_000);
  await client.hears("said without a network", 60_000);
  await consultation.hears("and you?", 60_000);
  expect(await consultation.composer.inputValue()).toBe("half a sentence");
  await consultation.composer.fill("");
  const talk = { desk, client, consultation, deskWitness, clientWitness: deskWitness };
  await expectAllOnce(talk, ["before", "and you?"], ["answer before", "said without a network"]);
  await finish(talk);
}, 180_000);

test("the relay is killed and started again while two people talk: both are told, every word comes once", async () => {
  const talk = await beginTalk(5);
  const { client, consultation, desk } = talk;
  await client.say("just before");
  await consultation.say("answer just before");
  const killedAt = Date.now();
  await house.scene.killRelay();
  await client.say("without a relay");
  await consultation.say("answer without a relay");
  await client.lineIs("reconnecting", SHOWN_MS + MARGIN_MS);
  await consultation.lineIs("reconnecting", SHOWN_MS + MARGIN_MS);
  await sleep(Math.max(0, killedAt + 6_000 - Date.now()));
  expect(await client.lineWords()).toBe(client.text("line-reconnecting"));
  const startedAt = Date.now();
  const during = await talk.clientWitness.sights(killedAt + SHOWN_MS + MARGIN_MS, startedAt);
  expect([...new Set(during.map(({ line }) => line))]).toEqual(["reconnecting"]);
  await house.scene.startRelay([house.service]);
  const listeningAt = Date.now();
  await client.lineIs("joined");
  await consultation.lineIs("joined");
  await client.say("after");
  await consultation.say("answer after");
  await expectAllOnce(
    talk,
    ["before", "just before", "without a relay", "after"],
    ["answer before", "answer just before", "answer without a relay", "answer after"],
  );
  console.log(
    `relay back: the client's page says so after ${await talk.clientWitness.shownAfter("joined", listeningAt)} ms, ` +
      `the desk after ${await talk.deskWitness.shownAfter("joined", listeningAt)} ms, ` +
      `every word delivered after ${Date.now() - listeningAt} ms`,
  );
  await desk.dutyIs("on", 60_000);
  await finish(talk);
}, 180_000);
