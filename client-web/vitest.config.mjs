import { defineConfig } from "vitest/config";
import { fluentForVite } from "./fluent.mjs";

export default defineConfig({
  plugins: [fluentForVite],
  test: { include: ["src/**/*.test.ts"] },
});
