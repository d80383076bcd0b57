// What becomes of a link that is used, shared, damaged, old, or opened where it does not belong.

import { createHash } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { House, meet, samir, subject } from "./src/house.ts";
import type { ClientPage } from "./src/pages/client.ts";
import type { DeskPage } from "./src/pages/desk.ts";
import { waitFor } from "./src/wait.ts";

let house: House;
/** Held for one to two minutes, which pass while the other tests run. */
let shortLink: string;

beforeAll(async () => {
  house = await House.open();
  [shortLink = ""] = await house.scene.newLinks(house.worker, 1, ["--expires", "1m"]);
});

afterEach(async () => {
  await house.closePages();
});

afterAll(async () => {
  await house?.close();
});

async function deskOnDuty(): Promise<DeskPage> {
  const desk = await house.openDesk();
  await desk.goOnDuty();
  return desk;
}

/** One heading and one plain explanation, in the language of the page, and no way to write. */
async function expectExplained(client: ClientPage, id: string): Promise<void> {
  expect(await client.heading()).toBe(client.text(`${id}-title`));
  expect(await client.words()).toContain(client.text(`${id}-text`));
  expect(await client.page.locator("textarea").count()).toBe(0);
}

describe("a link that somebody else opens too", () => {
  test("is refused after a worker has accepted it, and the conversation goes on", async () => {
    const desk = await deskOnDuty();
    const link = await house.newLink();
    const first = await house.openClient(link);
    const consultation = await meet(first, desk);
    const second = await house.openClient(link, { language: "uk" });
    await second.reaches("welcome");
    await second.start();
    await second.reaches("refused link-spent");
    await expectExplained(second, "refused-link-spent");
    await desk.waitingAre(0);
    await first.say("still here");
    await consultation.hears("still here");
    await first.end();
    await consultation.statusIs("ended");

    const third = await house.openClient(link, { language: "ar" });
    await third.reaches("welcome");
    await third.start();
    await third.reaches("refused link-spent");
    await expectExplained(third, "refused-link-spent");
  });

  test("opened twice at once: exactly one gets the worker, the other is told", async () => {
    const desk = await deskOnDuty();
    const link = await house.newLink();
    const clients = [
      await house.openClient(link, { language: "ru" }),
      await house.openClient(link, { language: "ru" }),
    ];
    const abouts = [subject(2), subject(3)];
    for (const [at, client] of clients.entries()) await client.startWaiting(abouts[at]?.client);
    await desk.waitingAre(2);
    const before = await desk.page.locator('[data-test="consultation"]').count();
    // Both buttons, before the console has answered to either.
    await desk.page.evaluate(() => {
      for (const button of document.querySelectorAll<HTMLElement>('[data-test="accept"]')) button.click();
    });
    const states = await Promise.all(
      clients.map((client) => client.reachesOneOf(["talking", "refused link-spent"])),
    );
    expect([...states].sort()).toEqual(["refused link-spent", "talking"]);
    await expectExplained(clients[states.indexOf("refused link-spent")] as ClientPage, "refused-link-spent");
    await desk.waitingAre(0);
    await desk.consultationsAre(before + 1);
    await clients[states.indexOf("talking")]?.end();
  });

  test("opened a third time at once, it asks to close the others, and works when one is closed", async () => {
    const desk = await deskOnDuty();
    const link = await house.newLink();
    const first = await house.openClient(link);
    await first.startWaiting();
    const second = await house.openClient(link);
    await second.startWaiting();
    const third = await house.openClient(link, { language: "ru" });
    await third.reaches("welcome");
    await third.chooseSubject(subject(5).client);
    await third.start();
    await third.reaches("refused link-open-elsewhere");
    await expectExplained(third, "refused-link-open-elsewhere");
    await first.close();
    await desk.waitingAre(1);
    await third.tryAgain();
    await third.reaches("waiting");
    await desk.accept(subject(5).desk);
    await third.reaches("talking");
    await second.reaches("refused link-spent");
    await third.end();
  });

  test("opened and abandoned before anybody accepted, it works in a new page", async () => {
    const desk = await deskOnDuty();
    const link = await house.newLink();
    const first = await house.openClient(link);
    await first.startWaiting();
    await desk.waitingAre(1);
    await first.close();
    await desk.waitingAre(0);
    const second = await house.openClient(link);
    const consultation = await meet(second, desk, subject(9));
    await second.say("the second page");
    await consultation.hears("the second page");
    await second.end();
    await consultation.statusIs("ended");
  });

  test("opened, waited with and left, it works again in the same page", async () => {
    const desk = await deskOnDuty();
    const client = await house.openClient(await house.newLink());
    await client.startWaiting(subject(6).client);
    await client.page.locator('[data-test="leave"]').click();
    await client.reaches("welcome");
    await desk.waitingAre(0);
    await meet(client, desk, subject(7));
    await client.end();
  });
});

