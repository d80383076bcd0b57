// How long people on a slow and lossy line wait (src/slow-line.ts): from a cold load to their first word, and for a
// word to arrive. Not among the other tests: it measures for minutes what a busy machine delays. `npm run slow`
// writes the table of docs/slow-lines.md anew.

import { readFile, writeFile } from "node:fs/promises";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser, launchFirefox } from "./src/browser.ts";
import { House, subject } from "./src/house.ts";
import { ClientPage } from "./src/pages/client.ts";
import type { DeskConsultation, DeskPage } from "./src/pages/desk.ts";
import { slowLinesPage } from "./src/paths.ts";
import { SlowLine } from "./src/slow-line.ts";
import { saferPreferences } from "./src/tor-browser.ts";

const SEED = 20_261_130;
const LOADS = 3;
const WORDS = 10;

const lines = [
  {
    name: "50 kbit/s, 800 ms, 5 % lost",
    conditions: { bitsPerSecond: 50_000, roundTripMs: 800, lossPercent: 5 },
  },
  {
    name: "50 kbit/s, 800 ms, none lost",
    conditions: { bitsPerSecond: 50_000, roundTripMs: 800, lossPercent: 0 },
  },
  {
    name: "100 Mbit/s, 20 ms, none lost (control)",
    conditions: { bitsPerSecond: 100_000_000, roundTripMs: 20, lossPercent: 0 },
  },
] as const;
const browsers: readonly { readonly name: string; readonly launch: () => Promise<Browser> }[] = [
  { name: "Chromium", launch: launchBrowser },
  { name: "Firefox ESR, Safer", launch: () => launchFirefox(saferPreferences) },
];

let house: House;
let desk: DeskPage;
const slow: SlowLine[] = [];
const rows: string[] = [];

beforeAll(async () => {
  house = await House.open([], async (scene) => {
    for (const { conditions } of lines) {
      const line = await SlowLine.start(scene.recorder.port, conditions, SEED);
      slow.push(line);
      scene.alsoAt(line.origin);
    }
  });
  desk = await house.openDesk();
  await desk.goOnDuty();
}, 120_000);

afterAll(async () => {
  for (const line of slow) line.stop();
  await house?.close();
});

for (const [at, { name: lineName }] of lines.entries()) {
  for (const { name, launch } of browsers) {
    test(`${name} at ${lineName}`, async () => {
      const line = slow[at];
      if (line === undefined) throw new Error("the line was not started");
      const browser = await launch();
      const figures: Record<string, number[]> = {};
      const note = (what: string, milliseconds: number) => {
        figures[what] ??= [];
        figures[what].push(milliseconds);
      };
      for (let load = 0; load < LOADS; load += 1) {
        const { client, consultation } = await firstWord(browser, line, note);
        if (load === LOADS - 1) await deliver(client, consultation, note);
        await client.end();
        await consultation.statusIs("ended");
        await consultation.forget();
        await client.close();
      }
      await browser.close();
      rows.push(`| ${[name, lineName, ...COLUMNS.map((what) => told(figures[what] ?? []))].join(" | ")} |`);
      console.log(rows.at(-1), line.counted);
    }, 1_200_000);
  }
}

test("the table is written", async () => {
  expect(rows).toHaveLength(lines.length * browsers.length);
  const heads = ["browser", "line", ...COLUMNS];
  const table = [heads, heads.map(() => "---")].map((cells) => `| ${cells.join(" | ")} |`);
  const text = await readFile(slowLinesPage, "utf8");
  const [before, after] = [text.split(BEGIN)[0], text.split(END)[1]];
  if (after === undefined) throw new Error(`${slowLinesPage} has no place for the table`);
  await writeFile(slowLinesPage, `${before}${BEGIN}\n${[...table, ...rows].join("\n")}\n\n${END}${after}`);
});

const BEGIN = "<!-- line: begin -->\n";
const END = "<!-- line: end -->";
const COLUMNS = [
  "link to welcome",
  "Start to the conversation",
  "first word possible",
  "client's word, steady",
  "worker's word, steady",
  "client's word, sparing",
  "worker's word, sparing",
] as const;

type Note = (what: (typeof COLUMNS)[number], milliseconds: number) => void;

/** In a browser that has never been here. People read and choose as long as they like: that is left out. */
async function firstWord(
  browser: Browser,
  line: SlowLine,
  note: Note,
): Promise<{ readonly client: ClientPage; readonly consultation: DeskConsultation }> {
  const [link] = await house.scene.newLinks(house.worker, 1, ["--relay", line.origin]);
  if (link === undefined) throw new Error("no link");
  const opened = performance.now();
  const client = await ClientPage.open(browser, link, { loadTimeoutMs: 300_000 });
  await client.reaches("welcome", 300_000);
  const welcomeMs = performance.now() - opened;
  await client.chooseSubject(subject(2).client);
  const pressed = performance.now();
  await client.start();
  await desk.entry(subject(2).desk).waitFor({ timeout: 60_000 });
  // A worker who is there at once: how long people wait for people is another matter.
  const consultation = await desk.accept(subject(2).desk);
  await client.reaches("talking", 60_000);
  const startMs = performance.now() - pressed;
  note("link to welcome", welcomeMs);
  note("Start to the conversation", startMs);
  note("first word possible", welcomeMs + startMs);
  return { client, consultation };
}

/** From Send to the other end's screen, one after the other, in both ways of sending. */
async function deliver(client: ClientPage, consultation: DeskConsultation, note: Note): Promise<void> {
  for (const cover of ["steady", "sparing"] as const) {
    await client.chooseCover(cover);
    for (let number = 0; number < WORDS; number += 1) {
      const word = `${cover} ${number}`;
      note(
        `client's word, ${cover}`,
        await timed(
          () => client.say(word),
          () => consultation.hears(word, 60_000),
        ),
      );
      note(
        `worker's word, ${cover}`,
        await timed(
          () => consultation.say(word),
          () => client.hears(word, 60_000),
        ),
      );
    }
  }
  const words = ["steady", "sparing"].flatMap((cover) =>
    Array.from({ length: WORDS }, (_, number) => `${cover} ${number}`),
  );
  expect((await client.said()).map(({ text }) => text)).toEqual(words.flatMap((word) => [word, word]));
}

async function timed(send: () => Promise<void>, arrives: () => Promise<void>): Promise<number> {
  const sentAt = performance.now();
  await send();
  await arrives();
  return performance.now() - sentAt;
}

/** `1.2 s (1.0 to 3.4)`: the median, the shortest and the longest. */
function told(milliseconds: readonly number[]): string {
  const sorted = [...milliseconds].sort((one, other) => one - other);
  const [least, median, most] = [0, Math.floor(sorted.length / 2), sorted.length - 1].map((at) =>
    ((sorted[at] ?? Number.NaN) / 1_000).toFixed(1),
  );
  return `${median} s (${least} to ${most})`;
}
