import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fromHex } from "./bytes.ts";
import { ALONE, inOrderOf, readDirectory } from "./nodes.ts";

interface Golden {
  readonly good: readonly string[];
  readonly bad: readonly string[];
  readonly orders: readonly { directory: string; route: string; order: readonly string[] }[];
}

const url = new URL("../../../protocol/tests/golden/nodes.json", import.meta.url);
const golden: Golden = JSON.parse(readFileSync(url, "utf8"));

describe("a directory of nodes", () => {
  it("is read when it is exactly one, as at the other end", () => {
    expect(golden.good.length).toBeGreaterThan(4);
    expect(readDirectory(golden.good[0] ?? "")).toEqual(ALONE);
    for (const text of golden.good) expect(readDirectory(text), text).toBeDefined();
  });

  it("is worth nothing otherwise", () => {
    expect(golden.bad.length).toBeGreaterThan(20);
    for (const text of golden.bad) expect(readDirectory(text), text.slice(0, 200)).toBeUndefined();
  });

  it("has the same order for a route at both ends", () => {
    expect(golden.orders.length).toBeGreaterThan(8);
    for (const { directory, route, order } of golden.orders) {
      const nodes = readDirectory(directory) ?? [];
      expect(inOrderOf(fromHex(route), nodes).map(({ name }) => name)).toEqual(order);
    }
  });
});