describe("a link that is not whole", () => {
  const damages: readonly { readonly name: string; readonly damage: (fragment: string) => string }[] = [
    { name: "cut at its end", damage: (fragment) => fragment.slice(0, -1) },
    { name: "cut in the middle", damage: (fragment) => fragment.slice(0, 100) },
    { name: "with one character changed at the beginning", damage: (fragment) => changed(fragment, 3) },
    { name: "with one character changed in the middle", damage: (fragment) => changed(fragment, 60) },
    { name: "with one character changed at the end", damage: (fragment) => changed(fragment, 203) },
    { name: "in small letters", damage: (fragment) => fragment.toLowerCase() },
    { name: "with a full stop from the sentence around it", damage: (fragment) => `${fragment}.` },
    { name: "that is nonsense", damage: () => "hello" },
    { name: "that is nonsense of the right length", damage: () => "A".repeat(204) },
  ];

  for (const { name, damage } of damages) {
    test(`${name} is called damaged, and nothing is sent`, async () => {
      const [address, fragment = ""] = (await house.newLink()).split("#");
      const client = await house.openClient(`${address}#${damage(fragment)}`, { language: "uk" });
      await client.reaches("link-damaged");
      await expectExplained(client, "link-damaged");
      expect(sentAbout(client)).toEqual([]);
      expect(client.page.url()).toBe(address);
    });
  }

  test("of a later kind is called unknown to this page, and nothing is sent", async () => {
    const [address, fragment = ""] = (await house.newLink()).split("#");
    const body = Buffer.from(fragment, "base64url").subarray(0, 150);
    body.writeUInt8(3, 0);
    const hash = createHash("blake2s256")
      .update("vestibule/1 link checksum")
      .update(Buffer.alloc(1))
      .update(body);
    const link = Buffer.concat([body, hash.digest().subarray(0, 3)]).toString("base64url");
    const client = await house.openClient(`${address}#${link}`, { language: "ar" });
    await client.reaches("link-unsupported");
    await expectExplained(client, "link-unsupported");
    expect(sentAbout(client)).toEqual([]);
  });

  test("no link at all: the page says what this place is", async () => {
    const client = await house.openClient(`${house.scene.origin}/`, { language: "ru" });
    await client.reaches("no-link");
    expect(await client.heading()).toBe(client.text("no-link-title"));
    expect(sentAbout(client)).toEqual([]);
  });

  function changed(text: string, at: number): string {
    return text.slice(0, at) + (text[at] === "A" ? "Q" : "A") + text.slice(at + 1);
  }
});

describe("a link that has expired", () => {
  test("by this device's clock: the page says so and sends nothing", async () => {
    const link = await house.newLink();
    const client = await house.openClient(link, { language: "ru", clockAheadSeconds: 30 * 86_400 });
    await client.reaches("link-expired");
    await expectExplained(client, "link-expired");
    expect(sentAbout(client)).toEqual([]);
  });
});

describe("a link at a place where it does not belong", () => {
  test("of a service that this relay does not serve", async () => {
    const service = await house.scene.newService("Nobody's");
    const worker = await house.scene.newWorker(service, samir);
    const [link = ""] = await house.scene.newLinks(worker, 1);
    const client = await house.openClient(link, { language: "uk" });
    await client.reaches("service-unknown");
    await expectExplained(client, "service-unknown");
    expect(client.watched.addresses.filter((address) => address.startsWith("ws:"))).toEqual([]);
  });

  test("whose service card was changed on the way: nothing of the card is shown", async () => {
    const client = await house.openClient(await house.newLink(), {
      language: "ar",
      prepare: async (page) => {
        await page.route("**/service/*", async (route) => {
          const response = await route.fetch();
          const card = await response.body();
          const at = card.indexOf("Open Door");
          card.write("Open Daar", at);
          await route.fulfill({ response, body: card });
        });
      },
    });
    await client.reaches("service-unproven");
    await expectExplained(client, "service-unproven");
    expect(await client.everything()).not.toContain("Open Daar");
    expect(client.watched.addresses.filter((address) => address.startsWith("ws:"))).toEqual([]);
  });
});

test("two services at one relay: each client reaches the workers of their own", async () => {
  const both = await House.open();
  try {
    const other = await both.scene.newService("Second Service");
    const otherWorker = await both.scene.newWorker(other, samir);
    await both.scene.killRelay();
    await both.scene.startRelay([both.service, other]);
    const otherDesk = await both.openDesk("en", await both.scene.startDesk(otherWorker));
    await otherDesk.goOnDuty();
    const desk = await both.openDesk();
    await desk.goOnDuty();

    const [otherLink = ""] = await both.scene.newLinks(otherWorker, 1);
    const otherClient = await both.openClient(otherLink);
    await otherClient.reaches("welcome");
    expect(await otherClient.heading()).toBe("Second Service");
    await otherClient.startWaiting(subject(4).client);
    const client = await both.openClient(await both.newLink());
    await client.startWaiting(subject(5).client);
    await otherDesk.entry(subject(4).desk).waitFor();
    await desk.entry(subject(5).desk).waitFor();
    await otherDesk.waitingAre(1);
    await desk.waitingAre(1);
    await otherDesk.accept(subject(4).desk);
    await otherClient.reaches("talking");
    expect(await otherClient.alias()).toBe(samir.alias);
    expect(await client.state()).toBe("waiting");
  } finally {
    await both.close();
  }
});

