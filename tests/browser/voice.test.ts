// Voice notes: recorded in the page, heard at the desk; and the microphone is off whenever nobody records.

import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { VOICE_SECONDS_MAX } from "../../client-web/src/protocol/file.ts";
import { launchFirefox } from "./src/browser.ts";
import { House, meet, subject } from "./src/house.ts";
import { launchRefusing, speaking, watchMicrophone } from "./src/microphone.ts";
import { ClientPage } from "./src/pages/client.ts";
import type { DeskConsultation } from "./src/pages/desk.ts";
import { saferPreferences } from "./src/tor-browser.ts";
import { waitFor } from "./src/wait.ts";

const PLAYED_SECONDS = 1.5;
/** Of a fake microphone's hum: silence would be 0. */
const LOUD = 0.02;

/** Another for each browser: a worker waits long for who left at once, and has room for few. */
let house: House;
const clients: ClientPage[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  await house.closePages();
});

interface Talk {
  readonly client: ClientPage;
  readonly consultation: DeskConsultation;
  /** What has become of the microphone, in order. */
  readonly microphone: string[];
}

async function begin(browser: Browser): Promise<Talk> {
  const desk = await house.openDesk();
  await desk.goOnDuty();
  const microphone: string[] = [];
  const prepare = (page: Page): Promise<void> => watchMicrophone(page, microphone);
  const client = await ClientPage.open(browser, await house.newLink(), { prepare });
  clients.push(client);
  return { client, consultation: await meet(client, desk, subject(1)), microphone };
}

async function start(client: ClientPage): Promise<void> {
  await client.voice("choose");
  await client.voiceIs("about");
  await client.voice("start");
}

async function becomes(microphone: readonly string[], what: "on" | "off"): Promise<void> {
  await waitFor(`the microphone to be ${what}`, async () => microphone.at(-1) === what || undefined);
  expect(microphone).toEqual(["asked for audio", "on", ...(what === "off" ? ["off"] : [])]);
}

describe.each(speaking)("$name", ({ name, launch, seconds, launchWaiting, stage }) => {
  let browser: Browser;
  let waiting: Browser;

  beforeAll(async () => {
    browser = await launch();
    waiting = await launchWaiting();
    house = await House.open();
  });

  afterAll(async () => {
    await browser?.close();
    await waiting?.close();
    await house?.close();
  });

  test("what was recorded is heard at the desk, once the worker lets it come and presses", async () => {
    const { client, consultation, microphone } = await begin(browser);
    await start(client);
    if (seconds < VOICE_SECONDS_MAX) {
      await client.voiceIs("recording");
      await sleep(seconds * 1_000);
      await client.voice("stop");
    }
    const told = await client.voiceIs("recorded");
    expect(told).toContain(client.text(seconds < VOICE_SECONDS_MAX ? "voice-kept" : "voice-full"));
    await becomes(microphone, "off");
    await client.voice("listen");
    // Until it is over.
    await client.page.getByText(client.text("voice-listen"), { exact: true }).waitFor();
    await client.voice("send");
    await consultation.fileIs("offered");
    await consultation.answerFile("accept");
    await client.fileIs("received");
    await consultation.fileIs("here");

    const player = await consultation.listenToFile();
    const { lasts, plays } = await player.evaluate((element) => {
      const audio = element as HTMLAudioElement;
      return { lasts: audio.duration, plays: !audio.paused || audio.currentTime > 0 };
    });
    expect(plays).toBe(false);
    expect(Math.abs(lasts - seconds)).toBeLessThan(seconds < VOICE_SECONDS_MAX ? 1.5 : 0.001);
    const peak = await player.evaluate(peakOf, PLAYED_SECONDS);
    console.log(`${name}: ${lasts.toFixed(2)} s arrived; the loudest sample heard is ${peak.toFixed(3)}`);
    expect(peak).toBeGreaterThan(LOUD);
    // As often as the worker likes.
    expect(await player.evaluate(peakOf, PLAYED_SECONDS)).toBeGreaterThan(LOUD);
    expect(client.watched.problems).toEqual([]);
  }, 120_000);

  test("a quick exit turns the microphone off at once", async () => {
    const { client, consultation, microphone } = await begin(waiting);
    await client.page.route("https://**", (route) =>
      route.fulfill({ contentType: "text/html", body: "away" }),
    );
    await start(client);
    await becomes(microphone, "on");
    await client.voiceIs(stage);
    await client.exit.click();
    await client.page.waitForURL("https://**");
    await becomes(microphone, "off");
    await consultation.lineIs("client_away");
  });

  test("what is deleted is offered to nobody, and another can be made", async () => {
    const { client, microphone } = await begin(waiting);
    await start(client);
    await becomes(microphone, "on");
    await client.voiceIs(stage);
    await client.voice("drop");
    await becomes(microphone, "off");
    await client.voice("choose");
    await client.voiceIs("about");
    await client.voice("drop");
    await client.voiceChoice.waitFor();
    await becomes(microphone, "off");
    expect(client.watched.problems).toEqual([]);
  });
});

describe("without a microphone", () => {
  beforeAll(async () => {
    house = await House.open();
  });

  afterAll(async () => {
    await house?.close();
  });

  test("who does not let the page use it reads so, and goes on in writing", async () => {
    const browser = await launchRefusing();
    try {
      const { client, consultation } = await begin(browser);
      await start(client);
      expect(await client.voiceIs("problem")).toContain(client.text("voice-problem-refused"));
      await client.voice("drop");
      await client.say("then in writing");
      await consultation.hears("then in writing");
      expect(client.watched.problems).toEqual([]);
    } finally {
      await browser.close();
    }
  });

  test("in Tor Browser's settings nothing is offered", async () => {
    const browser = await launchFirefox(saferPreferences);
    try {
      const { client, microphone } = await begin(browser);
      expect(await client.page.evaluate(() => "mediaDevices" in navigator)).toBe(false);
      expect(await client.voiceChoice.isVisible()).toBe(false);
      expect(microphone).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});

/** In the desk page: plays its beginning, and says how loud its loudest moment was. */
async function peakOf(element: Element, seconds: number): Promise<number> {
  const audio = element as HTMLAudioElement & { readonly tapped?: AnalyserNode };
  let analyser = audio.tapped;
  if (analyser === undefined) {
    const context = new AudioContext();
    analyser = context.createAnalyser();
    context.createMediaElementSource(audio).connect(analyser);
    analyser.connect(context.destination);
    Object.assign(audio, { tapped: analyser });
  }
  const samples = new Float32Array(analyser.fftSize);
  let peak = 0;
  audio.currentTime = 0;
  await audio.play();
  while (!audio.ended && audio.currentTime < seconds) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    analyser.getFloatTimeDomainData(samples);
    for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
  }
  audio.pause();
  return peak;
}
