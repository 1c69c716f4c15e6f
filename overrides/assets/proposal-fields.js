// Between the form and the data of records. A field's element has the id PREFIX-KEY; its data-widget says how it is
// read and filled, as hooks/catalog/views/proposal.py and templates/_form.html.j2 make it.

const MOST_ENTRIES = 200;
const HIDDEN = /(?![\n\t])[\p{Cc}\p{Cf}\p{Co}]/gu; // what the check refuses, since nobody sees it

// What comes along from a word processor or a PDF without anybody wanting it is left out.
export function clean(text, lines) {
  const level = text.normalize("NFC").replace(/\r\n?|[\x85\u2028\u2029]/g, "\n").replace(HIDDEN, "").trim();
  return lines ? level : level.replace(/\s*\n\s*/g, " ");
}

export const isEmpty = (value) => value === undefined || value === "" || (typeof value === "object" && !Object.keys(value).length);
export const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

const entriesOf = (element) => [...element.querySelectorAll(":scope > [data-entry]")];
const checked = (element) => [...element.querySelectorAll("input:checked")].map((box) => box.value).filter(Boolean);

// The answers below a prefix, without what is empty. `meant` turns what stands in a field into its value;
// `places` receives the element of each path that is shown.
export function read(fields, prefix, meant, places = new Map(), path = "") {
  const data = {};
  for (const field of fields) {
    const element = document.getElementById(`${prefix}-${field.key}`);
    if (!element) continue;
    const at = `${path}/${field.key}`;
    places.set(at, element);
    const value = valueOf(field, element, meant, places, at, data);
    if (!isEmpty(value)) data[field.key] = value;
  }
  return data;
}

function valueOf(field, element, meant, places, at, siblings) {
  switch (element.dataset.widget) {
    case "flag": return element.checked ? "true" : "";
    case "boxes": return checked(element);
    case "radios": return checked(element)[0];
    case "part": return read(field.parts, element.id, meant, places, at);
    case "list": {
      const said = entriesOf(element).map((entry) => entry.querySelector("input")).filter((input) => clean(input.value));
      said.forEach((input, number) => places.set(`${at}/${number}`, input));
      return said.map((input) => meant(field, input, clean(input.value), siblings));
    }
    case "parts": {
      const found = [];
      for (const entry of entriesOf(element)) {
        const inside = new Map();
        const said = read(field.parts, entry.id.slice(0, -1), meant, inside, `${at}/${found.length}`);
        if (isEmpty(said)) continue;
        for (const [place, shown] of inside) places.set(place, shown);
        found.push(said);
      }
      return found;
    }
  }
  return meant(field, element, clean(element.value, field.kind === "text"), siblings);
}

// Puts data into the form; what has another shape than the field is passed over. `shown` is the inverse of `meant`,
// `add` puts one more entry into a list.
export function fill(fields, prefix, data, shown, add) {
  const said = data && typeof data === "object" && !Array.isArray(data) ? data : {};
  for (const field of fields) {
    const element = document.getElementById(`${prefix}-${field.key}`);
    if (element) put(field, element, Object.hasOwn(said, field.key) ? said[field.key] : undefined, shown, add, said);
  }
}

function put(field, element, value, shown, add, siblings) {
  const list = Array.isArray(value) ? value.slice(0, MOST_ENTRIES) : [];
  const text = typeof value === "string" ? value : "";
  switch (element.dataset.widget) {
    case "flag": element.checked = text === "true"; break;
    case "boxes": for (const box of element.querySelectorAll("input")) box.checked = list.includes(box.value); break;
    case "radios": for (const radio of element.querySelectorAll("input")) radio.checked = radio.value === text; break;
    case "part": fill(field.parts, element.id, value, shown, add); break;
    case "list":
    case "parts":
      for (const entry of entriesOf(element)) entry.remove();
      for (const said of list.length ? list : [""]) {
        const entry = add(element);
        if (field.kind === "part") fill(field.parts, entry.id.slice(0, -1), said, shown, add);
        else entry.querySelector("input").value = typeof said === "string" ? shown(field, entry.querySelector("input"), said, siblings) : "";
      }
      break;
    case "select": element.value = text; if (element.selectedIndex < 0) element.value = ""; break;
    default: element.value = shown(field, element, text, siblings);
  }
}

// The names by which people call records, languages and sections, and what they stand for.
export class Names {
  constructor(description) {
    this.description = description;
    this.measures = {}; // of the partner that is chosen: id -> title
    this.coming = undefined; // the document that comes along
  }

  // [value, name, further names …] of all that may be meant by a kind of suggestion.
  ofKind(kind, siblings) {
    if (kind === "language") return Object.entries(this.description.languages);
    if (kind === "section") return Object.entries(this.sectionsOf(siblings?.document)).map(([id, [title]]) => [id, title]);
    if (kind === "measure") return Object.entries(this.measures);
    return this.description.records[kind] ?? [];
  }

  // The same for an input with suggestions.
  of(element, siblings) {
    return element.dataset.suggest.split(" ").flatMap((kind) => this.ofKind(kind, siblings));
  }

  // What people call a value; the value itself if it has no name.
  nameOf(field, value, siblings) {
    const kinds = field.refers_to ?? (field.kind === "language" ? ["language"] : field.key === "section" ? ["section"] : []);
    return kinds.flatMap((kind) => this.ofKind(kind, siblings)).find(([known]) => known === value)?.[1] ?? value;
  }

  // id -> [title, lines] of the sections of a document.
  sectionsOf(document) {
    if (document && document === this.coming?.id) {
      return Object.fromEntries((this.coming.sections ?? []).map(({ id = "", title = "", lines }) => [id, [title, lines]]));
    }
    return Object.hasOwn(this.description.sections, document) ? this.description.sections[document] : {};
  }

  meant = (field, element, text, siblings) => {
    if (!element.dataset.suggest || !text) return text;
    const known = this.of(element, siblings);
    if (known.some(([value]) => value === text)) return text;
    const wanted = text.toLowerCase();
    const found = new Set(known.filter((names) => names.some((name) => name.toLowerCase() === wanted)).map(([value]) => value));
    return found.size === 1 ? [...found][0] : text;
  };

  // The name that stands for one value only, else the value itself.
  shown = (field, element, value, siblings) => {
    if (!element.dataset.suggest || !value) return value;
    const [, name] = this.of(element, siblings).find(([known]) => known === value) ?? [];
    return name && this.meant(field, element, name, siblings) === value ? name : value;
  };
}