describe("a clock that is wrong by a day", () => {
  for (const { name, clockAheadSeconds } of [
    { name: "ahead", clockAheadSeconds: 86_400 },
    { name: "behind", clockAheadSeconds: -86_400 },
  ]) {
    test(`${name}: the person is told, and no opening is sent`, async () => {
      await deskOnDuty();
      const before = house.scene.recorder.sockets("/ws/client").length;
      const client = await house.openClient(await house.newLink(), { language: "uk", clockAheadSeconds });
      await client.reaches("welcome");
      await client.start();
      await client.reaches("clock-wrong");
      await expectExplained(client, "clock-wrong");
      const sockets = house.scene.recorder.sockets("/ws/client").slice(before);
      expect(sockets.length).toBe(1);
      await waitFor("the socket to end", () => (sockets[0]?.isOpen ? undefined : true));
      const sent = sockets[0]?.frames.filter(
        ({ direction, opcode }) => direction === "to-relay" && opcode !== 8,
      );
      expect(sent).toEqual([]);
    });
  }

  test("by half an hour is no hindrance", async () => {
    const desk = await deskOnDuty();
    const client = await house.openClient(await house.newLink(), { clockAheadSeconds: -1_800 });
    await meet(client, desk, subject(4));
    await client.end();
  });
});

describe("a relay that is not there", () => {
  test("when Start is pressed: the page tries again by itself, and the link still works", async () => {
    const desk = await deskOnDuty();
    const client = await house.openClient(await house.newLink(), { language: "ru" });
    await client.reaches("welcome");
    await house.scene.killRelay();
    await desk.dutyIs("unreachable", 30_000);
    await client.chooseSubject(subject(8).client);
    await client.start();
    await client.waits("lost");
    expect(await client.words()).toContain(client.text("waiting-lost"));
    await house.scene.startRelay([house.service]);
    await desk.dutyIs("on", 60_000);
    await client.waits("now", 60_000);
    await desk.accept(subject(8).desk);
    await client.reaches("talking");
    await client.end();
  }, 180_000);

  test("while waiting: the same client comes back to the waiting room by itself", async () => {
    const desk = await deskOnDuty();
    const client = await house.openClient(await house.newLink());
    await client.startWaiting(subject(6).client);
    await desk.waitingAre(1);
    await house.scene.killRelay();
    await client.waits("lost");
    await desk.waitingAre(0);
    await house.scene.startRelay([house.service]);
    await desk.dutyIs("on", 60_000);
    await client.waits("now", 60_000);
    await desk.waitingAre(1);
    await desk.accept(subject(6).desk);
    await client.reaches("talking");
    await client.end();
  }, 180_000);

  test("when the page asks for the service: it says so, and goes on by itself", async () => {
    let isCut = true;
    const client = await house.openClient(await house.newLink(), {
      language: "ar",
      prepare: async (page) => {
        await page.route("**/service/*", (route) =>
          isCut ? route.abort("connectionrefused") : route.continue(),
        );
      },
    });
    await client.reaches("unreachable");
    await expectExplained(client, "unreachable");
    isCut = false;
    await client.reaches("welcome", 60_000);
    expect(await client.heading()).toBe(house.service.name);
  });
});

test("nobody on duty: the page says so with the service's hours, and the wait ends when somebody comes", async () => {
  const desk = await deskOnDuty();
  await desk.goOffDuty();
  const client = await house.openClient(await house.newLink(), { language: "uk" });
  await client.reaches("welcome");
  await client.start();
  await client.waits("nobody");
  expect(await client.words()).toContain(client.text("waiting-nobody"));
  // The starter pack's.
  expect(await client.words()).toContain("Вам дадуть відповідь, коли працівник на зміні.");
  await desk.goOnDuty();
  await client.waits("now", 60_000);
});

test("expired by the relay's clock alone, because this device's is somewhat late: the relay refuses it", async () => {
  await deskOnDuty();
  const bytes = Buffer.from(shortLink.split("#")[1] ?? "", "base64url");
  const expiresAt = bytes.readUInt16BE(1) * 302_400 + bytes.readUInt16BE(3) * 60;
  await waitFor("the link to expire", () => (Date.now() / 1_000 > expiresAt ? true : undefined), 150_000);
  const client = await house.openClient(shortLink, { language: "uk", clockAheadSeconds: -1_800 });
  await client.reaches("welcome");
  await client.start();
  await client.reaches("link-expired");
  await expectExplained(client, "link-expired");
}, 200_000);

/** What the page asked for about a service or a link. */
function sentAbout(client: ClientPage): readonly string[] {
  return client.watched.addresses.filter((address) => /\/service\/|\/ws\//.test(address));
}
