import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { inOrderOf, type Node } from "../protocol/nodes.ts";
import { Nodes } from "./nodes.ts";
import { Bench } from "./testing.ts";
import { FakeRelay, FakeWorker } from "./testing-relay.ts";

const NODES: readonly Node[] = ["a", "b", "c"].map((name) => ({ name, at: `/n/${name}` }));
const ROUTE = new Uint8Array(32).fill(7);

let bench: Bench;
let mira: FakeWorker;
/** The relay that the page first reached, then each node by its address. */
let relays: Map<string, FakeRelay>;

beforeEach(() => {
  vi.useFakeTimers();
  bench = new Bench();
  mira = new FakeWorker();
  relays = new Map();
  const ways = new Map<string, Pick<Bench, "onSocket">>();
  for (const at of ["", ...NODES.map((node) => node.at)]) {
    const way = { onSocket: () => undefined };
    relays.set(at, new FakeRelay(way, mira));
    ways.set(at, way);
  }
  bench.onSocket = (socket) => ways.get(socket.address.replace(/\/ws\/.*/, ""))?.onSocket(socket);
  bench.nodes = NODES;
});

afterEach(() => {
  vi.useRealTimers();
});

const relay = (at: string): FakeRelay => {
  const one = relays.get(at);
  if (one === undefined) throw new Error(`no node at ${at}`);
  return one;
};

/** Where the ends look for each other now, first place first. */
const order = (): readonly string[] => {
  const route = mira.session?.routes().at(-1);
  if (route === undefined) throw new Error("no route yet");
  return inOrderOf(route, NODES).map(({ at }) => at);
};

/** The nodes to which sockets went since the conversation began. */
const tried = (): readonly string[] =>
  bench.sockets.slice(1).map(({ address }) => address.replace("/ws/rejoin", ""));

/** The worker waits there alone. */
const miraIsAtOnly = (at: string): void => {
  for (const [other, one] of relays) one.workers.splice(0, 1, ...(other === at ? [mira] : []));
};

describe("the directory", () => {
  test("is asked for when the conversation has begun, and not before", async () => {
    await bench.toWelcome();
    bench.visit.start("ru");
    await bench.passes(45);
    expect([bench.state?.status, bench.nodesAskedAt.length]).toEqual(["waiting", 0]);
    await bench.passes(500);
    expect(bench.state?.status).toBe("talking");
    expect(bench.nodesAskedAt).toHaveLength(1);
    await bench.passes(60_000);
    expect(bench.nodesAskedAt).toHaveLength(1);
  });

  test("is asked for again when the worker is not found, at most every 5 seconds", async () => {
    await bench.toTalking();
    for (const one of relays.values()) one.isUp = false;
    relay("").dies();
    await bench.passes(60_000);
    const gaps = bench.nodesAskedAt.slice(1).map((at, i) => at - (bench.nodesAskedAt[i] ?? 0));
    expect(gaps.length).toBeGreaterThan(4);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(5_000);
  });

  test("is not asked for without a network", async () => {
    await bench.toTalking();
    await bench.passes(6_000);
    bench.online = false;
    relay("").dies();
    await bench.passes(30_000);
    expect(bench.nodesAskedAt).toHaveLength(1);
  });

  test("that cannot be had, or names nobody who can be reached, changes nothing", async () => {
    const nodes = new Nodes(bench);
    const asked = async (answer: readonly Node[] | undefined): Promise<readonly string[]> => {
      bench.nodes = answer;
      nodes.ask();
      await bench.passes(5_000);
      return nodes.inOrderOf(ROUTE);
    };
    expect(await asked(undefined)).toEqual([""]);
    expect(await asked([{ name: "z", at: "/n/z" }])).toEqual(["/n/z"]);
    expect(await asked(undefined)).toEqual(["/n/z"]);
    expect(await asked([{ name: "y", at: "http://y.onion" }])).toEqual(["/n/z"]);
  });

  test("leads by way of Tor to those who came so, and to nobody else", async () => {
    const onion = "http://a.onion";
    bench.nodes = [
      { name: "a", at: "https://a.example", onion },
      { name: "b", at: "/n/b" },
      { name: "c", at: "https://c.example" },
    ];
    const reached = async (origin: string): Promise<readonly string[]> => {
      bench.origin = origin;
      const nodes = new Nodes(bench);
      nodes.ask();
      await bench.passes(0);
      return [...nodes.inOrderOf(ROUTE)].sort();
    };
    expect(await reached("http://relay.onion")).toEqual(["/n/b", onion]);
    expect(await reached("https://relay.example")).toEqual([
      "/n/b",
      "https://a.example",
      "https://c.example",
    ]);
  });

  test("may name more than are tried", async () => {
    bench.nodes = Array.from({ length: 9 }, (_, i) => ({ name: `${i}`, at: `/n/${i}` }));
    const nodes = new Nodes(bench);
    nodes.ask();
    await bench.passes(0);
    const first = inOrderOf(ROUTE, bench.nodes).map(({ at }) => at);
    expect(nodes.inOrderOf(ROUTE)).toEqual(first.slice(0, 4));
  });
});

