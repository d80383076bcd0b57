// A relay that admits anybody, with a worker whose certificate is not the service's. The page must notice before
// it sends anything: docs/protocol.md section 7, "Checks".

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "./src/browser.ts";
import { Child } from "./src/child.ts";
import { ClientPage } from "./src/pages/client.ts";
import { binary, pageDirectory } from "./src/paths.ts";
import type { Language } from "./src/texts.ts";

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
});

/**
 * Starts tests/src/bin/dishonest-relay.rs: relay and worker in one program. It prints `link: …` when it is ready,
 * and `cells after answer: N` when the client has gone.
 */
async function startDishonestRelay(certificate: string): Promise<{ relay: Child; link: string }> {
  const relay = new Child({
    command: binary("dishonest-relay"),
    args: ["--page", pageDirectory("client"), "--certificate", certificate],
  });
  const [, link] = await relay.printed(/link: (\S+)/);
  if (link === undefined) throw new Error("no link");
  return { relay, link };
}

async function cellsAfterAnswer(relay: Child): Promise<number> {
  const [, cells] = await relay.printed(/cells after answer: (\d+)/);
  return Number(cells);
}

const cases: readonly { readonly certificate: string; readonly language: Language }[] = [
  { certificate: "foreign", language: "uk" },
  { certificate: "altered", language: "ar" },
  { certificate: "expired", language: "ru" },
];

for (const { certificate, language } of cases) {
  test(`a worker with a certificate that is ${certificate} gets no cell`, async () => {
    const { relay, link } = await startDishonestRelay(certificate);
    try {
      const client = await ClientPage.open(browser, link, { language });
      await client.reaches("welcome");
      await client.start();
      await client.reaches("refused advisor-unproven");
      expect(await client.heading()).toBe(client.text("refused-advisor-unproven-title"));
      expect(await client.words()).toContain(client.text("refused-advisor-unproven-text"));
      expect(await client.page.locator("textarea, [data-test=try-again]").count()).toBe(0);
      expect(await cellsAfterAnswer(relay)).toBe(0);
      await client.close();
    } finally {
      await relay.kill();
    }
  });
}

test("the control: with a good certificate the same program gets the first cell", async () => {
  const { relay, link } = await startDishonestRelay("honest");
  try {
    const client = await ClientPage.open(browser, link);
    await client.reaches("welcome");
    await client.start();
    await client.reaches("talking");
    await client.close();
    expect(await cellsAfterAnswer(relay)).toBeGreaterThan(0);
  } finally {
    await relay.kill();
  }
});
