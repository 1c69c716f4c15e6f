// Cuts the table of all measures down to some of its rows, as CSV or as an Excel workbook.
//
// A workbook is a ZIP archive of a few XML files. The archive is stored without compression, which needs no
// library; the format is that of ECMA-376 with the texts inside the cells.

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const OPEN = "http://schemas.openxmlformats.org";
const PARTS = {
  "[Content_Types].xml": `<Types xmlns="${OPEN}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
  "_rels/.rels": `<Relationships xmlns="${OPEN}/package/2006/relationships"><Relationship Id="rId1" Type="${OPEN}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  "xl/_rels/workbook.xml.rels": `<Relationships xmlns="${OPEN}/package/2006/relationships"><Relationship Id="rId1" Type="${OPEN}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
  "xl/workbook.xml": `<workbook xmlns="${OPEN}/spreadsheetml/2006/main" xmlns:r="${OPEN}/officeDocument/2006/relationships"><sheets><sheet name="Maßnahmen" sheetId="1" r:id="rId1"/></sheets></workbook>`,
};

// The cells of one line of CSV with semicolons; a quoted cell may hold some.
function cells(line) {
  return [...line.matchAll(/(?:^|;)(?:"((?:[^"]|"")*)"|([^;]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain);
}

// Give the reader the table of some measures, by their numbers and in their order, as a file. Returns what to say if there
// are none, else nothing.
export async function saveMeasures(kind, root, numbers) {
  if (!numbers.length) return "Darunter ist keine Maßnahme dieser Wissensbasis. Es gibt nichts herunterzuladen.";
  const answer = await fetch(new URL("massnahmen/massnahmen.csv", root));
  if (!answer.ok) throw new Error(answer.url);
  const [head, ...rows] = (await answer.text()).replace(/^\uFEFF/, "").split("\r\n");
  const lines = [head, ...numbers.map((number) => rows[number])];
  const address = URL.createObjectURL(kind === "csv" ? csvFile(lines) : xlsxFile(lines));
  Object.assign(document.createElement("a"), { href: address, download: `massnahmen.${kind}` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
  return "";
}

function csvFile(lines) {
  return new Blob(["\uFEFF", lines.map((line) => `${line}\r\n`).join("")], { type: "text/csv;charset=utf-8" });
}

function escaped(text) {
  return text.replace(/[&<>]/g, (mark) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[mark]);
}

function sheet(lines) {
  const rows = lines.map((line) =>
    `<row>${cells(line).map((cell) => `<c t="inlineStr"><is><t xml:space="preserve">${escaped(cell)}</t></is></c>`).join("")}</row>`);
  return `<worksheet xmlns="${OPEN}/spreadsheetml/2006/main"><sheetData>${rows.join("")}</sheetData></worksheet>`;
}

function xlsxFile(lines) {
  const parts = { ...PARTS, "xl/worksheets/sheet1.xml": sheet(lines) };
  const files = Object.entries(parts).map(([name, text]) => [name, XML + text]);
  return new Blob(archive(files), { type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" });
}

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function checksum(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) value = CRC[(value ^ byte) & 0xff] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

// Numbers as ZIP writes them: [size in bytes, value], lowest byte first.
function packed(...fields) {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [size]) => sum + size, 0)));
  let at = 0;
  for (const [size, value] of fields) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  }
  return new Uint8Array(view.buffer);
}

// A ZIP archive of stored files (APPNOTE 4.3): each file behind its header, then the directory, then its end.
function archive(files) {
  const utf8 = new TextEncoder();
  const content = [];
  const directory = [];
  let offset = 0;
  for (const [name, text] of files) {
    const bytes = utf8.encode(text);
    const path = utf8.encode(name);
    // Version 2.0, names in UTF-8, stored, 1 January 1980.
    const about = [[2, 20], [2, 0x0800], [2, 0], [2, 0], [2, 0x21], [4, checksum(bytes)], [4, bytes.length], [4, bytes.length], [2, path.length], [2, 0]];
    const header = packed([4, 0x04034b50], ...about);
    content.push(header, path, bytes);
    directory.push(packed([4, 0x02014b50], [2, 20], ...about, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]), path);
    offset += header.length + path.length + bytes.length;
  }
  const length = directory.reduce((sum, part) => sum + part.length, 0);
  return [...content, ...directory, packed([4, 0x06054b50], [2, 0], [2, 0], [2, files.length], [2, files.length], [4, length], [4, offset], [2, 0])];
}
