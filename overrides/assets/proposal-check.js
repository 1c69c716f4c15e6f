// What is wrong with answers, in the words of the check that runs over all files: first what the published JSON Schema
// says, then what a schema cannot know and the site can.
import { Validator } from "./json-schema.js";

const ID = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const MAX_ID = 80;
const MOMENT = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/;
const [FIRST_YEAR, LAST_YEAR] = [1000, 2999];

// The id that a title stands for: „Sprachcafé Köln“ -> sprachcafe-koeln; empty if nothing is left.
export function slug(text) {
  const folded = text.toLowerCase().replace(/[äöüß]/g, (letter) => ({ ä: "ae", ö: "oe", ü: "ue", ß: "ss" })[letter]);
  const words = folded.normalize("NFKD").replace(/\p{M}/gu, "").match(/[a-z0-9]+/g) ?? [];
  return words.join("-").slice(0, MAX_ID).replace(/^-+|-+$/g, "");
}

// --- Dates as hooks/catalog/dates.py reads them ---

function ends(text) {
  const [, year, month, day] = MOMENT.exec(text) ?? [];
  if (!year) throw new Error(`„${text}“ ist kein Datum`);
  const [y, m, d] = [Number(year), Number(month ?? 1), Number(day ?? 1)];
  const last = new Date(Date.UTC(2000, m, 0));
  last.setUTCFullYear(y, m, 0);
  if (y < FIRST_YEAR || y > LAST_YEAR) throw new Error(`„${text}“ liegt nicht in den Jahren ${FIRST_YEAR} bis ${LAST_YEAR}`);
  if (m < 1 || m > 12 || d < 1 || d > last.getUTCDate()) throw new Error(`„${text}“ gibt es im Kalender nicht`);
  const two = (number) => String(number).padStart(2, "0");
  return [`${year}-${two(m)}-${two(d)}`, `${year}-${month ?? "12"}-${day ?? (month ? two(last.getUTCDate()) : "31")}`];
}

// What is wrong with a date or span; empty if nothing is.
export function dateFault(text) {
  try {
    const parts = text.split("/");
    if (parts.length > 2) return "Ein Zeitraum hat höchstens einen Schrägstrich";
    const [start, end] = parts.map((part) => (parts.length === 2 && part === ".." ? null : ends(part)));
    if (parts.length === 2 && !start && !end) return "Mindestens ein Ende muss angegeben sein";
    return start && end && end[1] < start[0] ? "Das Ende liegt vor dem Anfang" : "";
  } catch (error) {
    return error.message;
  }
}

// What 14.09.2020, 09/2020, 2017-2019 or „seit 2018“ means; empty if that is not clear.
export function dateMeant(text) {
  const valid = (found) => (found && !dateFault(found) ? found : "");
  if (text.startsWith("seit ")) {
    const since = text.slice(5).trim();
    return valid(`${dateMeant(since) || since}/..`);
  }
  const [, day, month, year] = /^(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})$/.exec(text) ?? [];
  if (day) return valid(`${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`);
  const written = text.replace(/^(\d{1,2})\/(\d{4})$/, (_, m, y) => `${y}-${m.padStart(2, "0")}`)
    .replace(/^(\d{4})\s*[-–]\s*(\d{4})$/, "$1/$2");
  return written === text ? "" : valid(written);
}

// --- Words that are spelled alike ---

function pairs(text) {
  const word = ` ${text.toLowerCase()} `;
  return new Set(Array.from({ length: word.length - 1 }, (_, at) => word.slice(at, at + 2)));
}

// The name that is spelled most like `text`, from [value, name, …] of what there is.
function nearest(text, known) {
  const wanted = pairs(text);
  const likeness = (name) => {
    const found = pairs(name);
    return (2 * [...found].filter((pair) => wanted.has(pair)).length) / (found.size + wanted.size);
  };
  const rated = known.map((names) => [Math.max(...names.map(likeness)), names[1] ?? names[0]]);
  const [rate, name] = rated.sort((one, other) => other[0] - one[0])[0] ?? [0];
  return rate >= 0.6 ? name : "";
}

