// What fits a choice of facets, and how much each further value would show. Entries are whatever has values;
// valuesOf: from an entry and a facet to its values.

// The value of the facet „herkunft“ for what is our own.
export const OWN = "diese_wissensbasis";

// Where the page of a measure or partner stands: „kreis/beratung“ of this site, „nachbarstadt:kreis/beratung“ of another.
export function pageOf(ref, folder) {
  const [own, site] = ref.split(":").reverse();
  return `${site ? `verbund/${site}/` : ""}${folder}${own}/`;
}

// The entries that fit the choice, any value inside a facet and all facets together, leaving one aside if it is named.
export function fitting(entries, valuesOf, choice, aside = "") {
  const facets = [...choice].filter(([key, chosen]) => key !== aside && chosen.size);
  return entries.filter((entry) => facets.every(([key, chosen]) => valuesOf(entry, key).some((value) => chosen.has(value))));
}

// How many entries each value of a facet would show if it were the only one chosen in it.
export function counts(entries, valuesOf, choice, key) {
  const found = new Map();
  for (const entry of fitting(entries, valuesOf, choice, key)) {
    for (const value of valuesOf(entry, key)) found.set(value, (found.get(value) ?? 0) + 1);
  }
  return found;
}

// By the year of the beginning, newest first and those without one last.
export function newestFirst(entries, valuesOf) {
  const year = (entry) => Number(valuesOf(entry, "jahr")[0] ?? 0);
  return [...entries].sort((a, b) => year(b) - year(a));
}

// The measures of a site, by their number.
export class Index {
  // data: massnahmen/filter.json; base: a facet of which each listed measure has a value, or nothing.
  constructor(data, base = "") {
    this.keys = Object.keys(data.facets);
    this.perFile = data.per_file;
    this.perPage = data.per_page;
    this.labels = new Map(this.keys.map((key) => [key, new Map(data.facets[key])]));
    this.values = new Map(this.keys.map((key) => [key, data.facets[key].map(([value]) => value)]));
    this.items = data.items;
    this.read = (number, key) => this.valuesOf(number, key);
    const at = this.keys.indexOf(base);
    this.all = data.items.map((_, number) => number).filter((number) => at < 0 || data.items[number][at].length);
  }

  valuesOf(number, key) {
    const values = this.values.get(key);
    return this.items[number][this.keys.indexOf(key)].map((place) => values[place]);
  }

  // Whether it is a measure of this site; ours stand before those of others, so that their numbers are those of all lists.
  isOwn(number) {
    return !this.keys.includes("herkunft") || this.valuesOf(number, "herkunft")[0] === OWN;
  }

  matching(choice) {
    return fitting(this.all, this.read, choice);
  }

  counts(choice, key) {
    return counts(this.all, this.read, choice, key);
  }

  newestFirst(numbers) {
    return newestFirst(numbers, this.read);
  }
}
