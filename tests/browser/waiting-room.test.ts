// A waiting room that is full: whoever comes next is told so, honestly, and gets in when there is room.

import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { toHex } from "../../client-web/src/protocol/bytes.ts";
import { encodeFrame } from "../../client-web/src/protocol/frame.ts";
import { startHandshake } from "../../client-web/src/protocol/handshake.ts";
import { factsOf } from "../../client-web/src/protocol/languages.ts";
import { parseLink, token } from "../../client-web/src/protocol/link.ts";
import { SUBJECT } from "../../client-web/src/protocol/triage.ts";
import { House } from "./src/house.ts";

/** `waiting_openings_max` and `openings_per_link_max` of relay/src/config.rs. */
const WAITING_MAX = 256;
const PER_LINK_MAX = 2;

let house: House;

beforeAll(async () => {
  house = await House.open();
  // A worker has told the relay which links to believe, and has gone home.
  const desk = await house.openDesk();
  await desk.goOnDuty();
  await desk.goOffDuty();
});

afterAll(async () => {
  await house?.close();
});

test("nobody is turned away in silence, and the link stays good", async () => {
  const links = await house.scene.newLinks(house.worker, WAITING_MAX / PER_LINK_MAX + 1);
  const [own, ...others] = links;
  if (own === undefined) throw new Error("no link");
  const openings = others.flatMap((link) => [openingOf(link), openingOf(link)]);
  expect(openings.length).toBe(WAITING_MAX);
  // A browser opens no more than 255 sockets.
  const crowds = [openings.slice(0, WAITING_MAX / 2), openings.slice(WAITING_MAX / 2)];
  const contexts: BrowserContext[] = [];
  for (const crowd of crowds) {
    const context = await house.browser.newContext();
    contexts.push(context);
    const page = await context.newPage();
    await page.goto(house.scene.origin);
    expect(await waiting(page, crowd)).toBe(WAITING_MAX / 2);
  }

  const client = await house.openClient(own, { language: "uk" });
  await client.reaches("welcome");
  await client.start();
  await client.reaches("refused crowded");
  expect(await client.heading()).toBe(client.text("refused-crowded-title"));
  expect(await client.words()).toContain(client.text("refused-crowded-text"));
  await contexts[0]?.close();
  await client.tryAgain();
  await client.waits("nobody");
}, 120_000);

/** What a page sends to wait, in hex. */
function openingOf(address: string): string {
  const link = parseLink(address.split("#")[1] ?? "");
  const { authority, channel } = link;
  const shown = token(link);
  const triage = { language: factsOf("en").byte, subject: SUBJECT.notSaid, channel };
  const random = (size: number) => crypto.getRandomValues(new Uint8Array(size));
  const { opening } = startHandshake(link, house.scene.origin, triage, random);
  return toHex(encodeFrame({ type: "open", authority, token: shown, opening }));
}

/** Opens a socket for each, and returns how many of them the relay lets wait. */
async function waiting(page: Page, openings: readonly string[]): Promise<number> {
  return await page.evaluate(async (all) => {
    const wait = (opening: string): Promise<boolean> =>
      new Promise((resolve) => {
        const bytes = Uint8Array.from(opening.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
        const socket = new WebSocket(`ws://${location.host}/ws/client`, "vestibule.1");
        let count = 0;
        // First the relay's time, then that this end waits.
        socket.addEventListener("message", () => {
          count += 1;
          if (count === 1) socket.send(bytes);
          else resolve(true);
        });
        socket.addEventListener("close", () => resolve(false));
      });
    return (await Promise.all(all.map(wait))).filter(Boolean).length;
  }, openings);
}
