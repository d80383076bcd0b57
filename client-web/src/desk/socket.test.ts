import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { decodeConsoleMessage } from "./decode.ts";
import type { Connection } from "./model.ts";
import { SAMPLE_NOW, sampleWorker } from "./samples.ts";
import { ConsoleSocket, RETRY_DELAYS_MS, takeBearer } from "./socket.ts";
import { snapshot as snapshotOf } from "./testing.ts";

const BEARER = "A".repeat(43);

class FakeSocket extends EventTarget {
  static readonly OPEN = 1;
  static all: FakeSocket[] = [];
  readonly sent: string[] = [];
  readyState = 0;
  closedWith: number | undefined;

  constructor(readonly address: string) {
    super();
    FakeSocket.all.push(this);
  }

  send(data: string): void {
    this.sent.push(data);
  }

  close(code: number): void {
    this.closedWith = code;
  }

  open(): void {
    this.readyState = FakeSocket.OPEN;
    this.dispatchEvent(new Event("open"));
  }

  say(data: string): void {
    this.dispatchEvent(Object.assign(new Event("message"), { data }));
  }

  end(code: number): void {
    this.readyState = 3;
    this.dispatchEvent(Object.assign(new Event("close"), { code }));
  }
}

const snapshot = JSON.stringify({
  ...snapshotOf(),
  worker: { ...sampleWorker, valid_until: SAMPLE_NOW },
  consultations: [],
});

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeSocket);
  FakeSocket.all = [];
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the socket", () => {
  it("says hello with the bearer, and counts as connected with the first snapshot", () => {
    const { connections, messages } = connect();
    latest().open();
    expect(latest().address).toBe("ws://127.0.0.1:1/socket");
    expect(latest().sent).toEqual([JSON.stringify({ type: "hello", bearer: BEARER })]);
    expect(connections).toEqual([]);
    latest().say(snapshot);
    expect(connections).toEqual(["connected"]);
    expect(messages).toEqual([decodeConsoleMessage(snapshot)]);
  });

  it("tries again after a break, then takes the console for closed", () => {
    const { connections } = connect();
    latest().open();
    latest().say(snapshot);
    for (const delay of RETRY_DELAYS_MS) {
      latest().end(1006);
      vi.advanceTimersByTime(delay);
    }
    expect(FakeSocket.all).toHaveLength(1 + RETRY_DELAYS_MS.length);
    latest().end(1006);
    vi.runAllTimers();
    expect(connections.at(-1)).toBe("gone");
    expect(FakeSocket.all).toHaveLength(1 + RETRY_DELAYS_MS.length);
  });

  it("starts counting anew when the console came back", () => {
    const { connections } = connect();
    for (let turn = 0; turn < 2 * RETRY_DELAYS_MS.length; turn += 1) {
      latest().open();
      latest().say(snapshot);
      latest().end(1006);
      vi.runAllTimers();
    }
    expect(connections).not.toContain("gone");
  });

  it.each<[number, Connection]>([
    [1001, "gone"],
    [4400, "misunderstood"],
    [4401, "bearer_refused"],
    [4429, "crowded"],
  ])("does not try again after close code %d", (code, connection) => {
    const { connections } = connect();
    latest().open();
    latest().end(code);
    vi.runAllTimers();
    expect(connections).toEqual([connection]);
    expect(FakeSocket.all).toHaveLength(1);
  });

  it("stops at the first message that is not in the table", () => {
    const { connections, messages } = connect();
    latest().open();
    latest().say('{"type":"surprise"}');
    latest().say(snapshot);
    latest().end(4400);
    vi.runAllTimers();
    expect(connections).toEqual(["misunderstood"]);
    expect(messages).toEqual([]);
    expect(latest().closedWith).toBe(4400);
    expect(FakeSocket.all).toHaveLength(1);
  });

  it("sends nothing while it is not open", () => {
    const { socket } = connect();
    expect(socket.send({ type: "go_on_duty" })).toBe(false);
    latest().open();
    expect(socket.send({ type: "go_on_duty" })).toBe(true);
  });
});

describe("the bearer", () => {
  it("leaves the address bar and stays for a reload", () => {
    const history = new FakeHistory(null);
    expect(takeBearer({ hash: `#bearer=${BEARER}`, pathname: "/" }, history)).toBe(BEARER);
    expect(history).toMatchObject({ state: { bearer: BEARER }, address: "/" });
    expect(takeBearer({ hash: "", pathname: "/" }, history)).toBe(BEARER);
  });

  it("is missing when the console did not open the page", () => {
    for (const state of [null, undefined, 7, {}, { bearer: 7 }]) {
      expect(takeBearer({ hash: "#bearer=short", pathname: "/" }, new FakeHistory(state))).toBeNull();
    }
  });
});

class FakeHistory {
  address: string | undefined;

  constructor(public state: unknown) {}

  replaceState(state: unknown, _: string, address: string): void {
    this.state = state;
    this.address = address;
  }
}

function connect() {
  const connections: Connection[] = [];
  const messages: unknown[] = [];
  const socket = new ConsoleSocket("ws://127.0.0.1:1/socket", BEARER, {
    onConnection: (connection) => connections.push(connection),
    onMessage: (message) => messages.push(message),
  });
  socket.connect();
  return { socket, connections, messages };
}

function latest(): FakeSocket {
  const socket = FakeSocket.all.at(-1);
  if (socket === undefined) throw new Error("no socket was opened");
  return socket;
}
