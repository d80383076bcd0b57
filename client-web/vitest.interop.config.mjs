import { defineConfig } from "vitest/config";

// Needs a program of the Rust crates: `cargo xtask test interop` builds it first.
export default defineConfig({
  test: { include: ["interop/*.test.ts"] },
});
