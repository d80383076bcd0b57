// TypeScript at one end and Rust at the other, the worst of lines between them: nothing is lost, doubled or heard
// out of order.

import { expect, it } from "vitest";
import { Course, type Report } from "./course.ts";
import { SEED } from "./random.ts";

/** Of both ends together. */
const MESSAGES = 100_000;
const HAND_OVERS = 10;
/** Of both ends together, in each consultation with a hand-over. */
const MESSAGES_HANDED_OVER = 400;
const TIMEOUT = 900_000;

async function run(seed: number, messages: number, isHandedOver: boolean): Promise<Report> {
  try {
    const course = await Course.begin(seed, messages / 2);
    if (isHandedOver) await course.handOver();
    return await course.run();
  } catch (error) {
    throw new Error(`VESTIBULE_SEED=${seed}`, { cause: error });
  }
}

function print(figures: object): void {
  const listed = Object.entries(figures).map(([name, figure]) => `${name} ${figure}`);
  process.stdout.write(`VESTIBULE_SEED=${SEED}: ${listed.join(", ")}\n`);
}

it("a hundred thousand messages arrive once and in order", { timeout: TIMEOUT }, async () => {
  const { messages, ...figures } = await run(SEED, MESSAGES, false);
  print({ messages, ...figures });
  expect(messages).toBe(MESSAGES);
  // The line was as bad as it was meant to be.
  const { cuts, renewals, lost, doubled, heldUp, refused } = figures;
  expect(Math.min(cuts, renewals), "cuts and renewals").toBeGreaterThan(1000);
  expect(Math.min(lost, doubled, heldUp), "cells").toBeGreaterThan(5000);
  expect(refused).toBeGreaterThan(50);
});

it("nothing is lost or out of order when another worker takes over", { timeout: TIMEOUT }, async () => {
  for (let seed = SEED; seed < SEED + HAND_OVERS; seed += 1) {
    expect((await run(seed, MESSAGES_HANDED_OVER, true)).messages).toBe(MESSAGES_HANDED_OVER);
  }
  print({ "hand-overs": HAND_OVERS });
});
