import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["*.test.ts", "src/*.test.ts"],
    // Two files at a time, each with a browser and a relay of its own: for most of it they wait for slots.
    maxWorkers: 2,
    retry: 0,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
