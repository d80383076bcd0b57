// The golden consultation, which the Rust crate wrote, replayed by the page's protocol code inside Chromium.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { launchBrowser } from "./src/browser.ts";
import type { Golden, Replayed } from "./src/golden-replay.ts";
import { clientWebDirectory, goldenConsultation } from "./src/paths.ts";

it("the handshake and every cell are the same bytes in Chromium as in Rust", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "vestibule-golden-"));
  const bundle = path.join(folder, "replay.js");
  const entry = path.resolve("src/golden-replay.ts");
  const esbuild = path.join(clientWebDirectory, "node_modules/.bin/esbuild");
  execFileSync(esbuild, [entry, "--bundle", "--format=iife", "--log-level=error", `--outfile=${bundle}`]);
  const golden: Golden = JSON.parse(readFileSync(goldenConsultation, "utf8"));
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ path: bundle });
    const replayed = await page.evaluate(
      (golden) => (globalThis as unknown as { replay: (golden: Golden) => Replayed }).replay(golden),
      golden,
    );
    expect(replayed.token).toBe(golden.token);
    expect(replayed.opening).toBe(golden.opening);
    expect(replayed.steps).toEqual(golden.steps.map(written));
    expect(replayed.hand_over_opening).toBe(golden.hand_over.opening);
    expect(replayed.hand_over_steps).toEqual(golden.hand_over_steps.map(written));
    for (const record of ["text", "rejoined", "fresh_opening", "hand_over_reply"]) {
      expect(golden.steps.some((step) => step.from === "client" && step.record === record)).toBe(true);
    }
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
});

/** The file's step, without what only its makers need. */
function written({ from, record, text, cells }: Golden["steps"][number]): Golden["steps"][number] {
  return { from, record, text, cells };
}
