// After the desk has closed: no file, no browser profile and no memory of a new process holds a word of the day.

import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type BrowserContext, chromium } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { House, meet, samir, subject } from "./src/house.ts";
import { foundInMemory } from "./src/memory.ts";
import { DeskPage } from "./src/pages/desk.ts";
import { chromiumPath } from "./src/paths.ts";
import { type Needle, needlesOf } from "./src/search.ts";
import { waitFor } from "./src/wait.ts";

const words = {
  client: "planted-agrimony живокость",
  worker: "planted-burdock",
  draft: "planted-chicory never sent",
  whisper: "planted-dittany",
  summary: "planted-elecampane",
  announcement: "planted-fennel",
} as const;
const needles = ["agrimony", "живокость", "burdock", "chicory", "dittany", "elecampane", "fennel"].flatMap(
  needlesOf,
);

/** As programs keep words while they use them: enough for the many megabytes of a browser. */
const asText = needles.filter(({ name }) => / as UTF-(?:8|16LE)$/.test(name));

let house: House;
let profile: string;
let browser: BrowserContext;

beforeAll(async () => {
  house = await House.open();
  profile = await mkdtemp(path.join(tmpdir(), "vestibule-profile-"));
  browser = await workersBrowser();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await house?.close();
  await rm(profile, { recursive: true, force: true });
});

/** The worker's own: with a profile on disk, as people have it, and whatever else a browser writes beside it. */
async function workersBrowser(): Promise<BrowserContext> {
  return await chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath,
    args: ["--no-sandbox"],
    env: { PATH: process.env.PATH ?? "", HOME: profile, TMPDIR: profile },
    locale: "en-GB",
  });
}

test("a day with planted words leaves none of them anywhere", async () => {
  const desk = await DeskPage.openIn(browser, house.desk.address);
  await desk.goOnDuty();
  const chief = await house.newColleague({ ...samir, role: "coordinator" });
  const second = await house.openDesk("en", chief);
  await second.goOnDuty();
  await second.page.locator('[data-test="announce-open"]').click();
  await second.page.locator('[data-test="announce-text"]').fill(words.announcement);
  await second.page.locator('[data-test="announce"]').click();
  await desk.page.locator('[data-test="announcement"]').waitFor();

  const client = await house.openClient(await house.newLink());
  const consultation = await meet(client, desk, subject(1));
  await client.say(words.client);
  await consultation.hears(words.client);
  await consultation.say(words.worker);
  await client.hears(words.worker);
  await desk.whispers.writeTo(samir.alias);
  await desk.whispers.say(words.whisper);
  await desk.whispers.isDelivered(words.whisper);
  await consultation.handOver(samir.alias, words.summary);
  await second.requests.waitFor();
  await consultation.say(words.draft.slice(0, 4));
  await consultation.composer.fill(words.draft);

  // Control: the search finds them while the day lasts.
  const { pid } = house.desk.child;
  expect((await foundInMemory(pid, needlesOf("agrimony"))).length).toBeGreaterThan(0);

  await house.desk.child.kill("SIGTERM");
  await desk.isOver("gone");
  await browser.close();
  await client.close();
  await second.close();
  await expectFilesAreSearched();
  await expectNothing("the worker's browser profile", await foundInFiles(profile, needles));
  await expectNothing("the files of relay and consoles", await foundInFiles(house.scene.directory, needles));

  const fresh = await house.scene.startDesk(house.worker);
  browser = await workersBrowser();
  const again = await DeskPage.openIn(browser, fresh.address);
  await again.dutyIs("off");
  await again.consultationsAre(0);
  await expectNothing("the memory of a new console", await foundInMemory(fresh.child.pid, needles));
  let searched = 0;
  for (const renderer of await waitFor("its processes", () => processesWith(profile))) {
    const found = await foundInMemory(renderer, asText).catch(unlessEnded);
    if (found === undefined) continue;
    await expectNothing(`the memory of a new browser (${renderer})`, found);
    searched += 1;
  }
  expect(searched).toBeGreaterThan(1);
}, 240_000);

/** Helpers of a browser come and go; one that has gone has no memory. */
function unlessEnded(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT" && error.code !== "ESRCH") throw error;
}

/** Control: a word in a file deep in the profile is found, in whatever form it lies there. */
async function expectFilesAreSearched(): Promise<void> {
  const planted = path.join(profile, "Default", "planted");
  for (const text of [words.client, Buffer.from(words.client).toString("base64")]) {
    await writeFile(planted, `before ${text} after`);
    expect((await foundInFiles(profile, needles)).length).toBeGreaterThan(0);
  }
  await rm(planted);
}

async function expectNothing(where: string, found: readonly string[]): Promise<void> {
  expect(found, where).toEqual([]);
}

async function foundInFiles(directory: string, wanted: readonly Needle[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const bytes = await readFile(file);
    found.push(...wanted.filter((it) => bytes.includes(it.bytes)).map(({ name }) => `${name} in ${file}`));
  }
  return found;
}

/** What was started with this argument, and everything that it started. */
async function processesWith(argument: string): Promise<readonly number[] | undefined> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = new Map<number, number>();
  const found = new Set<number>();
  for (const pid of pids) {
    const line = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (line.includes(argument)) found.add(pid);
    // pid (name) state parent …
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    parents.set(pid, Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
  }
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  return found.size === 0 ? undefined : [...found];
}