describe("a page whose line has broken", () => {
  test("goes on at the first node of the order", async () => {
    await bench.toTalking();
    await bench.passes(5_000);
    relay("").dies();
    await bench.passes(200);
    expect(tried()).toEqual([order()[0]]);
    expect(bench.talking.line).toBe("joined");
    mira.say("still here");
    await bench.passes(200);
    expect(bench.talking.entries).toMatchObject([{ text: "still here" }]);
  });

  test("goes to the next at once while nodes do not answer, and waits between rounds alone", async () => {
    await bench.toTalking();
    await bench.passes(5_000);
    for (const at of order().slice(0, 2)) relay(at).isUp = false;
    relay("").dies();
    await bench.passes(200);
    expect(tried()).toEqual(order());
    expect(bench.linesShown).toEqual(["joined"]);

    await bench.passes(6_000);
    for (const one of relays.values()) one.dies();
    await bench.passes(200);
    expect(tried().slice(3)).toEqual(order());
    await bench.passes(10_000);
    const rounds = (tried().length - 3) / 3;
    expect(rounds).toBeGreaterThan(4);
    expect(rounds).toBeLessThan(40);
  });

  test("gives up a node that says nothing sooner when there are others", async () => {
    await bench.toTalking();
    await bench.passes(5_000);
    const [first = "", second] = order();
    relay(first).isUp = true;
    const passOn = bench.onSocket;
    bench.onSocket = (socket) => {
      if (!socket.address.startsWith(first)) passOn(socket);
    };
    relay("").dies();
    await bench.passes(4_500);
    expect(tried()).toEqual([first, second]);
    expect(bench.talking.line).toBe("joined");
  });

  test("finds a worker who sees other nodes, within seconds, and nothing flickers", async () => {
    await bench.toTalking();
    await bench.passes(5_000);
    const [, , last = ""] = order();
    miraIsAtOnly(last);
    relay("").dies();
    await bench.passes(7_500);
    expect(bench.talking.line).toBe("joined");
    expect(tried()).toEqual(order());
    expect(bench.linesShown).toEqual(["joined", "advisor-away", "joined"]);
  });

  test("goes round, staying longer each time, while the worker is nowhere", async () => {
    await bench.toTalking();
    await bench.passes(5_000);
    relay("").dies();
    for (const one of relays.values()) one.goes(mira);
    const at: number[] = [];
    const passOn = bench.onSocket;
    bench.onSocket = (socket) => {
      at.push(bench.elapsedMilliseconds());
      passOn(socket);
    };
    await bench.passes(180_000);
    const stays = at.slice(1).map((moment, i) => Math.round((moment - (at[i] ?? 0)) / 1_000));
    const rounds = [stays.slice(0, 3), stays.slice(3, 6), stays.slice(6, 9), stays.slice(9, 12)];
    for (const [i, round] of rounds.entries()) {
      const stay = 2 * 2 ** i;
      for (const seconds of round) expect(seconds).toBeGreaterThanOrEqual(stay);
      for (const seconds of round) expect(seconds).toBeLessThanOrEqual(stay + 1);
    }
    expect(Math.max(...stays)).toBeLessThanOrEqual(17);
    expect(bench.openSockets).toHaveLength(1);
    expect(bench.linesShown).toEqual(["joined", "advisor-away"]);
  });

  test("begins at the first again after it has met the worker", async () => {
    await bench.toTalking();
    await bench.passes(5_000);
    const [first = "", second = ""] = order();
    relay(first).isUp = false;
    relay("").dies();
    await bench.passes(6_000);
    expect(tried()).toEqual([first, second]);
    const [firstNow = ""] = order();
    relay(first).isUp = true;
    bench.socket.breaks();
    await bench.passes(3_000);
    expect(tried()[2]).toEqual(firstNow);
    expect(bench.talking.line).toBe("joined");
  });
});

test("a relay that is alone is met as ever", async () => {
  bench.nodes = [{ name: "", at: "" }];
  await bench.toTalking();
  await bench.passes(5_000);
  relay("").goes(mira);
  await bench.passes(30_000);
  expect(bench.sockets.slice(1).every(({ address }) => address === "/ws/rejoin")).toBe(true);
  expect(bench.sockets.length).toBeLessThan(5);
});
