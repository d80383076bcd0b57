// One worker, eight consultations at once, with replies, cards, drafts, a hand-over and a whisper. What is measured:
// from the key to the worker's own words on the screen, and from there to the client's screen.
//
// A minute in each run; VESTIBULE_SHIFT_MINUTES=10 for the whole measurement (README.md).

import { afterAll, beforeAll, expect, test } from "vitest";
import { House, meet, mira, samir, subject } from "./src/house.ts";
import type { ClientPage } from "./src/pages/client.ts";
import type { DeskConsultation, DeskPage } from "./src/pages/desk.ts";
import { Stopwatch } from "./src/stopwatch.ts";
import { waitFor } from "./src/wait.ts";

const EIGHT = 8;
const MINUTES = Number(process.env.VESTIBULE_SHIFT_MINUTES ?? "1");
/** Between two messages of the worker. */
const PAUSE_MS = 700;
const OWN_P95_MS = 50;
/** Words leave at once on this desk (`--save-data`), so that no slot is measured. */
const CLIENT_P95_MS = 150;

interface Talk {
  readonly client: ClientPage;
  readonly consultation: DeskConsultation;
  readonly toClient: string[];
  readonly toWorker: string[];
  cards: number;
}

let house: House;
let desk: DeskPage;
let colleague: DeskPage;
let stopwatch: Stopwatch;
const talks: Talk[] = [];

beforeAll(async () => {
  house = await House.open(["--save-data"]);
  desk = await house.openDesk();
  await desk.goOnDuty();
  await desk.setCapacity(EIGHT);
  colleague = await house.openDesk("en", await house.newColleague(samir));
  await colleague.goOnDuty();
  stopwatch = await Stopwatch.on(desk.page);
}, 120_000);

afterAll(async () => {
  await house?.close();
});

test(
  `eight at once for ${MINUTES} min: every word arrives once, and the desk keeps up`,
  async () => {
    for (let number = 0; number < EIGHT; number += 1) await begin(number);
    const other = talks[EIGHT - 1];
    if (other === undefined) throw new Error("no last consultation");
    const end = Date.now() + MINUTES * 60_000;
    let count = 0;
    while (Date.now() < end) {
      const talk = talks[count % EIGHT];
      if (talk === undefined) throw new Error("no such consultation");
      await step(talk, count);
      count += 1;
      await desk.page.waitForTimeout(PAUSE_MS);
    }
    await handOver(other);
    await expectEveryWordOnce();
    const { own, atClient } = stopwatch.figures();
    console.log(`${count} messages; own words on the screen ${own.text}; at the client ${atClient.text}`);
    expect(talks.reduce((sum, { cards }) => sum + cards, 0)).toBeGreaterThan(0);
    expect(own.count).toBeGreaterThan(20);
    expect(own.p95Ms).toBeLessThanOrEqual(OWN_P95_MS);
    expect(atClient.count).toBeGreaterThan(20);
    expect(atClient.p95Ms).toBeLessThanOrEqual(CLIENT_P95_MS);
  },
  MINUTES * 60_000 + 300_000,
);

async function begin(number: number): Promise<void> {
  const client = await house.openClient(await house.newLink());
  const consultation = await meet(client, desk, subject(number));
  await stopwatch.watchClient(client.page);
  talks.push({ client, consultation, toClient: [], toWorker: [], cards: 0 });
}

/** What a worker does all day, a little in each consultation. */
async function step(talk: Talk, count: number): Promise<void> {
  const { client, consultation, toClient, toWorker } = talk;
  const mine = `worker ${count}`;
  await consultation.composer.focus();
  await desk.page.keyboard.type(mine);
  await desk.page.keyboard.press("Enter");
  toClient.push(mine);
  if (count % 3 === 0) {
    await client.say(`client ${count}`);
    toWorker.push(`client ${count}`);
  }
  if (count % 10 === 4) {
    await consultation.sendFirstCard();
    talk.cards += 1;
  }
  if (count % 10 === 7) toClient.push(await consultation.sendFirstReply());
  // Half-written words in one consultation wait while another is served.
  if (count % 10 === 9) await draftAndCome(talk);
  if (count % 20 === 11) await whisper(count);
}

async function draftAndCome({ consultation, toClient }: Talk): Promise<void> {
  await consultation.composer.fill("half of a thou");
  const [elsewhere] = talks;
  await elsewhere?.consultation.composer.focus();
  expect(await consultation.composer.inputValue()).toBe("half of a thou");
  await consultation.say("half of a thought");
  toClient.push("half of a thought");
}

async function whisper(count: number): Promise<void> {
  const words = `whisper ${count}`;
  await desk.whispers.writeTo(samir.alias);
  await desk.whispers.say(words);
  await desk.whispers.isDelivered(words);
  // The colleague is at the desk: one that nobody touches for ten minutes locks itself.
  await colleague.whispers.writeTo(mira.alias);
  await colleague.whispers.hears(words);
  await desk.page.keyboard.press("Alt+1");
}

async function handOver({ client, consultation }: Talk): Promise<void> {
  await consultation.handOver(samir.alias, "over to you");
  await colleague.requests.waitFor();
  await colleague.takeOver();
  await client.handOverIsAsked();
  await client.answerHandOver("go");
  await client.note("came").waitFor({ timeout: 40_000 });
  expect(await client.alias()).toBe(samir.alias);
}

async function expectEveryWordOnce(): Promise<void> {
  for (const { client, consultation, toClient, toWorker, cards } of talks) {
    await waitFor(
      "the last words",
      async () => ((await heard(client)).length >= toClient.length ? true : undefined),
      60_000,
    );
    expect(await heard(client)).toEqual(toClient);
    await waitFor("the cards", async () => ((await client.card.count()) === cards ? true : undefined));
    const last = toWorker.at(-1);
    if (last !== undefined && consultation !== talks[EIGHT - 1]?.consultation) await consultation.hears(last);
    const said = (await consultation.allSaid())
      .filter(({ from }) => from === "client")
      .map(({ text }) => text);
    expect(said).toEqual(toWorker.slice(0, said.length));
  }
}

/** The words of the worker at the client, cards apart. */
async function heard(client: ClientPage): Promise<readonly string[]> {
  return (await client.said())
    .filter(({ from, text }) => from === "advisor" && text !== "")
    .map(({ text }) => text);
}
