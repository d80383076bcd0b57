// The client's page from a web server of its own, apart from the relay: one that the relay knows, and one that it does
// not.

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { House, meet, subject } from "./src/house.ts";
import { PageHost } from "./src/page-host.ts";

let host: PageHost;
let house: House;

beforeAll(async () => {
  host = await PageHost.start();
  house = await House.open([], async (scene) => {
    scene.pageIsAt(host.origin);
    scene.relaySays(`page_origins = ["${host.origin}"]`);
  });
  await host.serve(await house.scene.writePage());
});

afterEach(async () => {
  await house.closePages();
});

afterAll(async () => {
  await house?.close();
  host?.stop();
});

test("a consultation: the page from its host, everything else from the relay", async () => {
  const link = await house.newLink();
  expect(new URL(link).origin).toBe(host.origin);
  const desk = await house.openDesk();
  await desk.goOnDuty();
  const client = await house.openClient(link);
  const consultation = await meet(client, desk, subject(2));
  await client.chooseCover("sparing");
  await client.say("hellebore, from elsewhere");
  await consultation.hears("hellebore, from elsewhere");
  await consultation.say("hellebore, to elsewhere");
  await client.hears("hellebore, to elsewhere");

  // Another socket, at another path: the line breaks, and both ends meet again.
  await house.scene.killRelay();
  await client.lineIs("reconnecting", 60_000);
  await house.scene.startRelay([house.service]);
  await client.lineIs("joined", 60_000);
  await client.say("hellebore, again");
  await consultation.hears("hellebore, again");

  await client.end();
  await client.reaches("ended by-you");
  await consultation.statusIs("ended");
  await consultation.forget();
  await desk.goOffDuty();

  const { host: ofRelay } = new URL(house.scene.origin);
  const { host: ofPage } = new URL(host.origin);
  const asked = client.watched.addresses.map((address) => new URL(address));
  expect(new Set(asked.map((address) => address.host))).toEqual(new Set([ofPage, ofRelay]));
  const fromRelay = asked.filter((address) => address.host === ofRelay).map(({ pathname }) => pathname);
  expect(
    fromRelay.filter((path) => !/^\/(?:nodes|service\/[0-9a-f]{64}|ws\/(?:client|rejoin))$/.test(path)),
  ).toEqual([]);
  // While the relay was away it could not be reached: that is all that went wrong.
  const problems = client.watched.problems.filter(
    (problem) => !/ERR_CONNECTION|WebSocket|fetch/i.test(problem),
  );
  expect(problems).toEqual([]);
}, 180_000);

test("a link to come back with leads to the page's host again", async () => {
  const desk = await house.openDesk();
  await desk.goOnDuty();
  const client = await house.openClient(await house.newLink());
  const consultation = await meet(client, desk, subject(3));
  await client.chooseCover("sparing");
  await consultation.giveReturnLink();
  const address = await client.returnLink.locator("input").inputValue();
  expect(new URL(address).origin).toBe(host.origin);
  await client.end();
  await consultation.statusIs("ended");
  await consultation.forget();
  await desk.goOffDuty();
}, 120_000);

test("a relay that does not know the host: nothing is sent, and the page says what it may be", async () => {
  await house.scene.killRelay();
  house.scene.relaySays();
  await house.scene.startRelay([house.service]);
  const client = await house.openClient(await house.newLink(), { language: "uk" });
  await client.reaches("unreachable");
  expect(await client.words()).toContain(client.text("unreachable-apart"));
  expect(client.watched.addresses.some((address) => address.startsWith("ws"))).toBe(false);
});