const meantOr = (meant, otherwise) => (meant ? `Meinten Sie „${meant}“?` : otherwise);

// --- The schema ---

// A schema below others, whatever references and optional values lie between.
function inside(root, schema, step) {
  const seen = resolved(root, schema);
  return /^\d+$/.test(step) ? seen.items : seen.properties?.[step];
}

function resolved(root, schema) {
  if (schema?.$ref) return { ...resolved(root, root.$defs[schema.$ref.split("/").at(-1)]), ...schema };
  if (schema?.anyOf) return { ...resolved(root, schema.anyOf[0]), ...schema };
  return schema ?? {};
}

const at = (value, steps) => steps.reduce((found, step) => found?.[step], value);

// The data as YAML reads them: what says true is true.
function typed(fields, data) {
  const found = {};
  for (const field of fields) {
    const value = data[field.key];
    if (value === undefined) continue;
    if (field.kind === "flag") found[field.key] = value === "true";
    else if (field.kind === "part") found[field.key] = field.many ? value.map((entry) => typed(field.parts, entry)) : typed(field.parts, value);
    else found[field.key] = value;
  }
  return found;
}

function says(keyword, schema, value) {
  switch (keyword) {
    case "maxLength": return `Der Text hat ${[...value].length} Zeichen; erlaubt sind ${schema.maxLength}. Bitte kürzen.`;
    case "minItems": return "Die Liste ist leer. Bitte mindestens eine Angabe machen.";
    case "enum": return `„${value}“ ist nicht erlaubt. Erlaubt: ${schema.enum.join(", ")}.`;
    case "pattern": return wrongPattern(schema, value);
    case "type": return `„${value}“ ist nicht erlaubt. Bitte nur einen Wert angeben.`;
  }
  return "";
}

function wrongPattern(schema, value) {
  const complaint = (schema.patternErrorMessage ?? "geht über mehrere Zeilen. Bitte in eine Zeile schreiben.").replace(/^Die Angabe /, "");
  const meant = schema.examples && dateMeant(value);
  // The first sentence says what is wrong, the others how it should be.
  return `„${value}“ ${meant ? `${complaint.split(". ")[0]}. Meinten Sie „${meant}“?` : complaint}`;
}

function* schemaFaults(fields, data, schema) {
  const value = typed(fields, data);
  const { errors } = new Validator(schema, "2020-12", false).validate(value);
  for (const { keyword, instanceLocation, keywordLocation } of errors) {
    if (keywordLocation.includes("/anyOf/1")) continue; // the other choice is: nothing at all
    const steps = instanceLocation.split("/").slice(1);
    const node = resolved(schema, steps.reduce((found, step) => inside(schema, found, step), schema));
    if (keyword === "required") {
      const missing = node.required.filter((key) => at(value, steps)[key] === undefined);
      for (const key of missing) yield [[...steps, key], "required"];
    } else {
      const told = says(keyword, node, at(value, steps));
      if (told) yield [steps, told];
    }
  }
}

// --- What a schema cannot know ---

