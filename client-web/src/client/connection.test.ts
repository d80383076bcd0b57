import { expect, test } from "vitest";
import { clientSocketUrl, retryMilliseconds } from "./connection.ts";

test("waits longer after every failure, up to a limit", () => {
  const delays = [0, 1, 2, 3, 10, 10_000].map((failures) => retryMilliseconds(failures, 0.5));
  expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 30_000, 30_000]);
});

test("spreads what would otherwise come at once", () => {
  expect(retryMilliseconds(0, 0)).toBe(750);
  expect(retryMilliseconds(0, 1)).toBe(1_250);
});

test("stays with the page's host and keeps its encryption", () => {
  expect(clientSocketUrl("https://help.example")).toBe("wss://help.example/ws/client");
  expect(clientSocketUrl("http://127.0.0.1:8080")).toBe("ws://127.0.0.1:8080/ws/client");
});
