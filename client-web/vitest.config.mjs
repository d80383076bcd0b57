import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [
    {
      name: "ftl-as-text",
      transform: (source, id) =>
        id.endsWith(".ftl") ? `export default ${JSON.stringify(source)};` : undefined,
    },
  ],
  test: { include: ["src/**/*.test.ts"] },
});
