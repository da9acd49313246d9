import { afterEach, describe, expect, it } from "vitest";
import {
  createTableFiles,
  mostTableFiles,
  type TableFiles,
} from "../../server/community/files/table-files.ts";
import { templateTable } from "../../shared/community/export.ts";
import { importLimits } from "../../shared/community/import-plan-table.ts";
import { sheetRow, workbook } from "./workbook.ts";

let files: TableFiles | undefined;

afterEach(async () => {
  await files?.close();
});

/** Ten thousand rows, each with one cell in the last column: small as a file, vast as a table. */
const sparse = () =>
  workbook({
    表: Array.from(
      { length: 10_000 },
      (_, index) => `<row r="${index + 1}"><c r="XFD${index + 1}" t="inlineStr"><is><t>x</t></is></c></row>`,
    ).join(""),
  });

describe("reading and writing apart", () => {
  it("[LN-24] writes and reads a table in a thread of its own", async () => {
    files = createTableFiles();
    const file = await files.write(templateTable("items", "zh-CN"), "xlsx");
    const result = await files.read(file.bytes);
    expect(result.ok && result.rows[0]?.cells).toEqual(["门牌", "物品", "类别", "数量", "备注"]);
  });

  it("[LN-22] [LN-24] ends a file that asks for too much memory, and reads the next", async () => {
    files = createTableFiles({ heapMb: 64 });
    const bytes = sparse();
    expect(bytes.length).toBeLessThan(importLimits.fileBytes);
    const greedy = files.read(bytes);
    const honest = files.read(workbook({ 表: sheetRow(1, "门牌") }));
    const refusal = { code: "file-too-large", params: { most: importLimits.unpackedBytes } };
    expect(await greedy).toEqual({ ok: false, refusal });
    expect((await honest).ok).toBe(true);
  });

  it("[LN-24] ends a file that takes longer than its deadline", async () => {
    files = createTableFiles({ deadline: 0 });
    const result = await files.read(workbook({ 表: sheetRow(1, "门牌") }));
    expect(result).toEqual({ ok: false, refusal: { code: "file-took-too-long" } });
  });

  it("[LN-24] goes on serving while a file is read", async () => {
    files = createTableFiles();
    let turns = 0;
    const turning = setInterval(() => (turns += 1), 1);
    const rows = Array.from({ length: 15_000 }, (_, index) =>
      sheetRow(index + 1, `3-2-${index}`, "物品"),
    ).join("");
    const result = await files.read(workbook({ 表: rows }));
    clearInterval(turning);
    expect(result.ok).toBe(true);
    expect(turns).toBeGreaterThan(5);
  });

  it("[LN-24] refuses more files than may wait, and takes others when there is room", async () => {
    files = createTableFiles();
    const table = templateTable("items", "zh-CN");
    const written = Array.from({ length: mostTableFiles }, () => files?.write(table, "csv"));
    await expect(files.write(table, "csv")).rejects.toMatchObject({ code: "rate-limited" });
    await written[0];
    expect((await files.write(table, "csv")).extension).toBe(".csv");
    await Promise.all(written);
  });

  it("[LN-24] begins nothing after it was closed", async () => {
    files = createTableFiles();
    await files.close();
    expect(await files.read(workbook({ 表: sheetRow(1, "门牌") }))).toMatchObject({ ok: false });
  });
});
