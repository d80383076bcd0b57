import { expect, test } from "vitest";
import { CLOSE, type CloseName } from "../protocol/close.ts";
import { closingOf, closings } from "./closing.ts";
import { type State, step } from "./consultation.ts";
import { sampleStart } from "./gallery-sample.ts";
import { gallery } from "./gallery-states.ts";

const names = Object.keys(CLOSE) as CloseName[];
const waiting: State = { status: "waiting", wait: "now", ...sampleStart };

const whileWaiting: Readonly<Record<CloseName, string>> = {
  done: "waiting",
  going_away: "waiting",
  not_websocket: "broken",
  malformed: "broken",
  too_slow: "waiting",
  silent: "waiting",
  crowded: "crowded",
  unknown_service: "service-unknown",
  not_ready: "waiting",
  link_refused: "link-refused",
  link_expired: "link-expired",
  link_spent: "link-spent",
  link_open_elsewhere: "link-open-elsewhere",
  certificate_refused: "broken",
  certificate_expired: "broken",
  sign_in_refused: "broken",
  statement_refused: "broken",
  revocations_refused: "broken",
  puzzle_refused: "broken",
  slip_refused: "broken",
  peer_left: "waiting",
  seat_gone: "broken",
  rejoined_elsewhere: "broken",
};

test("every close code of the protocol has a meaning, and nothing else has", () => {
  expect(Object.keys(closings).sort()).toEqual([...names].sort());
  for (const name of names) expect(closingOf(CLOSE[name])).toBe(closings[name]);
});

test("a socket that broke without a word is a lost connection", () => {
  expect(closingOf(1006)).toBe("lost");
  expect(closingOf(1005)).toBe("lost");
});

test.each(names)("%s leads a waiting person to a state", (name) => {
  const { status, why } = { why: undefined, ...step(waiting, { type: "closed", closing: closings[name] }) };
  expect(why ?? status).toBe(whileWaiting[name]);
});

test.each(names)("%s does not end a conversation, which lives in its two ends", (name) => {
  const talking = gallery.talking ?? waiting;
  expect(step(talking, { type: "closed", closing: closings[name] })).toBe(talking);
});