const CHECKS = {
  date(value, field) {
    const wrong = dateFault(value);
    return wrong && `„${value}“ ist keine gültige Zeitangabe: ${wrong}. ${meantOr(dateMeant(value), field.help)}`;
  },
  count: (value) => !/^\d{1,6}$/.test(value) && `„${value}“ ist keine ganze Zahl. Bitte nur Ziffern schreiben, zum Beispiel 12.`,
  address(value) {
    const host = URL.canParse(value) ? new URL(value).hostname : "";
    return !host.includes(".") && `„${value}“ ist keine Webadresse. Bitte vollständig angeben, zum Beispiel https://www.kreis-lippe.de/`;
  },
  number(value) {
    const [least, greatest] = value.replace(/^[~<>]/, "").split("-");
    return Number(greatest) < Number(least) && `„${value}“: ${greatest} ist kleiner als ${least}. Bitte die kleinere Zahl zuerst nennen.`;
  },
  lines(value) {
    const turned = value.split(",").map((part) => part.trim().split("-").map(Number)).find((pair) => pair[0] < 1 || pair.at(-1) < pair[0]);
    return turned && `„${value}“: Zeile ${turned.at(-1)} liegt vor Zeile ${Math.max(turned[0], 1)}. Bitte die kleinere Zahl zuerst nennen.`;
  },
  text(value, field) {
    const heading = field.key !== "text" && value.split("\n").find((line) => line.startsWith("### "));
    return heading && `„${heading}“ ist hier als Überschrift nicht möglich. Bitte die Zeichen ### entfernen.`;
  },
  language(value, field, { names }) {
    const known = Object.entries(names.description.languages);
    return !known.some(([code]) => code === value) &&
      `„${value}“ ist keine Sprache, die wir kennen. ${meantOr(nearest(value, known), "Bitte aus der Liste wählen.")}`;
  },
  reference(value, field, { names, partner, coming }) {
    const { records } = names.description;
    if (field.refers_to.includes("partner") && field.many && value === partner) {
      return `„${value}“ ist der Partner selbst. Bitte aus der Liste entfernen.`;
    }
    const [sibling, other] = value.split("/");
    const measures = Object.entries(names.measures).flatMap(([id, title]) => (other ? [[`${partner}/${id}`, title]] : [[id, title]]));
    const isMeasure = field.refers_to.includes("measure");
    const known = isMeasure ? measures : field.refers_to.flatMap((kind) => records[kind] ?? []);
    const comes = field.refers_to.some((kind) => coming[kind] === value);
    // Measures of other partners are not at hand here; the check of all files looks at them.
    if (comes || known.some(([ref]) => ref === value) || (isMeasure && other && sibling !== partner)) return "";
    const way = field.many ? "Bitte aus der Liste wählen; fehlt ein Eintrag, nennen Sie ihn bitte im Text." : "Bitte aus der Liste wählen.";
    return `„${value}“ gibt es nicht. ${meantOr(nearest(value, known), way)}`;
  },
  // The section of a document, next to the document itself.
  id(value, field, { names }, siblings) {
    const { document } = siblings;
    const sections = names.sectionsOf(document);
    if (field.key !== "section" || !document || Object.hasOwn(sections, value)) return "";
    const known = Object.entries(sections).map(([id, [title]]) => [id, title]);
    return `„${value}“ ist kein Abschnitt von „${document}“. ${meantOr(nearest(value, known), "Bitte aus der Liste wählen oder leer lassen.")}`;
  },
};

function* ownFaults(fields, data, known, path = []) {
  for (const field of fields) {
    const value = data[field.key];
    if (value === undefined) continue;
    const here = [...path, field.key];
    const entries = field.many ? value.map((entry, number) => [[...here, String(number)], entry]) : [[here, value]];
    const seen = new Set();
    for (const [place, entry] of entries) {
      if (field.kind === "part") {
        yield* ownFaults(field.parts, entry, known, place);
        continue;
      }
      const told = CHECKS[field.kind]?.(entry, field, known, data);
      if (told) yield [place, told];
      if (seen.has(entry)) yield [place, `„${entry}“ steht zweimal in der Liste. Bitte einmal entfernen.`];
      seen.add(entry);
    }
  }
  yield* outsideOfSection(data, known, path);
}

// Quoted lines lie inside the quoted section.
function* outsideOfSection({ document, section, lines }, { names }, path) {
  const whole = lines && names.sectionsOf(document)[section]?.[1];
  if (!whole) return;
  const ranges = (text) => text.split(",").map((part) => part.trim().split("-").map(Number)).map((pair) => [pair[0], pair.at(-1)]);
  for (const [first, last] of ranges(lines)) {
    if (ranges(whole).some(([start, end]) => start <= first && last <= end)) continue;
    yield [[...path, "lines"], `Die Zeilen ${first}-${last} liegen nicht im Abschnitt „${section}“ (${whole}). Bitte Abschnitt oder Zeilen berichtigen.`];
  }
}

function* between({ status, postponed_to: date }) {
  if (date && status !== "verschoben") {
    yield [["postponed_to"], `„${date}“ passt nicht zum Status „${status ?? ""}“. Hat es zum neuen Termin stattgefunden, gehört er jetzt in den Zeitraum (period). Sonst bitte den Status „verschoben“ setzen oder die Angabe entfernen.`];
  }
}

