// Browsers with a profile on disk, as people have them: what one keeps of a page is in its folder.

import { mkdir } from "node:fs/promises";
import path from "node:path";
import { type BrowserContext, chromium, firefox } from "playwright-core";
import { chromiumPath, firefoxPath } from "./paths.ts";
import type { Preferences } from "./tor-browser.ts";

/** The defaults of Firefox, in place of what playwright sets so that tests leave less behind than people do. */
const AS_PEOPLE_HAVE_IT: Preferences = {
  "remote.prefs.recommended": false,
  "browser.sessionstore.resume_from_crash": true,
  "browser.pagethumbnails.capturing_disabled": false,
  "browser.search.update": true,
  "signon.rememberSignons": true,
  "signon.autofillForms": true,
  // Not a default: what stands in the tabs is written as usual, but more often than every 15 seconds.
  "browser.sessionstore.interval": 2_000,
  "browser.sessionstore.interval.idle": 2_000,
};

/** Everything that the browser writes is below the folder: its profile, its home, its temporary files. */
async function environmentIn(folder: string): Promise<{ [name: string]: string }> {
  await mkdir(path.join(folder, "tmp"), { recursive: true });
  return { PATH: process.env.PATH ?? "", HOME: folder, TMPDIR: path.join(folder, "tmp") };
}

export async function openChromiumIn(folder: string): Promise<BrowserContext> {
  return await chromium.launchPersistentContext(path.join(folder, "profile"), {
    executablePath: chromiumPath,
    args: ["--no-sandbox"],
    // People's browsers keep pages that were left, for Back.
    ignoreDefaultArgs: ["--disable-back-forward-cache"],
    env: await environmentIn(folder),
    locale: "en-GB",
  });
}

export async function openFirefoxIn(folder: string): Promise<BrowserContext> {
  return await firefox.launchPersistentContext(path.join(folder, "profile"), {
    channel: "moz-firefox",
    executablePath: firefoxPath,
    firefoxUserPrefs: { ...AS_PEOPLE_HAVE_IT },
    env: await environmentIn(folder),
    viewport: null,
  });
}
