// What the search page asks: the index of this site and of others, their words, and the facets of each page.

import { load } from "./facets.js";
import { Lexicon, RANKING, concepts, find, remembering, soughtStems, stem, weightOfKind } from "./query.js";

const WORDS = "suche/woerter.json";
const KIND = "art"; // the facet of what a page is

export class Engine {
  // root: address of the site; merged: addresses of other sites; values: facet -> its values.
  static async start(root, merged, values) {
    const [pagefind, words] = await Promise.all([import(new URL("suche/index/pagefind.js", root)), load(WORDS, root)]);
    await pagefind.options({ ranking: RANKING, baseUrl: root.pathname, excerptLength: 28 });
    const engine = new Engine(pagefind, new Lexicon(words), values);
    await Promise.all(merged.map((address) => engine.merge(new URL(address))));
    engine.kinds = await engine.table(KIND);
    return engine;
  }

  constructor(pagefind, lexicon, values) {
    Object.assign(this, { pagefind, lexicon, values });
    this.search = remembering(pagefind);
    this.unreachable = []; // hosts of other sites that did not answer
    this.tables = new Map(); // facet -> promise of: id of a page -> its values
  }

  // Another site, searched with this one.
  async merge(site) {
    try {
      const words = await load(WORDS, site);
      await this.pagefind.mergeIndex(new URL("suche/index", site).href, { baseUrl: site.href });
      this.lexicon.add(words);
    } catch {
      this.unreachable.push(site.host);
    }
  }

  kindOf(id) {
    return [...(this.kinds.get(id) ?? [])][0];
  }

  // Which page has which values of a facet; asked for when a facet is first used.
  table(key) {
    if (!this.tables.has(key)) this.tables.set(key, this.readTable(key));
    return this.tables.get(key);
  }

  async readTable(key) {
    const answers = await Promise.all(this.values.get(key).map(async (value) => [value, await this.pagefind.search(null, { filters: { [key]: value } })]));
    const found = new Map();
    for (const [value, { results }] of answers) {
      for (const { id } of results) found.set(id, (found.get(id) ?? new Set()).add(value));
    }
    return found;
  }

  // What is sought, and all hits, best first.
  async find(text, literally) {
    const sought = concepts(this.lexicon, text, literally);
    const weightOf = (id) => weightOfKind(this.kindOf(id));
    return { sought, hits: await find(this.search, text, sought, { weightOf, total: this.kinds.size, all: literally }) };
  }

  // A text in pieces, [text, whether it was sought].
  marked(text, sought) {
    const stems = soughtStems(sought);
    return text.split(/([\p{L}\p{N}]+)/u).map((piece, number) => [piece, number % 2 === 1 && !this.lexicon.isStop(piece) && stems.has(stem(piece))]);
  }

  async facets(keys) {
    return new Facets(new Map(await Promise.all([...keys].map(async (key) => [key, await this.table(key)]))));
  }
}

// Some facets of all pages.
class Facets {
  constructor(tables) {
    this.tables = tables;
  }

  valuesOf(id, key) {
    return [...(this.tables.get(key).get(id) ?? [])];
  }

  // The hits that fit a choice, leaving one facet aside if it is named.
  fitting(hits, choice, aside = "") {
    const facets = [...choice].filter(([key, chosen]) => key !== aside && chosen.size);
    return hits.filter(({ id }) => facets.every(([key, chosen]) => this.valuesOf(id, key).some((value) => chosen.has(value))));
  }

  // How many hits each value of a facet would show if it were the only one chosen in it.
  counts(hits, choice, key) {
    const found = new Map();
    for (const { id } of this.fitting(hits, choice, key)) {
      for (const value of this.valuesOf(id, key)) found.set(value, (found.get(value) ?? 0) + 1);
    }
    return found;
  }
}