// An id is free and can be part of an address.
function* nameFaults(kind, { id, title }, { names, taken }) {
  if (!id && title) yield [["id"], `Aus „${title}“ lässt sich keine Kennung bilden. Bitte eine angeben, zum Beispiel sprachcafe.`];
  if (id && (!ID.test(id) || id.length > MAX_ID)) {
    yield [["id"], `„${id}“ ist keine Kennung. Nur kleine Buchstaben a–z, Ziffern und Bindestriche, zum Beispiel ${slug(id) || "sprachcafe"}.`];
  }
  const owner = kind === "measure" ? (Object.hasOwn(taken, id) ? taken[id] : "") : ownerOf(names, kind, id);
  const way = kind === "measure" ? "oder die vorhandene Maßnahme korrigieren" : "oder den vorhandenen Eintrag wählen";
  if (owner) yield [["id"], `„${id}“ ist schon vergeben: ${owner}. Bitte eine andere Kennung angeben ${way}.`];
}

// Partners, other organisations and networks share one set of ids.
function ownerOf(names, kind, id) {
  const kinds = kind === "partner" ? ["partner", "other", "network"] : [kind];
  const [, name] = kinds.flatMap((one) => names.description.records[one] ?? []).find(([ref]) => ref === id) ?? [];
  return name;
}

function titleOf(fields, steps) {
  const [key, ...rest] = steps;
  const field = fields.find((one) => one.key === key);
  if (!field) return key;
  const entry = field.many && rest.length ? [`Eintrag ${Number(rest.shift()) + 1}`] : [];
  return [field.title, ...entry, ...(rest.length ? [titleOf(field.parts, rest)] : [])].join(", ");
}

function fieldAt(fields, steps) {
  const [key, ...rest] = steps.filter((step) => !/^\d+$/.test(step));
  const field = fields.find((one) => one.key === key);
  return rest.length && field?.parts ? fieldAt(field.parts, rest) : field;
}

const CHOSEN = new Set(["choice", "reference", "language"]);

function missing(field) {
  const way = CHOSEN.has(field?.kind) ? "auswählen" : "eintragen";
  return field?.help ? `fehlt. Bitte ${way}: ${field.help}` : `fehlt. Bitte ${way}.`;
}

// What is wrong with a record: [{place: "/title", title, message}], one for each place, in the order of the fields.
//   answers: its values by key, with `id` and `text` beside the record's own;
//   known: names, the partner's id, ids of records that come along by kind, measures that have an id already;
//   file: the text that would be written.
export function faultsOf(kind, answers, schema, known, file) {
  const { description } = known.names;
  const fields = description.fields[kind];
  const { partner, id, text, ...data } = answers;
  const own = [...ownFaults(fields, answers, known)];
  // Who has misspelled a name is not told how an id must look.
  const chosen = own.filter(([steps]) => ["reference", "id"].includes(fieldAt(fields, steps)?.kind));
  const found = [...chosen, ...schemaFaults(fields, data, schema), ...nameFaults(kind, answers, known), ...own, ...between(data)];
  if (kind === "measure" && !partner) found.push([["partner"], "required"]);
  const size = new TextEncoder().encode(file).length;
  if (size > description.most_bytes) {
    found.push([["text"], `Die Datei ist mit ${Math.ceil(size / 1000)} KB zu groß. Erlaubt sind ${description.most_bytes / 1000} KB; bitte kürzen.`]);
  }
  const before = description.legends[kind] ? `${description.legends[kind]}, ` : "";
  const order = fields.map((field) => field.key);
  const places = new Map();
  for (const [steps, told] of found) {
    const place = `/${steps.join("/")}`;
    const message = told === "required" ? missing(fieldAt(fields, steps)) : told;
    if (!places.has(place)) places.set(place, { place, title: before + titleOf(fields, steps), message, rank: order.indexOf(steps[0]) });
  }
  return [...places.values()].sort((one, other) => one.rank - other.rank);
}
