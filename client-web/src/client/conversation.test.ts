import { expect, test } from "vitest";
import { codeOf, drain, NOW, sessionPair, take } from "../protocol/testing.ts";
import { Conversation } from "./conversation.ts";

test("a conversation that was handed over keeps no keys of the first worker's", () => {
  const [first, second] = [sessionPair(), sessionPair(true)];
  const before = new Conversation(first.client, "steady");
  before.say(1, "hello");
  const fromFirst = first.worker.emptyCell();
  const after = before.handTo(second.client, "steady");
  expect(codeOf(() => before.route)).toBe("ended");
  expect(codeOf(() => before.receive(fromFirst ?? new Uint8Array(), NOW))).toBe("ended");
  expect(after.hasRoom).toBe(true);
  expect(take(second.worker, drain(second.client))).toEqual([
    { type: "carried_over", receivedBelow: 2n },
    { type: "text", text: "hello" },
  ]);
});

test("says by its own ids what has arrived, once", () => {
  const { client, worker } = sessionPair();
  const conversation = new Conversation(client, "steady");
  conversation.say(7, "one");
  conversation.say(9, "two");
  take(worker, drain(client));
  const cells = drain(worker);
  const heard = [...cells, ...cells].map((cell) => conversation.receive(cell, NOW));
  expect(heard.flatMap(({ deliveredIds }) => deliveredIds)).toEqual([7, 9]);
  expect(heard.map(({ isNew }) => isNew)).toEqual([...cells.map(() => true), ...cells.map(() => false)]);
});
