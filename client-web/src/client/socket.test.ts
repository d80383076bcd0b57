import { expect, test } from "vitest";
import { socketUrl } from "./socket.ts";

test("a socket stays with the page's host and keeps its encryption", () => {
  expect(socketUrl("https://help.example", "/ws/client")).toBe("wss://help.example/ws/client");
  expect(socketUrl("http://127.0.0.1:8080", "/ws/rejoin")).toBe("ws://127.0.0.1:8080/ws/rejoin");
});
