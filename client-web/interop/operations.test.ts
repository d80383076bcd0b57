// Any list of things that happen to two ends of different languages. One that does harm is shrunk to its core.

import fc from "fast-check";
import { it } from "vitest";
import type { Side } from "../src/protocol/conduct.ts";
import type { Cover } from "../src/protocol/pacer.ts";
import { type Operation, Pair } from "./pair.ts";
import { SEED } from "./random.ts";

const LISTS = 64;
const OPERATIONS_MAX = 300;
const TIMEOUT = 900_000;

const side = fc.constantFrom<Side>("client", "worker");
const which = fc.nat(10_000);
const length = fc.oneof(
  { weight: 6, arbitrary: fc.nat(300) },
  { weight: 2, arbitrary: fc.integer({ min: 900, max: 3000 }) },
  { weight: 1, arbitrary: fc.nat(40_000) },
);
/** Slots, and from time to time so long that secrets are renewed. */
const milliseconds = fc.oneof(
  { weight: 9, arbitrary: fc.nat(3000) },
  { weight: 1, arbitrary: fc.integer({ min: 500_000, max: 700_000 }) },
);
const type = <Type extends Operation["type"]>(...types: Type[]): fc.Arbitrary<Type> =>
  fc.constantFrom(...types);

const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: type("say"), side, length }) },
  { weight: 10, arbitrary: fc.record({ type: type("pass"), milliseconds }) },
  { weight: 24, arbitrary: fc.record({ type: type("arrive"), side, which }) },
  { weight: 6, arbitrary: fc.record({ type: type("lose", "double"), side, which }) },
  { weight: 1, arbitrary: fc.record({ type: type("damage"), side, which, bit: fc.nat(8191) }) },
  { weight: 3, arbitrary: fc.record({ type: type("replay"), side, which }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: type("cover"), side, cover: fc.constantFrom<Cover>("steady", "sparing") }),
  },
  { weight: 1, arbitrary: fc.record({ type: type("cut"), isAllLost: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ type: type("join") }) },
);
const operations = fc.array(operation, { maxLength: OPERATIONS_MAX, size: "max" });

it("whatever happens, everything arrives once and in order", { timeout: TIMEOUT }, async () => {
  const everythingArrives = fc.asyncProperty(operations, async (list) => {
    const pair = await Pair.begin();
    try {
      for (const each of list) await pair.run(each);
      await pair.complete();
    } finally {
      await pair.stop();
    }
  });
  await fc.assert(everythingArrives, { seed: SEED | 0, numRuns: LISTS });
});
