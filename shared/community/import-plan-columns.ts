import {
  type Column,
  type ImportKind,
  importLimits,
  type Recognised,
  type TableRefusal,
  type TableRow,
} from "./import-plan-table.ts";

/**
 * The headers people use, best first: where two headers of a file mean the same column, the earlier word wins and
 * the other column is left alone.
 */
const headers: Readonly<Record<Column, readonly string[]>> = {
  building: [
    "楼栋",
    "栋",
    "栋号",
    "楼栋号",
    "幢",
    "幢号",
    "座",
    "楼号",
    "号楼",
    "楼幢",
    "building",
    "bldg",
    "block",
  ],
  unit: ["单元", "单元号", "unit"],
  door: [
    ..."门牌号 门牌 房号 房间号 户号 门号 房门号 房屋 房屋编号 室号 室 房间 号 住址 地址 家庭住址 详细地址".split(
      " ",
    ),
    ..."door,door number,door no,household,room,room number,flat,apartment,address".split(","),
  ],
  area: [
    ..."建筑面积 面积 产权面积 房屋面积 专有面积 套内面积".split(" "),
    ..."area,floor area,area m2,floor area m2".split(","),
  ],
  contact: [
    ..."联系方式 联系电话 电话 手机 手机号 手机号码 电话号码 联系人电话".split(" "),
    ..."contact,phone,telephone,mobile".split(","),
  ],
  title: [
    ..."物品 物品名称 东西 名称 品名 物品名 共享物品 可借物品".split(" "),
    ..."item,title,name,item name".split(","),
  ],
  category: ["类别", "分类", "物品类别", "物品分类", "种类", "类型", "category", "kind", "type"],
  quantity: ["数量", "件数", "个数", "quantity", "qty", "count"],
  note: ["备注", "说明", "备注说明", "要求", "借用要求", "note", "notes", "remark", "remarks", "comment"],
};

const columnsOf: Readonly<Record<ImportKind, readonly Column[]>> = {
  households: ["building", "unit", "door", "area", "contact"],
  items: ["building", "unit", "door", "title", "category", "quantity", "note"],
};

/** Without the marks around a header: `*建筑面积（㎡）：` is `建筑面积`. */
const bareHeader = (cell: string) =>
  cell
    .normalize("NFKC")
    .replace(/[(（[【<].*$/s, "")
    .replace(/[\s*:：]+/g, " ")
    .trim()
    .toLowerCase()
    .replace(/(?<=\p{Script=Han}) (?=\p{Script=Han})/gu, "")
    .replace(/(?:\/|)(?:m2|平方米|平米)$/, "")
    .trim();

export const isBlank = (row: TableRow) => row.cells.every((cell) => cell.trim() === "");

/**
 * Finds the header, which may stand below title rows, and says which column means what.
 * A file of households needs a door column; a file of items a door and a title.
 */
export function recogniseColumns(
  kind: ImportKind,
  rows: readonly TableRow[],
): { ok: true; recognised: Recognised } | { ok: false; refusal: TableRefusal } {
  const candidates = rows.filter((row) => !isBlank(row)).slice(0, importLimits.rowsBeforeHeader);
  if (candidates.length === 0) return { ok: false, refusal: { code: "table-empty" } };
  const needed: readonly Column[] = kind === "items" ? ["door", "title"] : ["door"];
  let nearest: { found: number; missing: Column } | undefined;
  for (const row of candidates) {
    const recognised = readHeader(kind, row);
    const known = Object.keys(recognised.columns).length;
    const missing = needed.find((column) => recognised.columns[column] === undefined);
    const told = row.cells.filter((cell) => cell.trim() !== "").length;
    // A title such as "地址" alone in its row is no header; a file with one column all in all may have one.
    if (missing === undefined && (told > 1 || kind === "households")) return { ok: true, recognised };
    if (missing !== undefined && known > 1 && known > (nearest?.found ?? 0))
      nearest = { found: known, missing };
  }
  return {
    ok: false,
    refusal: nearest
      ? { code: "table-column-missing", params: { column: nearest.missing } }
      : { code: "table-no-header", params: { rows: candidates.length } },
  };
}

function readHeader(kind: ImportKind, row: TableRow): Recognised {
  const found = row.cells.map((cell, index) => ({ index, header: cell.trim(), bare: bareHeader(cell) }));
  const columns: Recognised["columns"] = {};
  for (const column of columnsOf[kind]) {
    const best = headers[column].map((word) => found.find(({ bare }) => bare === word)).find(Boolean);
    if (best) columns[column] = { index: best.index, header: best.header };
  }
  const used = new Set(Object.values(columns).map(({ index }) => index));
  const ignored = found
    .filter(({ index, header }) => header !== "" && !used.has(index))
    .map(({ header }) => header);
  return { headerLine: row.line, columns, ignored };
}
