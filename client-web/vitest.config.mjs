import { defineConfig } from "vitest/config";
import { compileFluent } from "./fluent.mjs";

export default defineConfig({
  plugins: [
    {
      name: "fluent",
      transform: (source, id) => (id.endsWith(".ftl") ? compileFluent(source, id) : undefined),
    },
  ],
  test: { include: ["src/**/*.test.ts"] },
});
