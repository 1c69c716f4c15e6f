// Which measures fit a choice of facets, and how many each further value would show.

export class Index {
  // data: massnahmen/filter.json; base: a facet of which each listed measure has a value, or nothing.
  constructor(data, base = "") {
    this.keys = Object.keys(data.facets);
    this.perFile = data.per_file;
    this.perPage = data.per_page;
    this.labels = new Map(this.keys.map((key) => [key, new Map(data.facets[key])]));
    this.values = new Map(this.keys.map((key) => [key, data.facets[key].map(([value]) => value)]));
    this.items = data.items;
    const at = this.keys.indexOf(base);
    this.all = data.items.map((_, number) => number).filter((number) => at < 0 || data.items[number][at].length);
  }

  valuesOf(number, key) {
    const values = this.values.get(key);
    return this.items[number][this.keys.indexOf(key)].map((place) => values[place]);
  }

  has(number, key, chosen) {
    return this.valuesOf(number, key).some((value) => chosen.has(value));
  }

  // The measures that fit the choice, leaving one facet aside if it is named.
  matching(choice, aside = "") {
    const facets = [...choice].filter(([key, chosen]) => key !== aside && chosen.size);
    return this.all.filter((number) => facets.every(([key, chosen]) => this.has(number, key, chosen)));
  }

  // How many measures each value of a facet would show if it were the only one chosen in it.
  counts(choice, key) {
    const found = new Map();
    for (const number of this.matching(choice, key)) {
      for (const value of this.valuesOf(number, key)) found.set(value, (found.get(value) ?? 0) + 1);
    }
    return found;
  }
}
