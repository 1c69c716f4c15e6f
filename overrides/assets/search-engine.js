// What the search page asks: the index of this site and of others, their words, and the facets of each page.

import { Index } from "./facet-index.js";
import { load } from "./facets.js";
import { Lexicon, RANKING, concepts, find, remembering, soughtStems, stem, weightOfKind } from "./query.js";

const MEASURES = "massnahmen"; // the kind of page that has facets of its own

export class Engine {
  // root: address of the site; merged: addresses of other sites.
  static async start(root, merged) {
    const [pagefind, words, pages] = await Promise.all([import(new URL("suche/index/pagefind.js", root)), load("suche/woerter.json", root), load("suche/seiten.json", root)]);
    await pagefind.options({ ranking: RANKING, baseUrl: root.pathname, excerptLength: 28, noWorker: true });
    const engine = new Engine(root, pagefind, new Lexicon(words));
    engine.add(pages, root);
    await Promise.all(merged.map((address) => engine.merge(new URL(address))));
    return engine;
  }

  constructor(root, pagefind, lexicon) {
    Object.assign(this, { root, pagefind, lexicon });
    this.search = remembering(pagefind);
    this.unreachable = []; // hosts of other sites that did not answer
    this.pages = new Map(); // name of a page in the index -> { kind, site, number }
    this.sites = []; // addresses, this one first
    this.indexes = new Map(); // address of a site -> the facets of its measures
  }

  // The pages of a site: kind -> their names in the index; of measures, the number is that of its facets.
  add(pages, site) {
    this.sites.push(site.href);
    for (const [kind, names] of Object.entries(pages)) {
      names.split(" ").forEach((name, number) => this.pages.set(name, { kind, site: site.href, number }));
    }
  }

  // Another site, searched with this one.
  async merge(site) {
    try {
      const [words, pages] = await Promise.all([load("suche/woerter.json", site), load("suche/seiten.json", site)]);
      await this.pagefind.mergeIndex(new URL("suche/index", site).href, { baseUrl: site.href });
      this.lexicon.add(words);
      this.add(pages, site);
    } catch {
      this.unreachable.push(site.host);
    }
  }

  kindOf(id) {
    return this.pages.get(id)?.kind;
  }

  // The numbers of this site's measures among some hits, as its lists and tables count them.
  numbersOf(hits) {
    const pages = hits.map(({ id }) => this.pages.get(id)).filter(Boolean);
    return pages.filter(({ kind, site }) => kind === MEASURES && site === this.root.href).map(({ number }) => number);
  }

  // What is sought, and all hits, best first.
  async find(text, literally) {
    const sought = concepts(this.lexicon, text, literally);
    const weightOf = (id) => weightOfKind(this.kindOf(id));
    return { sought, hits: await find(this.search, text, sought, { weightOf, total: this.pages.size, all: literally }) };
  }

  // From a text to its pieces, [text, whether it was sought].
  marker(sought) {
    const stems = soughtStems(sought);
    return (text) => text.split(/([\p{L}\p{N}]+)/u).map((piece, number) => [piece, number % 2 === 1 && !this.lexicon.isStop(piece) && stems.has(stem(piece))]);
  }

  // From a hit and a facet to its values; what it needs is fetched when the first facet is used.
  async values() {
    for (const site of this.sites) {
      if (!this.indexes.has(site)) this.indexes.set(site, new Index(await load("massnahmen/filter.json", site)));
    }
    return ({ id }, key) => {
      const { kind, site, number } = this.pages.get(id) ?? {};
      if (key === "art") return [kind];
      return kind === MEASURES ? this.indexes.get(site).valuesOf(number, key) : [];
    };
  }
}
