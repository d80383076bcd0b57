// Several relays that serve as one: a consultation, and one that is handed over, outlive whichever node they are
// at. Real processes, real Redis, Chromium; each node is killed in the middle of words.

import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "./src/browser.ts";
import { Fleet } from "./src/fleet.ts";
import { meet, mira, samir, subject } from "./src/house.ts";
import { ClientPage } from "./src/pages/client.ts";
import { DeskPage } from "./src/pages/desk.ts";
import { type Desk, Scene, type Service, type Worker } from "./src/processes.ts";
import { waitFor } from "./src/wait.ts";

/** For both ends to notice, to go to the same node and to say what was not acknowledged. */
const MEETS_MAX_MS = 15_000;

let scene: Scene;
let service: Service;
let worker: Worker;
let fleet: Fleet;
let browser: Browser;
let first: Desk;
let second: Desk;
const pages: (ClientPage | DeskPage)[] = [];

beforeAll(async () => {
  scene = await Scene.create();
  service = await scene.newService("Open Door");
  worker = await scene.newWorker(service, mira);
  fleet = await Fleet.start(scene, service, ["a", "b", "c"]);
  first = await scene.startDesk(worker);
  second = await scene.startDesk(await scene.newWorker(service, samir));
  browser = await launchBrowser();
});

afterEach(async () => {
  for (const page of pages.splice(0)) await page.close();
});

afterAll(async () => {
  await browser?.close();
  await fleet?.end();
  await scene?.end();
});

async function openDesk(of: Desk): Promise<DeskPage> {
  const page = await DeskPage.open(browser, of.address, "en");
  pages.push(page);
  await page.goOnDuty();
  return page;
}

async function openClient(): Promise<ClientPage> {
  const [link = ""] = await scene.newLinks(worker, 1);
  const client = await ClientPage.open(browser, link);
  pages.push(client);
  return client;
}

/** The node at which the client's newest line is. The first is at whichever node the balancer chose. */
function nodeOfLine(): string | undefined {
  const lines = scene.recorder.connections.filter((one) => one.isBrowsers && one.isOpen);
  const path = lines.findLast((one) => /\/ws\/(?:client|rejoin)$/.test(one.socketPath ?? ""))?.socketPath;
  return /^\/n\/([a-z]+)\//.exec(path ?? "")?.[1];
}

const duties = (): readonly string[] =>
  scene.recorder.connections
    .filter((one) => one.isOpen && one.socketPath?.endsWith("/ws/duty") === true)
    .map((one) => one.socketPath ?? "");

test("a consultation outlives each node in turn, and nothing is lost or doubled", async () => {
  const desk = await openDesk(first);
  await waitFor("a duty socket at every node", () => (duties().length === 3 ? true : undefined));
  expect([...duties()].sort()).toEqual(fleet.names.map((name) => `/n/${name}/ws/duty`));
  const client = await openClient();
  const consultation = await meet(client, desk, subject(2));
  await client.say("before");
  await consultation.hears("before");
  const said: string[] = ["before"];
  const answered: string[] = [];
  const silences: number[] = [];
  for (const name of fleet.names) {
    const since = performance.now();
    await fleet.kill(name);
    const [mine, theirs] = [`client without ${name}`, `worker without ${name}`];
    await client.say(mine);
    await consultation.say(theirs);
    said.push(mine);
    answered.push(theirs);
    await Promise.all([consultation.hears(mine, MEETS_MAX_MS), client.hears(theirs, MEETS_MAX_MS)]);
    silences.push(Math.round(performance.now() - since));
    await fleet.startAgain(name);
    await fleet.lists(3);
  }
  await client.deliveredAre(said.length, MEETS_MAX_MS);
  await consultation.deliveredAre(answered.length, MEETS_MAX_MS);
  const texts = (all: readonly { from: string; text: string }[], from: string) =>
    all.filter((one) => one.from === from).map(({ text }) => text);
  expect(texts(await consultation.said(), "client")).toEqual(said);
  expect(texts(await client.said(), "advisor")).toEqual(answered);
  console.log(`each node killed in turn: words through after ${silences.join(", ")} ms`);
  await client.end();
  await consultation.statusIs("ended");
});

test("new words of a service of which a node is gone begin at another node", async () => {
  const desk = await openDesk(first);
  await waitFor("a duty socket at every node", () => (duties().length === 3 ? true : undefined));
  await fleet.kill("a");
  const client = await openClient();
  const consultation = await meet(client, desk, subject(3));
  await client.say("hello");
  await consultation.hears("hello");
  expect(nodeOfLine()).not.toBe("a");
  await client.end();
  await consultation.statusIs("ended");
  await fleet.startAgain("a");
  await fleet.lists(3);
});

test("a hand-over goes on while nodes die", async () => {
  const [desk, colleague] = [await openDesk(first), await openDesk(second)];
  await waitFor("duty sockets at every node", () => (duties().length === 6 ? true : undefined));
  const client = await openClient();
  const consultation = await meet(client, desk, subject(1));
  await client.say("to the first");
  await consultation.hears("to the first");
  await consultation.handOver(samir.alias, "wounds");
  await consultation.stageIs("asking_colleague");
  await colleague.requests.waitFor();
  await fleet.kill("b");
  await colleague.takeOver();
  await client.handOverIsAsked(MEETS_MAX_MS);
  await fleet.startAgain("b");
  await fleet.lists(3);
  await fleet.kill("c");
  await client.answerHandOver("go");
  const arrived = await waitFor(
    "the client to arrive at the second desk",
    async () => {
      const open = colleague.page.locator('[data-test="consultation"][data-status="open"]');
      const id = (await open.count()) === 1 ? await open.getAttribute("data-consultation") : null;
      return id === null ? undefined : colleague.consultation(id);
    },
    40_000,
  );
  await client.say("to the second");
  await arrived.hears("to the second", MEETS_MAX_MS);
  await arrived.say("from the second");
  await client.hears("from the second", MEETS_MAX_MS);
  expect((await client.said()).map(({ text }) => text)).toContain("to the first");
  await fleet.startAgain("c");
});
