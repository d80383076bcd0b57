import { defineConfig } from "vitest/config";
import { fluentForVite } from "./fluent.mjs";
import { safetyWords } from "./languages.mjs";

export default defineConfig(async () => ({
  plugins: [fluentForVite],
  define: { PHRASES: JSON.stringify(await safetyWords(import.meta.dirname)) },
  test: { include: ["src/**/*.test.ts"] },
}));
