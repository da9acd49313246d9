import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeTable } from "../../server/community/files/decode.ts";
import { packZip } from "../../server/community/files/zip.ts";
import { doorKey } from "../../shared/community/door.ts";
import { planHouseholds } from "../../shared/community/import-plan-households.ts";
import { planItems } from "../../shared/community/import-plan-items.ts";
import { importLimits } from "../../shared/community/import-plan-table.ts";
import { doorOf, planOf } from "./table-rows.ts";
import { lyingZip, sheetRow, workbook, workbookParts } from "./workbook.ts";

const sample = (name: string) => readFile(new URL(`samples/${name}`, import.meta.url));

async function decoded(bytes: Buffer) {
  const result = await decodeTable(bytes);
  if (!result.ok) throw new Error(JSON.stringify(result.refusal));
  return result;
}

async function refusal(bytes: Buffer | string) {
  const result = await decodeTable(Buffer.from(bytes));
  return result.ok ? result.rows : result.refusal;
}

const cellsOf = async (bytes: Buffer) => (await decoded(bytes)).rows.map(({ cells }) => cells);

describe("files that community offices have", () => {
  it("[LN-19] reads a household list that Chinese Windows saved as GB18030", async () => {
    const { rows, source } = await decoded(await sample("households-gb18030.csv"));
    expect(source).toEqual({ format: "csv", encoding: "gb18030", separator: "," });
    const { recognised, add, same, bad } = planOf(planHouseholds([], rows));
    expect(recognised.headerLine).toBe(3);
    expect(add.map((one) => [one.line, doorKey(one), one.area, one.contact])).toEqual([
      [4, "1-1-101", 6850, "13800000001"],
      [5, "1-1-102", 6850, null],
      [7, "1-2-201", 9240, null],
      [8, "㐂苑3-1-301", 12_000, null],
      [9, "2-1-501", 108_950, null],
    ]);
    expect([same, bad]).toEqual([[10], []]);
  });

  it("[LN-9] [LN-20] reads a workbook with a title, merged cells and an empty first sheet", async () => {
    const { rows, source } = await decoded(await sample("households-merged.xlsx"));
    expect(source).toEqual({ format: "xlsx", sheet: "住户表" });
    const { recognised, add, bad } = planOf(planHouseholds([], rows));
    expect(recognised.ignored).toEqual(["户主"]);
    expect(add.map((one) => [one.line, doorKey(one), one.area, one.contact])).toEqual([
      [3, "3-1-101", 8960, "13800000001"],
      [4, "3-1-102", 8960, null],
      [5, "3-2-501", 10_500, "13800000002"],
      [6, "3-2-502", null, null],
      [7, "4-1-101", 7000, null],
    ]);
    expect(bad).toEqual([
      { line: 9, reason: { code: "door-looks-like-date" }, value: "4栋 1单元 2003-02-05" },
    ]);
  });

  it("[LN-19] reads UTF-16 with tabs and a note of two lines", async () => {
    const { rows, source } = await decoded(await sample("items-utf16.csv"));
    expect(source).toEqual({ format: "csv", encoding: "utf-16le", separator: "\t" });
    const cells = ["1-1-101", "1-1-102"].map((key) => ({ householdId: key, ...doorOf(key), items: [] }));
    const { add, bad } = planOf(planItems(cells, rows));
    expect(bad).toEqual([]);
    expect(
      add.map(({ line, title, category, quantity, note }) => [line, title, category, quantity, note]),
    ).toEqual([
      [2, "螺丝刀", "tools", 2, "用完擦干净\n放回盒子"],
      [3, "童话书", "books", 1, ""],
      [4, "泡菜坛子", "kitchen", 2, ""],
    ]);
  });

  it("[LN-19] reads UTF-8 with and without byte order mark, and any of three separators", async () => {
    for (const separator of [",", ";", "\t"]) {
      for (const mark of ["", "\ufeff"]) {
        for (const end of ["\n", "\r\n", "\r"]) {
          const text = `${mark}门牌${separator}物品${end}3-2-501${separator}"锤子, 大; ""重"""${end}`;
          expect(await cellsOf(Buffer.from(text))).toEqual([
            ["门牌", "物品"],
            ["3-2-501", '锤子, 大; "重"'],
          ]);
        }
      }
    }
  });

  it("[LN-19] leaves a stray quote where it stands and counts blank lines", async () => {
    const { rows } = await decoded(Buffer.from('门牌,物品\n\n3-2-501,12" 螺丝\n'));
    expect(rows.map(({ line, cells }) => [line, cells])).toEqual([
      [1, ["门牌", "物品"]],
      [2, [""]],
      [3, ["3-2-501", '12" 螺丝']],
    ]);
  });

  it("[LN-20] takes the first sheet that is not empty and keeps the numbers of its rows", async () => {
    const bytes = workbook({
      空: "",
      表: sheetRow(3, "门牌", "", "物品") + sheetRow(7, "3-2-501", "", "a<b"),
    });
    const { rows, source } = await decoded(bytes);
    expect(source).toEqual({ format: "xlsx", sheet: "表" });
    const told = rows.filter(({ cells }) => cells.some((cell) => cell !== ""));
    expect(told).toEqual([
      { line: 3, cells: ["门牌", "", "物品"] },
      { line: 7, cells: ["3-2-501", "", "a<b"] },
    ]);
  });
});

