import { defineConfig } from "vitest/config";

export default defineConfig({
  // Style sheets are read by the test of their contrast.
  test: { include: ["test/unit/**/*.test.ts"], setupFiles: ["test/unit/languages.ts"], css: true },
});
