import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take the longest: begun last, one of them would be all that still runs. */
const long = /\/(chaos|full-disk|kill|leaks|sim|slow-readers|workloads)\.test\.ts$/;

/** Without a record of earlier runs, as in a fresh clone, Vitest knows of a file only how large it is. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => long.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts", "test/**/*.test.tsx"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: "forks",
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    globalSetup: ["test/services/global-setup.ts"],
    reporters: ["default"],
  },
});