describe("files that are no tables", () => {
  const compound = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);

  it.each<[string, Buffer | string, string]>([
    ["nothing", "", "file-empty"],
    ["blank lines", "\n,,\n  \n", "file-empty"],
    ["an old workbook", compound, "file-old-excel"],
    [
      "a workbook with a password",
      Buffer.concat([compound, Buffer.from("EncryptedPackage", "utf16le")]),
      "file-password",
    ],
    ["a web page", "<html><table><tr><td>1</td></tr></table></html>", "file-web-page"],
    ["a picture", Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), "file-not-a-table"],
    ["text with control characters", "a,b\n\u0000\u0001,c", "file-not-a-table"],
    [
      "a text document in an archive",
      packZip([["word/document.xml", Buffer.from("<w/>")]]),
      "file-not-a-table",
    ],
    ["half an archive", workbook({ 表: sheetRow(1, "x") }).subarray(0, 300), "file-damaged"],
    ["a workbook without its sheet", packZip(workbookParts({ 表: "" }).slice(0, 3)), "file-damaged"],
    ["an unclosed quote", '门牌,物品\n3-2-501,"锤子', "file-quote-open"],
    ["bytes of no encoding", Buffer.from([0x61, 0xff, 0xff, 0x0a]), "file-encoding-unknown"],
  ])("[LN-21] refuses %s by its name", async (_, bytes, code) => {
    expect(await refusal(bytes)).toMatchObject({ code });
  });

  it("[LN-22] refuses what is over a limit by the name of the limit", async () => {
    const { fileBytes, rows, columns, cellLength } = importLimits;
    expect(await refusal("x".repeat(fileBytes + 1))).toEqual({
      code: "file-too-large",
      params: { most: fileBytes },
    });
    expect(await refusal("x\n".repeat(rows + 1))).toEqual({
      code: "file-too-many-rows",
      params: { most: rows },
    });
    expect(await refusal("x\n".repeat(rows))).toHaveLength(rows);
    expect(await refusal(`${",".repeat(columns)}x`)).toEqual({
      code: "file-too-many-columns",
      params: { most: columns },
    });
    expect(await refusal(`a\n${"x".repeat(cellLength + 1)}`)).toEqual({
      code: "file-cell-too-long",
      params: { line: 2, most: cellLength },
    });
  });

  it("[LN-22] unpacks no more of an archive than the limit, whatever size it states", async () => {
    const bomb = lyingZip("xl/workbook.xml", Buffer.alloc(importLimits.unpackedBytes + 1, 0x20), 100);
    expect(bomb.length).toBeLessThan(importLimits.fileBytes);
    expect(await refusal(bomb)).toEqual({
      code: "file-too-large",
      params: { most: importLimits.unpackedBytes },
    });
  });

  it("[LN-23] answers any bytes with a table or a named refusal", async () => {
    const start = fc.constantFrom("", "PK\u0003\u0004", "\ufeff", '"', "<", "门牌,物品\n");
    const bytes = fc
      .tuple(start, fc.uint8Array({ maxLength: 400 }))
      .map(([text, rest]) => Buffer.concat([Buffer.from(text), rest]));
    const isTold = async (given: Buffer) => {
      const result = await decodeTable(given);
      return result.ok ? result.rows.length > 0 : result.refusal.code.startsWith("file-");
    };
    await fc.assert(fc.asyncProperty(bytes, isTold), { numRuns: 2_000 });
  });

  it("[LN-23] answers any damage to a workbook with a table or a named refusal", async () => {
    const whole = [
      await sample("households-merged.xlsx"),
      workbook({ 表: sheetRow(1, "门牌") + sheetRow(2, "3-2-1") }),
    ];
    const damage = fc.tuple(
      fc.constantFrom(...whole),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }),
      fc.option(fc.nat(), { nil: undefined }),
    );
    await fc.assert(
      fc.asyncProperty(damage, async ([file, changes, cut]) => {
        const bytes = Buffer.from(file);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        const result = await decodeTable(cut === undefined ? bytes : bytes.subarray(0, cut % bytes.length));
        expect(result.ok || result.refusal.code.startsWith("file-")).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
