// From data to the text of a proposal, the body of an issue or a mail: a heading of level 3 with the field's title,
// a blank line, the value. hooks/catalog/editing/proposals.py reads it; a test compares.

export const REMOVE = "(entfernen)";

const section = (title, value) => `### ${title}\n\n${value}\n\n`;

function labelled(field, value) {
  if (field.kind === "flag") return value === "true" ? "ja" : "nein";
  return field.choices?.find(([key]) => key === value)?.[1] ?? value;
}

function cells(fields, data) {
  return fields.flatMap((field) => {
    const value = data?.[field.key];
    if (field.kind === "part") return cells(field.parts, value);
    return [value ? labelled(field, value).replaceAll("|", "\\|").replaceAll("\n", " ") : ""];
  });
}

function line(fields, data) {
  const values = cells(fields, data);
  while (values.length && !values.at(-1)) values.pop();
  return values.join(" | ");
}

// A field's value as people read it in a proposal.
export function valueText(field, value) {
  if (field.kind === "part") return (field.many ? value : [value]).map((entry) => line(field.parts, entry)).join("\n");
  return field.many ? value.map((entry) => labelled(field, entry)).join("\n") : labelled(field, value);
}

const said = (fields, data, before = "") =>
  fields.filter((field) => data[field.key]?.length || Object.keys(data[field.key] ?? {}).length)
    .map((field) => section(`${before}${field.title}`, valueText(field, data[field.key]))).join("");

// Everything but the text, which goes last since it may hold headings of its own.
const apart = (fields, key) => fields.filter((field) => field.key !== key);

function comingAlong({ fields, legends }, along) {
  return Object.entries(along).map(([kind, data]) => said(fields[kind], data, `${legends[kind]}: `)).join("");
}

// A new measure; `measure` holds partner, id and text beside the record's own keys, `along` new records by kind.
export function proposalText(description, measure, along) {
  const { measure: fields } = description.fields;
  const text = fields.find((field) => field.key === "text");
  return said(apart(fields, "text"), measure) + comingAlong(description, along) + section(text.title, (measure.text ?? "").trim());
}

// What changes in a measure, each with the value that the proposer saw.
export function correctionText(description, ref, before, after, along) {
  const { measure: fields } = description.fields;
  const changed = fields.filter((field) => JSON.stringify(before[field.key]) !== JSON.stringify(after[field.key]));
  const value = (field, data) => (data[field.key] === undefined || data[field.key] === "" ? "" : valueText(field, data[field.key]));
  const now = (field) => section(field.title, value(field, after) || REMOVE);
  const then = (field) => (value(field, before) ? section(`${field.title} (bisher)`, value(field, before)) : "");
  const texts = changed.filter((field) => field.key === "text");
  return section("Maßnahme", ref) + apart(changed, "text").map((field) => now(field) + then(field)).join("") +
    comingAlong(description, along) + texts.map((field) => then(field) + now(field)).join("");
}
