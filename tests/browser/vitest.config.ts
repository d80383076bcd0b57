import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["*.test.ts", "src/*.test.ts"],
    // One browser and one relay at a time: what is measured here is behaviour, not luck.
    fileParallelism: false,
    maxWorkers: 1,
    retry: 0,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
