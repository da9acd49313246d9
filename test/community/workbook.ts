import { deflateRawSync } from "node:zlib";
import { packZip } from "../../server/community/files/zip.ts";

const inXml = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** The parts of a small XLSX file, to be packed as they are or tampered with. */
export function workbookParts(sheets: Record<string, string>): [string, Buffer][] {
  const names = Object.keys(sheets);
  const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const parts: Record<string, string> = {
    "[Content_Types].xml": "<Types/>",
    "xl/workbook.xml": `<workbook xmlns="${main}" xmlns:r="${relations}"><sheets>${names
      .map((name, index) => `<sheet name="${name}" sheetId="${index + 1}" r:id="r${index + 1}"/>`)
      .join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `<Relationships>${names
      .map(
        (_, index) =>
          `<Relationship Id="r${index + 1}" Type="${relations}/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`,
      )
      .join("")}</Relationships>`,
  };
  names.forEach((name, index) => {
    parts[`xl/worksheets/sheet${index + 1}.xml`] =
      `<worksheet xmlns="${main}"><sheetData>${sheets[name]}</sheetData></worksheet>`;
  });
  return Object.entries(parts).map(([name, text]) => [name, Buffer.from(text)]);
}

/** A row of text cells from column A on; blank cells are left out. */
export const sheetRow = (row: number, ...cells: string[]) =>
  `<row r="${row}">${cells
    .map((text, index) =>
      text === ""
        ? ""
        : `<c r="${String.fromCharCode(65 + index)}${row}" t="inlineStr"><is><t>${inXml(text)}</t></is></c>`,
    )
    .join("")}</row>`;

export const workbook = (sheets: Record<string, string>): Buffer => packZip(workbookParts(sheets));

/** An archive of one deflated part whose stated unpacked size is a lie. */
export function lyingZip(name: string, part: Buffer, statedSize: number): Buffer {
  const packed = deflateRawSync(part);
  const zip = packZip([[name, packed]]);
  const entry = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]));
  zip.writeUInt16LE(8, 8);
  zip.writeUInt16LE(8, entry + 10);
  zip.writeUInt32LE(statedSize, 22);
  zip.writeUInt32LE(statedSize, entry + 24);
  return zip;
}
