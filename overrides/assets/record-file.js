// From data to the text of a record's file, as hooks/catalog/writing.py writes it; a test compares the two.

// What Python takes for a blank; JavaScript's own idea of it is another one.
const BLANK = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const LEADING = new RegExp(`^[${BLANK}]+`, "u");
const TRAILING = new RegExp(`[${BLANK}]+$`, "u");

// Words without any sign that YAML could take for its own; a colon only inside a word, as in an address.
const PLAIN = new RegExp(
  `^[A-Za-zÄÖÜäöüß„(/](?:[^\\x00-\\x1f:#\\[\\]{},&*!|>'"%@\`\\\\]|,(?=[${BLANK}])|:(?=[^${BLANK}]))*$`, "u");
const IN_A_LIST = /^[A-Za-zÄÖÜäöüß][\p{L}\p{N}_ ./–-]*$/u;
// What YAML 1.1 reads as something other than text.
const MEANT_OTHERWISE = /^(?:true|false|yes|no|on|off|y|n|null|nan|inf)$/iu;
// Kinds whose values are written bare, as everybody writes them: dates, whole numbers, true and false, line ranges.
const WORD = /^[\p{L}\p{N}_./-]+$/u;
const BARE = new Map([["date", WORD], ["count", WORD], ["flag", WORD], ["lines", /^[0-9](?:[0-9, -]*[0-9])?$/]]);

export const strip = (text) => text.replace(LEADING, "").replace(TRAILING, "");

export function scalar(value, kind = "line", insideList = false) {
  if (BARE.get(kind)?.test(value)) return value;
  const plain = (insideList ? IN_A_LIST : PLAIN).test(value) && value === strip(value);
  return plain && !MEANT_OTHERWISE.test(value) && !value.endsWith(",") ? value : JSON.stringify(value);
}

function entry(field, value) {
  if (!value?.length && (field.kind !== "part" || field.many || !Object.keys(value ?? {}).length)) return [];
  if (field.kind === "part") {
    const [first, next] = field.many ? ["  - ", "    "] : ["  ", "  "];
    const entries = field.many ? value : [value];
    return [`${field.key}:`, ...entries.flatMap((said) =>
      frontMatter(field.parts, said).map((line, number) => `${number ? next : first}${line}`))];
  }
  if (field.many && field.kind === "line") return [`${field.key}:`, ...value.map((said) => `  - ${scalar(said)}`)];
  if (field.many) return [`${field.key}: [${value.map((said) => scalar(said, field.kind, true)).join(", ")}]`];
  const said = strip(value);
  if (!said.includes("\n")) return [`${field.key}: ${scalar(said, field.kind)}`];
  return [`${field.key}: |`, ...said.split("\n").map((line) => `  ${line}`.replace(TRAILING, ""))];
}

// The lines of the front matter, without the fences.
export function frontMatter(fields, data) {
  return fields.flatMap((field) => entry(field, Object.hasOwn(data, field.key) ? data[field.key] : undefined));
}

// A record's file: fields in their order, values by key (strings, lists, mappings), the Markdown below.
export function recordFile(fields, data, text) {
  return ["---", ...frontMatter(fields, data), "---", ...[strip(text)].filter(Boolean), ""].join("\n");
}
