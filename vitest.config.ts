import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts", "test/**/*.test.tsx"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: "forks",
    // One more than the cores of a small machine: much of a test is waiting for a service, a timer or a page.
    maxWorkers: 3,
    globalSetup: ["test/services/global-setup.ts"],
    reporters: ["default"],
  },
});
