// An open address, as on a poster: used by many, after those who come by a link of their own, and until it is closed.

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { House, meet, subject } from "./src/house.ts";

const hours = "Every evening, 16 to 23";
const emergency = "Call an ambulance first";

let house: House;
let door: string;

beforeAll(async () => {
  house = await House.open();
  const service = await house.scene.withLeaflets(house.service, hours, emergency);
  await house.scene.killRelay();
  await house.scene.startRelay([service]);
  door = await house.scene.newDoor(service);
}, 120_000);

afterEach(async () => {
  await house.closePages();
});

afterAll(async () => {
  await house?.close();
});

test("nobody is on duty: hours, emergency text, and leaflets to read, signed by the service", async () => {
  const client = await house.openClient(door, { language: "ru" });
  await client.reaches("welcome");
  await client.page.locator('[data-test="door"]').waitFor();
  await client.start();
  await client.waits("nobody");
  expect(await client.words()).toContain(`${hours} in ru`);
  expect(await client.words()).toContain(`${emergency} in ru`);
  const reading = client.page.locator('[data-test="reading"]');
  await reading.locator("summary").first().click();
  await reading.and(client.page.locator('[data-stage="open"]')).waitFor();
  const leaflet = reading.locator('[data-test="leaflet"]').first();
  await leaflet.locator("summary").click();
  expect((await leaflet.textContent())?.length).toBeGreaterThan(200);
});

test("many come by the same address, and each is answered", async () => {
  const desk = await house.openDesk();
  await desk.goOnDuty();
  for (const number of [1, 2, 3]) {
    const client = await house.openClient(door);
    const consultation = await meet(client, desk, subject(number));
    await client.say(`guest ${number}`);
    await consultation.hears(`guest ${number}`);
    await consultation.say(`welcome ${number}`);
    await client.hears(`welcome ${number}`);
    await client.end();
    await consultation.statusIs("ended");
    await consultation.forget();
  }
  await desk.goOffDuty();
}, 120_000);

test("who has a link of their own is served before them", async () => {
  const guest = await house.openClient(door);
  await guest.reaches("welcome");
  await guest.chooseSubject(subject(1).client);
  await guest.start();
  await guest.waits("nobody");
  const client = await house.openClient(await house.newLink());
  await client.reaches("welcome");
  await client.chooseSubject(subject(2).client);
  await client.start();
  await client.waits("nobody");
  const desk = await house.openDesk();
  await desk.goOnDuty();
  await desk.waitingAre(2);
  const doors = await desk.entries.evaluateAll((entries) =>
    entries.map((entry) => (entry as HTMLElement).dataset.door),
  );
  expect(doors).toEqual(["false", "true"]);
  await desk.page.keyboard.press("Alt+a");
  await client.reaches("talking");
  expect(await guest.state()).toBe("waiting");
  await client.end();
  await desk.goOffDuty();
}, 90_000);

test("closed by the coordinator: who waits there is told, and nobody comes in any more", async () => {
  const desk = await house.openDesk();
  await desk.goOnDuty();
  const guest = await house.openClient(door);
  await guest.startWaiting();
  await house.scene.revokeDoor(house.service, 1);
  await guest.reaches("refused link-refused");
  const late = await house.openClient(door);
  await late.reaches("welcome");
  await late.start();
  await late.reaches("refused link-refused");
  await desk.goOffDuty();
}, 90_000);
