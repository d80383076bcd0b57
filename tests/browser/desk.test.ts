// The worker's side: who may open the desk page, what it keeps, and what happens when something breaks.

import { request } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { storedBy } from "./src/browser.ts";
import { House, meet, mira, samir, subject } from "./src/house.ts";
import type { ClientPage } from "./src/pages/client.ts";
import type { DeskConsultation, DeskPage } from "./src/pages/desk.ts";
import { waitFor } from "./src/wait.ts";

let house: House;

beforeAll(async () => {
  house = await House.open();
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

async function finish(client: ClientPage, consultation: DeskConsultation): Promise<void> {
  await client.end();
  await consultation.statusIs("ended");
  await consultation.forget();
}

describe("who may open the desk", () => {
  const origin = () => new URL(house.desk.address).origin;

  test("without a bearer the page shows nothing of the desk and says what to do", async () => {
    const desk = await house.openDesk("ru", { ...house.desk, address: `${origin()}/` });
    await desk.isOver("no_bearer");
    expect(await desk.words()).toContain(desk.text("connection-no_bearer"));
    expect(await desk.words()).not.toContain(mira.alias);
  });

  test("with a wrong bearer it is refused, and says so", async () => {
    const desk = await house.openDesk("uk", {
      ...house.desk,
      address: `${origin()}/#bearer=${"A".repeat(43)}`,
    });
    await desk.isOver("bearer_refused");
    expect(await desk.words()).toContain(desk.text("connection-bearer_refused"));
    expect(await desk.words()).not.toContain(mira.alias);
  });

  test("with the right one it opens, and the bearer leaves the address bar", async () => {
    const desk = await house.openDesk();
    await desk.dutyIs("off");
    expect(await desk.words()).toContain(mira.alias);
    expect(desk.page.url()).toBe(`${origin()}/`);
    expect(await storedBy(desk.page)).toEqual([]);
  });

  test("a page of another origin or under another name gets no socket", async () => {
    const own = new URL(origin()).host;
    expect(await upgradeStatus({ host: own, origin: origin() })).toBe(101);
    expect(await upgradeStatus({ host: own, origin: "http://evil.example" })).toBeGreaterThanOrEqual(400);
    expect(await upgradeStatus({ host: own, origin: "null" })).toBeGreaterThanOrEqual(400);
    expect(await upgradeStatus({ host: own })).toBeGreaterThanOrEqual(400);
    expect(await upgradeStatus({ host: "evil.example", origin: origin() })).toBeGreaterThanOrEqual(400);
  });

  /** The status of the answer to a WebSocket's beginning. */
  function upgradeStatus(headers: { readonly host: string; readonly origin?: string }): Promise<number> {
    return new Promise((resolve, reject) => {
      const asking = request({
        host: "127.0.0.1",
        port: new URL(origin()).port,
        path: "/socket",
        headers: {
          ...headers,
          connection: "Upgrade",
          upgrade: "websocket",
          "sec-websocket-version": "13",
          "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
        },
      });
      asking.on("upgrade", (response, socket) => {
        socket.destroy();
        resolve(response.statusCode ?? 0);
      });
      asking.on("response", (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      asking.on("error", reject);
      asking.end();
    });
  }
});

describe("the desk page", () => {
  test("keeps the conversation over a reload, however long it is", async () => {
    const desk = await deskOnDuty();
    const client = await house.openClient(await house.newLink());
    const consultation = await meet(client, desk, subject(2));
    await client.chooseCover("sparing");
    // The longest that the page takes, 41 cells. The worker's end takes a slot for each, so it says less.
    const texts = ["first", "🫀".repeat(10_000), "ж".repeat(3_000), "last"];
    for (const text of texts) {
      await client.say(text);
      await consultation.hears(text, 60_000);
    }
    const answers = ["an answer", "🫀".repeat(600), "the last answer"];
    for (const text of answers) {
      await consultation.say(text);
      await client.hears(text);
    }
    await consultation.deliveredAre(answers.length);
    const before = await consultation.said();
    expect(before.length).toBe(texts.length + answers.length);
    await desk.reload();
    await desk.dutyIs("on");
    await consultation.deliveredAre(answers.length);
    expect(await consultation.said()).toEqual(before);
    await client.say("after the reload");
    await consultation.hears("after the reload");
    await finish(client, consultation);
  }, 180_000);

  test("marks what is unread, and keeps each draft with its consultation", async () => {
    const desk = await deskOnDuty();
    const clients = [
      await house.openClient(await house.newLink()),
      await house.openClient(await house.newLink()),
    ];
    const [first, second] = clients as [ClientPage, ClientPage];
    const one = await meet(first, desk, subject(2));
    await one.composer.fill("a draft for the first");
    const two = await meet(second, desk, subject(3));
    await two.composer.click();
    await second.say("seen at once");
    await two.hears("seen at once");
    await first.say("not seen yet");
    await one.hears("not seen yet");
    await one.unreadAre(1);
    await two.unreadAre(0);
    expect(await one.composer.inputValue()).toBe("a draft for the first");
    expect(await two.composer.inputValue()).toBe("");
    await two.composer.fill("a draft for the second");
    await first.say("nor this");
    await one.unreadAre(2);
    expect(await two.composer.inputValue()).toBe("a draft for the second");
    await one.composer.click();
    await one.unreadAre(0);
    expect(await one.composer.inputValue()).toBe("a draft for the first");
    await finish(first, one);
    await finish(second, two);
  });

  test("is heard, and counts in its title, when somebody waits or writes elsewhere, and tells nothing of it", async () => {
    const desk = await house.openDesk();
    await desk.page.addInitScript(listen);
    await desk.reload();
    await desk.goOnDuty();
    // Before a key was pressed, a browser lets nothing be heard.
    await desk.page.keyboard.press("Shift");
    await asks(desk, desk.text("title"), 0);
    const client = await house.openClient(await house.newLink());
    await client.startWaiting(subject(1).client);
    // Two notes for somebody who waits, one for what was written.
    await asks(desk, `(1) ${desk.text("title")}`, 2);
    const consultation = await desk.accept(subject(1).desk);
    await client.reaches("talking");
    await consultation.statusIs("open");
    await asks(desk, desk.text("title"), 2);
    await desk.page.keyboard.press("Alt+0");
    await client.say("larkspur");
    await asks(desk, `(1) ${desk.text("title")}`, 3);
    await consultation.unreadAre(1);
    expect(await listened(desk)).toEqual({ notes: 3, notifications: 0 });
    await finish(client, consultation);
  });

  test("forgets what is wiped: here, after a reload, and on the worker's other pages", async () => {
    const desk = await deskOnDuty();
    const other = await house.openDesk();
    const client = await house.openClient(await house.newLink());
    const consultation = await meet(client, desk, subject(4));
    await client.say("petunia from the client");
    await consultation.hears("petunia from the client");
    await consultation.say("petunia from the worker");
    await client.hears("petunia from the worker");
    await waitFor("the other page to show both", async () =>
      (await other.words()).split("petunia").length === 3 ? true : undefined,
    );
    await client.end();
    await consultation.statusIs("ended");
    expect(await desk.words()).toContain("petunia");
    await consultation.forget();
    await other.consultation(consultation.id).column.waitFor({ state: "detached" });
    for (const page of [desk, other]) {
      expect(await page.page.content()).not.toContain("petunia");
      await page.reload();
      await page.dutyIs("on");
      expect(await page.page.content()).not.toContain("petunia");
    }
  });

  test("may be open four times, not five", async () => {
    const pages: DeskPage[] = [];
    for (let count = 0; count < 4; count += 1) pages.push(await deskOnDuty());
    const fifth = await house.openDesk();
    await fifth.isOver("crowded");
    for (const page of pages) await page.dutyIs("on");
  });
});

test("two desks accept the same client at once: exactly one gets them, the other's list loses them", async () => {
  const colleague = await house.scene.startDesk(await house.scene.newWorker(house.service, samir));
  const desks = [await deskOnDuty(), await house.openDesk("en", colleague)];
  await desks[1]?.goOnDuty();
  for (let round = 0; round < 4; round += 1) {
    const client = await house.openClient(await house.newLink());
    await client.startWaiting(subject(5).client);
    for (const desk of desks) await desk.entry(subject(5).desk).waitFor();
    // Neither console hears what became of its Accept before both have asked.
    house.scene.recorder.hold();
    for (const desk of round % 2 === 0 ? desks : [...desks].reverse())
      await desk.pressAccept(subject(5).desk);
    for (const desk of desks) await desk.isAccepting(subject(5).desk);
    house.scene.recorder.release();
    await client.reaches("talking");
    for (const desk of desks) await desk.waitingAre(0);
    const alias = await client.alias();
    const [winner, loser] = alias === mira.alias ? desks : [...desks].reverse();
    if (winner === undefined || loser === undefined) throw new Error("two desks");
    const [consultation] = await winner.consultationsAre(1);
    await consultation?.statusIs("open");
    await loser.consultationsAre(0);
    await loser.notice("offer_gone").waitFor();
    await loser.notice("offer_gone").locator("button").click();
    if (consultation !== undefined) await finish(client, consultation);
    await client.close();
  }
  await colleague.child.kill();
});

test("the worker goes off duty while talking: the consultation goes on, and nobody new is offered", async () => {
  const desk = await deskOnDuty();
  const client = await house.openClient(await house.newLink());
  const consultation = await meet(client, desk, subject(6));
  await desk.goOffDuty();
  await client.say("are you there?");
  await consultation.hears("are you there?");
  await consultation.say("yes");
  await client.hears("yes");
  const late = await house.openClient(await house.newLink());
  await late.reaches("welcome");
  await late.start();
  await late.waits("nobody");
  await desk.waitingAre(0);
  await finish(client, consultation);
});

describe("what breaks while two people talk", () => {
  test("the relay: both ends say that they connect again, and the consultation goes on over the next one", async () => {
    const desk = await deskOnDuty();
    const client = await house.openClient(await house.newLink(), { language: "uk" });
    const consultation = await meet(client, desk, subject(7));
    await house.scene.killRelay();
    await client.lineIs("reconnecting");
    expect(await client.lineWords()).toBe(client.text("line-reconnecting"));
    await consultation.lineIs("reconnecting");
    expect(await consultation.words()).toContain(desk.text("line-reconnecting"));
    await desk.dutyIs("unreachable");
    await house.scene.startRelay([house.service]);
    await desk.dutyIs("on", 60_000);
    await client.lineIs("joined");
    await client.say("hollyhock");
    await consultation.hears("hollyhock");
    await finish(client, consultation);
  });

  test("the client's tab is closed: the worker learns that it ended", async () => {
    const desk = await deskOnDuty();
    const client = await house.openClient(await house.newLink());
    const consultation = await meet(client, desk, subject(8));
    await client.close();
    await consultation.statusIs("ended");
    await consultation.forget();
  });

  test("the client reloads the page: the browser asks first, then what was said is gone from it, and the worker learns that it ended", async () => {
    const desk = await deskOnDuty();
    const client = await house.openClient(await house.newLink());
    const consultation = await meet(client, desk, subject(8));
    await client.say("wisteria");
    await consultation.hears("wisteria");
    expect(client.watched.leaveQuestions).toBe(0);
    await client.page.reload();
    expect(client.watched.leaveQuestions).toBe(1);
    await client.reaches("no-link");
    expect(await client.everything()).not.toContain("wisteria");
    await consultation.statusIs("ended");
    await consultation.forget();
  });

  test("the worker's program is told to stop: the client is told goodbye, the desk page says that it is over", async () => {
    const own = await House.open();
    try {
      const desk = await own.openDesk();
      await desk.goOnDuty();
      const client = await own.openClient(await own.newLink());
      const consultation = await meet(client, desk, subject(1));
      await client.say("zinnia");
      await consultation.hears("zinnia");
      await own.desk.child.kill("SIGTERM");
      await client.reaches("ended by-advisor");
      await desk.isOver("gone");
      expect(await desk.page.content()).not.toContain("zinnia");
    } finally {
      await own.close();
    }
  });

  test("the worker's program is killed: the client's page says that the worker is away, and keeps what was said", async () => {
    const own = await House.open();
    try {
      const desk = await own.openDesk();
      await desk.goOnDuty();
      const client = await own.openClient(await own.newLink());
      const consultation = await meet(client, desk, subject(1));
      await client.say("zinnia");
      await consultation.hears("zinnia");
      await own.desk.child.kill("SIGKILL");
      await client.lineIs("advisor-away");
      expect(await client.words()).toContain("zinnia");
      await client.end();
      await client.reaches("ended by-you");
      expect(await client.everything()).not.toContain("zinnia");
      await desk.isOver("gone");
      expect(await desk.page.content()).not.toContain("zinnia");
    } finally {
      await own.close();
    }
  });
});

interface Listened {
  notes: number;
  notifications: number;
}

/** Runs in the page, before its scripts: counts what asks for somebody who looks elsewhere. */
function listen(): void {
  const listened: Listened = { notes: 0, notifications: 0 };
  const { start } = OscillatorNode.prototype;
  OscillatorNode.prototype.start = function (when) {
    listened.notes += 1;
    start.call(this, when);
  };
  const construct = (): object => {
    listened.notifications += 1;
    return {};
  };
  Object.assign(globalThis, { listened, Notification: new Proxy(Notification, { construct }) });
}

async function listened({ page }: DeskPage): Promise<Listened> {
  return await page.evaluate(() => (globalThis as unknown as { listened: Listened }).listened);
}

/** So the desk asks for its worker. */
async function asks(desk: DeskPage, title: string, notes: number): Promise<void> {
  await waitFor(`the title ${title} and ${notes} notes`, async () =>
    (await desk.page.title()) === title && (await listened(desk)).notes === notes ? true : undefined,
  );
}
