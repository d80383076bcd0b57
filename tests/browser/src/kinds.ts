// The browsers in which clients' tests run.

import type { Browser } from "playwright-core";
import { launchBrowser, launchFirefox } from "./browser.ts";
import { saferPreferences } from "./tor-browser.ts";

export interface Kind {
  readonly name: string;
  readonly launch: () => Promise<Browser>;
  readonly isSafer: boolean;
}

export const kinds: readonly Kind[] = [
  { name: "Chromium", launch: () => launchBrowser(), isSafer: false },
  { name: "Firefox ESR", launch: () => launchFirefox(), isSafer: false },
  {
    name: "Firefox ESR as Tor Browser at Safer",
    launch: () => launchFirefox(saferPreferences),
    isSafer: true,
  },
];
