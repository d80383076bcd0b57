import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { sampleLeaflets } from "./gallery-cards.ts";
import { type Reading, topicsOf } from "./reading.ts";
import { Bench } from "./testing.ts";

let bench: Bench;

beforeEach(() => {
  vi.useFakeTimers();
  bench = new Bench();
});

afterEach(() => {
  vi.useRealTimers();
});

const shown = (): Reading | undefined =>
  bench.state && "card" in bench.state ? bench.state.reading : undefined;

describe("leaflets", () => {
  test("stand under their topics, in the service's order; unknown topics are something else", () => {
    const leaflet = (id: string, topic: string) =>
      ({ id, topic, kind: "leaflet", title: id, body: id }) as const;
    const topics = topicsOf([
      leaflet("a", "safer_use"),
      leaflet("b", "danger"),
      leaflet("c", "moon"),
      leaflet("d", "safer_use"),
    ]);
    expect(topics.map(({ subject, leaflets }) => [subject, leaflets.map(({ id }) => id)])).toEqual([
      ["saferUse", ["a", "d"]],
      ["overdose", ["b"]],
      ["other", ["c"]],
    ]);
  });

  test("are not fetched until somebody asks for them, whatever the person waits for", async () => {
    bench.readings = [sampleLeaflets("ru")];
    await bench.toKnock();
    await bench.passes(60_000);
    expect(bench.readingsAsked).toEqual([]);
    expect(shown()).toBeUndefined();
  });

  test("asked for in the welcome are still there for who waits", async () => {
    bench.readings = [sampleLeaflets("ru")];
    await bench.toWelcome();
    const reading = bench.visit.read("ru");
    expect(shown()).toEqual({ language: "ru", stage: "fetching" });
    await reading;
    expect(shown()).toEqual(sampleLeaflets("ru"));
    bench.visit.start("ru");
    expect(bench.state).toMatchObject({ status: "waiting", reading: sampleLeaflets("ru") });
    expect(bench.readingsAsked).toEqual(["ru"]);
  });

  test("that come late do not take the place of those in another language", async () => {
    await bench.toWelcome();
    let late: (reading: Reading) => void = () => undefined;
    bench.fetchLeaflets = () => new Promise((resolve) => (late = resolve));
    const first = bench.visit.read("ru");
    bench.fetchLeaflets = () => Promise.resolve(sampleLeaflets("uk"));
    await bench.visit.read("uk");
    late(sampleLeaflets("ru"));
    await first;
    expect(shown()).toEqual(sampleLeaflets("uk"));
  });

  test("can be read by who finds no place", async () => {
    await bench.toKnock();
    bench.socket.breaksFor("crowded");
    bench.readings = [sampleLeaflets("en")];
    await bench.visit.read("en");
    expect(bench.state).toMatchObject({ status: "refused", again: { reading: sampleLeaflets("en") } });
  });

  test("are gone with the link", async () => {
    await bench.toWelcome();
    bench.visit.abandon();
    await bench.visit.read("en");
    expect(bench.readingsAsked).toEqual([]);
  });
});
