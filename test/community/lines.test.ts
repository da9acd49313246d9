import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readLines, writeLines } from "../../shared/community/line-list.ts";

describe("lines to leave out", () => {
  it("[LN-33] are written short and read back as the same lines", () => {
    expect(writeLines([9, 3, 7, 8, 7])).toBe("3,7-9");
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 400 })), (lines) => {
        expect(readLines(writeLines(lines))).toEqual(new Set(lines));
      }),
    );
  });

  it.each(["a", "3,", "3-", "9-7", "0", "1-9999999", "3;4", " 3", "3,3", "1-9,2", "1-1048576,1-1048576"])(
    "[LN-33] %j is no list of lines",
    (text) => {
      expect(readLines(text)).toBeNull();
    },
  );
});
