// What an open conversation costs the device while nobody writes: processor time of the whole browser, with steady
// cover, beside an empty page in the same browser. Not among the other tests: it measures for minutes what a busy
// machine delays. `npm run idle` writes the table of docs/slow-lines.md anew.

import { readFile, writeFile } from "node:fs/promises";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser, launchFirefox } from "./src/browser.ts";
import { House, meet, subject } from "./src/house.ts";
import { ClientPage } from "./src/pages/client.ts";
import type { DeskPage } from "./src/pages/desk.ts";
import { slowLinesPage } from "./src/paths.ts";
import { processorSeconds, startedMeanwhile } from "./src/processor.ts";
import { saferPreferences } from "./src/tor-browser.ts";

const SETTLING_MS = 5_000;
const MEASURED_SECONDS = 40;

/** `percentMax`: more than an empty page, of one processor. At Safer no script is compiled. */
const browsers: readonly {
  readonly name: string;
  readonly percentMax: number;
  readonly launch: () => Promise<Browser>;
}[] = [
  { name: "Chromium", percentMax: 1, launch: launchBrowser },
  { name: "Firefox ESR", percentMax: 1, launch: () => launchFirefox() },
  { name: "Firefox ESR, Safer", percentMax: 1.5, launch: () => launchFirefox(saferPreferences) },
];
const COLUMNS = ["browser", "empty page", "conversation", "it costs"];
const BEGIN = "<!-- idle: begin -->\n";
const END = "<!-- idle: end -->";
const rows: string[] = [];

let house: House;
let desk: DeskPage;

beforeAll(async () => {
  house = await House.open();
  desk = await house.openDesk();
  await desk.goOnDuty();
}, 120_000);

afterAll(async () => {
  await house?.close();
});

for (const { name, percentMax, launch } of browsers) {
  test(name, async () => {
    const link = await house.newLink();
    const { result: browser, pid } = await startedMeanwhile(launch);
    const empty = await browser.newPage();
    const emptyPercent = await idlePercent(pid);
    await empty.close();
    const client = await ClientPage.open(browser, link);
    const consultation = await meet(client, desk, subject(2));
    await client.say("that something is there");
    await consultation.hears("that something is there");
    const steadyPercent = await idlePercent(pid);
    await client.end();
    await consultation.statusIs("ended");
    await browser.close();
    const costs = steadyPercent - emptyPercent;
    const cells = [emptyPercent, steadyPercent, costs].map((share) => `${share.toFixed(2)} %`);
    rows.push(`| ${[name, ...cells].join(" | ")} |`);
    console.log(rows.at(-1));
    expect(costs).toBeLessThan(percentMax);
  }, 900_000);
}

test("the table is written", async () => {
  expect(rows).toHaveLength(browsers.length);
  const table = [COLUMNS, COLUMNS.map(() => "---")].map((cells) => `| ${cells.join(" | ")} |`);
  const text = await readFile(slowLinesPage, "utf8");
  const [before, after] = [text.split(BEGIN)[0], text.split(END)[1]];
  if (after === undefined) throw new Error(`${slowLinesPage} has no place for the table`);
  await writeFile(slowLinesPage, `${before}${BEGIN}\n${[...table, ...rows].join("\n")}\n\n${END}${after}`);
});

/** Of one processor. */
async function idlePercent(pid: number): Promise<number> {
  await pause(SETTLING_MS);
  const before = await processorSeconds(pid);
  await pause(MEASURED_SECONDS * 1_000);
  return ((await processorSeconds(pid)) - before) * (100 / MEASURED_SECONDS);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
