import { expect, test } from "vitest";
import { socketUrl } from "./socket.ts";

test("a socket stays with the page's host and keeps its encryption", () => {
  expect(socketUrl("https://help.example", "/ws/client")).toBe("wss://help.example/ws/client");
  expect(socketUrl("http://127.0.0.1:8080", "/ws/rejoin")).toBe("ws://127.0.0.1:8080/ws/rejoin");
  expect(socketUrl("https://help.example", "/n/a/ws/rejoin")).toBe("wss://help.example/n/a/ws/rejoin");
});

test("a node with an origin of its own is reached there", () => {
  const own = "https://a.help.example:8443/ws/rejoin";
  expect(socketUrl("https://help.example", own)).toBe("wss://a.help.example:8443/ws/rejoin");
});
