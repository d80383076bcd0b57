// The client's whole journey over an onion service, through a Tor network of our own on loopback with real circuits
// (src/tor-network.ts), in Firefox as Tor Browser sets it at Safer. On the way the circuits that the client uses are
// killed, while words are on their way in both directions.

import { setTimeout as sleep } from "node:timers/promises";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchFirefox, storedBy } from "./src/browser.ts";
import { handshakeTimes } from "./src/handshake-times.ts";
import { meet, subject } from "./src/house.ts";
import {
  changeWorker,
  elsewhere,
  elsewheres,
  expectNothingStored,
  leaveAtOnce,
  lineOf,
  openPlace,
  type Place,
} from "./src/journey.ts";
import { lastWords, torn } from "./src/last-words.ts";
import { ClientPage } from "./src/pages/client.ts";
import type { DeskConsultation } from "./src/pages/desk.ts";
import type { RecordedConnection } from "./src/recorder.ts";
import { saferPreferences, throughTor } from "./src/tor-browser.ts";
import { TorNetwork } from "./src/tor-network.ts";
import { waitFor } from "./src/wait.ts";

/** Several cells, of which steady cover sends one every few seconds: there is time to cut in the middle. */
const long = "hellebore, at length. ".repeat(150).trim();
/** The longest slot of steady cover. */
const SLOT_MAX_MS = 2_500;

let network: TorNetwork | undefined;
let place: Place;
let browser: Browser;

beforeAll(async () => {
  place = await openPlace(async (scene) => {
    const startedAt = performance.now();
    network = await TorNetwork.start(scene.recorder.port);
    scene.alsoAt(network.origin);
    console.log(`the Tor network has started after ${Math.round(performance.now() - startedAt)} ms`);
  });
  browser = await launchFirefox({ ...saferPreferences, ...throughTor(network?.socksPort ?? 0) });
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await place?.house.close();
  await network?.end();
});

test("the whole journey, with the circuits killed in the middle: no word is lost, doubled or out of order", async () => {
  if (network === undefined) throw new Error("there is no Tor network");
  const { house, first } = place;
  const [link] = await house.scene.newLinks(house.worker, 1, ["--relay", network.origin]);
  if (link === undefined) throw new Error("no link");
  const openedAt = performance.now();
  const client = await ClientPage.open(browser, link, { prepare: elsewhere });
  await client.reaches("welcome");
  const shownMs = Math.round(performance.now() - openedAt);
  expect(new URL(client.page.url()).origin).toBe(network.origin);
  expect(await client.page.evaluate(() => isSecureContext)).toBe(true);

  const consultation = await meet(client, first, subject(2));
  const handshake = handshakeTimes(house.scene.recorder).text;
  console.log(`welcome after ${shownMs} ms; handshake, with the way through Tor, ${handshake}`);
  const said: string[] = [];
  for (const cover of ["steady", "sparing"] as const) {
    await client.chooseCover(cover);
    said.push(...(await talkThroughKill(network, client, consultation, cover)));
    await expectAllOnce(client, consultation, said);
  }

  const arrived = await changeWorker(place, client, consultation);
  await client.say("to the second");
  await arrived.hears("to the second");
  await arrived.say("from the second");
  await client.hears("from the second");
  expect(await storedBy(client.page)).toEqual([]);

  const wire = lineOf(house);
  const leftAt = await leaveAtOnce(client);
  // Cells that had left before may still come; nothing follows them but what comes from any page that is gone.
  expect((await lastWords(wire, leftAt)).slice(-1)).toEqual(torn);
  await arrived.lineIs("client_away");
  await arrived.statusIs("open");
  await expectNothingStored(client, network.origin);
  const { host } = new URL(network.origin);
  const elsewhereAsked = client.watched.addresses.filter((address) => new URL(address).host !== host);
  expect(new Set(elsewhereAsked)).toEqual(new Set(elsewheres));
  expect(client.watched.problems).toEqual([]);
  await client.close();
}, 300_000);

/** Each end says the same, so that neither direction is idle. Returns it, in order. */
async function talkThroughKill(
  tor: TorNetwork,
  client: ClientPage,
  consultation: DeskConsultation,
  cover: string,
): Promise<readonly string[]> {
  const words = [`${long} ${cover}`, `${cover}: within`, `${cover}: after`] as const;
  const say = async (text: string) => await Promise.all([client.say(text), consultation.say(text)]);
  const { recorder } = place.house.scene;
  const wire = lineOf(place.house);
  const rejoined = recorder.sockets("/ws/rejoin").length;
  await say(words[0]);
  await cellsCome(wire, 2);
  const circuits = await tor.killCircuits(async () => {
    await say(words[1]);
    await Promise.all([cellsCome(wire, 1), sleep(SLOT_MAX_MS)]);
  });
  const killedAt = performance.now();
  expect(circuits).toBeGreaterThan(0);
  expect(await client.page.locator('[data-test="underway"]').count()).toBeGreaterThan(0);
  await say(words[2]);
  await waitFor("the line to break", () => (wire.isOpen ? undefined : true));
  await waitFor("another line", () => {
    const later = recorder.sockets("/ws/rejoin").slice(rejoined);
    return later.some(({ isBrowsers, isOpen }) => isBrowsers && isOpen) ? true : undefined;
  });
  const backMs = Math.round(performance.now() - killedAt);
  await Promise.all([consultation.hears(words[2], 60_000), client.hears(words[2], 60_000)]);
  const allMs = Math.round(performance.now() - killedAt);
  console.log(
    `${cover}, circuits killed: another line after ${backMs} ms, all words there after ${allMs} ms`,
  );
  return words;
}

/** So many more have gone from the relay into Tor. */
async function cellsCome(wire: RecordedConnection, count: number): Promise<void> {
  const passed = () => wire.frames.filter(({ direction }) => direction === "from-relay").length;
  const goal = passed() + count;
  await waitFor("cells from the worker", () => (passed() >= goal ? true : undefined));
}

/** In order, at both ends, and acknowledged. */
async function expectAllOnce(
  client: ClientPage,
  consultation: DeskConsultation,
  words: readonly string[],
): Promise<void> {
  await client.deliveredAre(words.length);
  await consultation.deliveredAre(words.length);
  const [atClient, atWorker] = [await client.said(), await consultation.said()];
  const from = (said: readonly { from: string; text: string }[], whom: string) =>
    said.filter((one) => one.from === whom).map(({ text }) => text);
  expect(from(atWorker, "client")).toEqual(words);
  expect(from(atClient, "advisor")).toEqual(words);
  expect(from(atClient, "you")).toEqual(words);
  expect(from(atWorker, "worker")).toEqual(words);
}
