import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/gallery.ts", "src/shots.ts"],
    fileParallelism: false,
    maxWorkers: 1,
    retry: 0,
    testTimeout: 300_000,
  },
});
