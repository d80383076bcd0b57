// A new worker's first day: they have a file, its passphrase and one command, and have read no manual.

import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser, newContext } from "./src/browser.ts";
import { Child } from "./src/child.ts";
import { DeskPage } from "./src/pages/desk.ts";
import { binary, pageDirectory } from "./src/paths.ts";
import { passphrase, Scene, type Worker } from "./src/processes.ts";
import { waitFor } from "./src/wait.ts";

const ON_DUTY_WITHIN_MS = 60_000;

let scene: Scene;
let worker: Worker;
let browser: Browser;

beforeAll(async () => {
  scene = await Scene.create();
  const service = await scene.newService("Open Door");
  worker = await scene.newWorker(service, { alias: "Nova", role: "peer", languages: ["uk", "en"] });
  await scene.startRelay([service]);
  browser = await launchBrowser();
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await scene?.end();
});

test("from the command to being on duty, with one passphrase and one press", async () => {
  const { tools, opened } = await desktop();
  const startedAt = Date.now();
  const desk = new Child({
    command: binary("vestibule"),
    args: ["desk", "--worker", worker.file, "--page", pageDirectory("desk")],
    environment: { HOME: scene.directory, PATH: `${tools}:${process.env.PATH ?? ""}` },
    atTerminal: true,
  });
  try {
    await desk.printed(/Passphrase of .+:/);
    desk.types(passphrase);
    const file = await waitFor("the browser to be asked", () =>
      readFile(opened, "utf8").catch(() => undefined),
    );
    const page = await DeskPage.openIn(await newContext(browser, "uk"), pathToFileURL(file).href, "uk");
    await page.dutyIs("off");
    // One button stands out, and the words beside the empty list name it.
    const main = page.page.locator(".button-main:visible");
    expect(await main.allTextContents()).toEqual([page.text("duty-go-on")]);
    expect(await page.words()).toContain(page.text("waiting-none-off"));
    await main.click();
    await page.dutyIs("on");
    const took = Date.now() - startedAt;
    console.log(`on duty ${took} ms after the command was begun`);
    expect(took).toBeLessThan(ON_DUTY_WITHIN_MS);
    // The file that led there is gone, and its secret with it.
    await expect(readFile(file)).rejects.toThrow();
  } finally {
    await desk.kill();
  }
}, 90_000);

/** A person's own, on which what a program wants to open is opened by the browser: here it is written down. */
async function desktop(): Promise<{ readonly tools: string; readonly opened: string }> {
  const tools = path.join(scene.directory, "tools");
  const opened = path.join(scene.directory, "opened");
  await mkdir(tools);
  const open = path.join(tools, "xdg-open");
  await writeFile(open, `#!/bin/sh\nprintf %s "$1" > '${opened}.new' && mv '${opened}.new' '${opened}'\n`);
  await chmod(open, 0o755);
  return { tools, opened };
}
