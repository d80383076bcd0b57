// Photographs and documents of clients: nothing that was hidden in them leaves the page, in each browser; and they
// arrive, whatever happens to the line.

import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { bytesOf, ENTRIES, search } from "../../client-web/src/client/clean/testing.ts";
import { cleanInPage } from "./src/cleaning-in-page.ts";
import { House, meet, subject } from "./src/house.ts";
import { kinds } from "./src/kinds.ts";
import { type LargePhotograph, largePhotograph } from "./src/large-photograph.ts";
import type { ClientPage } from "./src/pages/client.ts";
import type { DeskConsultation } from "./src/pages/desk.ts";
import { corpusFile } from "./src/paths.ts";

/** No mark of any file is without it. */
const ANY_MARK = "PLANTED-";

let house: House;
let large: LargePhotograph;

beforeAll(async () => {
  house = await House.open();
  large = largePhotograph(1_000, 700);
});

afterEach(async () => {
  house.scene.recorder.reconnect();
  await house.closePages();
});

afterAll(async () => {
  if (large !== undefined) rmSync(large.folder, { recursive: true });
  await house?.close();
});

describe.each(kinds)("$name", ({ name, launch }) => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launch();
  });

  afterAll(async () => {
    await browser?.close();
  });

  test("of all that is planted in the corpus nothing would leave the page", async () => {
    const page = await browser.newPage();
    await page.goto(`${house.scene.origin}/`);
    const files = ENTRIES.map((entry) => Buffer.from(bytesOf(entry)));
    const startedAt = performance.now();
    const outcomes = await cleanInPage(page, files);
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    let marks = 0;
    for (const [at, entry] of ENTRIES.entries()) {
      const outcome = outcomes[at];
      if (outcome === undefined) throw new Error(`${entry.file} came to nothing`);
      const come = "refused" in outcome ? outcome.refused : outcome.kind;
      if (entry.expect !== "any") expect(come, entry.file).toBe(entry.expect);
      if ("refused" in outcome) continue;
      marks += entry.marks.length;
      const left = search([...entry.marks, ANY_MARK], Buffer.from(outcome.bytes, "base64"));
      expect(left, entry.file).toEqual([]);
    }
    const sent = outcomes.filter((outcome) => "kind" in outcome).length;
    console.log(
      `${name}: ${sent} of ${files.length} files cleaned in ${seconds} s, 0 of ${marks} marks left`,
    );
    expect(sent).toBeGreaterThan(200);
    await page.close();
  }, 240_000);
});

async function begin(about: number): Promise<{ client: ClientPage; consultation: DeskConsultation }> {
  const desk = await house.openDesk();
  await desk.goOnDuty();
  const client = await house.openClient(await house.newLink());
  return { client, consultation: await meet(client, desk, subject(about)) };
}

/** Returns what the page said of the photograph before it was offered. */
async function offerLarge(client: ClientPage, consultation: DeskConsultation): Promise<string> {
  await client.chooseFile(large.file);
  const asked = await client.fileAsked("clean");
  await client.sendFile();
  await consultation.fileIs("offered");
  return asked;
}

describe("a file", () => {
  test("goes on where a broken line stopped it, and words pass it", async () => {
    const { client, consultation } = await begin(1);
    expect(await offerLarge(client, consultation)).toContain(client.text("file-removed-description"));
    await consultation.answerFile("accept");
    await client.fileIs("moving");
    house.scene.recorder.cutOff("browsers");
    await client.say("look at this");
    await sleep(3_000);
    await consultation.fileIs("coming");
    house.scene.recorder.reconnect();
    await consultation.hears("look at this");
    await client.fileIs("received", 120_000);
    await consultation.fileIs("here");
    expect(await consultation.lookAtFile()).toEqual([[1_000, 700]]);
    expect(client.watched.problems).toEqual([]);
  }, 240_000);

  test("that the worker does not want does not come", async () => {
    const { client, consultation } = await begin(2);
    await offerLarge(client, consultation);
    await consultation.answerFile("refuse");
    await client.fileIs("refused");
    await consultation.fileIs("refused");
    expect(client.watched.problems).toEqual([]);
  });

  test("that cannot be cleaned is refused with a sentence, and nothing of it is sent", async () => {
    const { client } = await begin(3);
    for (const [file, code] of [
      ["heif/real.heic", "heic"],
      ["manifest.json", "unknown_kind"],
    ] as const) {
      await client.chooseFile(corpusFile(file));
      expect(await client.fileAsked("problem")).toContain(client.text(`file-problem-${code}`));
      await client.dropFile();
    }
    expect(client.watched.problems).toEqual([]);
  });

  test("and a quick exit in the middle: the page is gone at once, and the worker has a broken line", async () => {
    const { client, consultation } = await begin(4);
    await offerLarge(client, consultation);
    await consultation.answerFile("accept");
    await client.fileIs("moving");
    await client.page.route("https://**", (route) =>
      route.fulfill({ contentType: "text/html", body: "away" }),
    );
    await client.exit.click();
    await client.page.waitForURL("https://**");
    await consultation.lineIs("client_away");
    await consultation.fileIs("coming");
  });
});
