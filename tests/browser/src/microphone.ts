// Browsers with a microphone that nobody speaks into: it hums or beeps by itself.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { launchBrowser, launchFirefox } from "./browser.ts";
import type { Preferences } from "./tor-browser.ts";

const FAKE_DEVICE = "--use-fake-device-for-media-stream";
const FAKE_CONSENT = "--use-fake-ui-for-media-stream";
const FAKE_BOTH: Preferences = {
  "media.navigator.streams.fake": true,
  "media.navigator.permission.disabled": true,
};

/** Not so strict as to keep a page's process from a sound card. */
const WITH_CARD: Preferences = {
  "media.cubeb.backend": "alsa",
  "media.cubeb.sandbox": false,
  "security.sandbox.content.level": 0,
};
/** A sound card that takes whatever comes, at once. */
const CARD = "pcm.!default {\n type plug\n slave.pcm { type null }\n}\n";

export interface Speaking {
  readonly name: string;
  /** One that records. */
  readonly launch: () => Promise<Browser>;
  /** What it has recorded when it stops. */
  readonly seconds: number;
  /** One whose microphone goes on, and what the page shows meanwhile. */
  readonly launchWaiting: () => Promise<Browser>;
  readonly stage: "starting" | "recording";
}

/**
 * All let every page use the microphone. Firefox makes no sound without a sound card, nor takes any: here it waits for
 * ever. With ours, which knows no time, a minute is over at once.
 */
export const speaking: readonly Speaking[] = [
  {
    name: "Chromium",
    launch: () => launchBrowser([FAKE_DEVICE, FAKE_CONSENT]),
    seconds: 2,
    launchWaiting: () => launchBrowser([FAKE_DEVICE, FAKE_CONSENT]),
    stage: "recording",
  },
  {
    name: "Firefox ESR",
    launch: launchWithCard,
    seconds: 60,
    launchWaiting: () => launchFirefox(FAKE_BOTH),
    stage: "starting",
  },
];

/** Without a window nobody can say yes. */
export function launchRefusing(): Promise<Browser> {
  return launchBrowser([FAKE_DEVICE]);
}

async function launchWithCard(): Promise<Browser> {
  const folder = mkdtempSync(path.join(tmpdir(), "vestibule-card-"));
  const file = path.join(folder, "asound.conf");
  writeFileSync(file, CARD);
  const browser = await launchFirefox({ ...FAKE_BOTH, ...WITH_CARD }, { ALSA_CONFIG_PATH: file });
  browser.on("disconnected", () => rmSync(folder, { recursive: true }));
  return browser;
}

/** Takes down what becomes of every microphone that the page is given, also when the page goes. */
export async function watchMicrophone(page: Page, told: string[]): Promise<void> {
  await page.exposeFunction("tellMicrophone", (what: string) => told.push(what));
  await page.addInitScript(() => {
    const { mediaDevices } = navigator;
    const { tellMicrophone } = globalThis as unknown as { tellMicrophone: (what: string) => void };
    if (mediaDevices === undefined) return;
    const ask = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = async (wanted) => {
      tellMicrophone(`asked for ${Object.keys(wanted ?? {}).join(" and ")}`);
      const stream = await ask(wanted);
      for (const track of stream.getTracks()) {
        const stop = track.stop.bind(track);
        tellMicrophone("on");
        track.stop = () => {
          stop();
          tellMicrophone(track.readyState === "ended" ? "off" : "still on");
        };
      }
      return stream;
    };
  });
}
