// What the search page asks: the index of this site and of others, their words, and the facets of each page.

import { Index, OWN } from "./facet-index.js";
import { load } from "./facets.js";
import { Lexicon, RANKING, concepts, find, remembering, soughtStems, stem, weightOfKind } from "./query.js";

const MEASURES = "massnahmen"; // the kind of page that has facets of its own
const OPTIONS = { ranking: RANKING, excerptLength: 28 }; // of each index, or scores could not be compared

export class Engine {
  // root: address of the site; merged: addresses of other sites; folder: where the facets of all measures lie that the
  // index holds, those fetched from other sites among them.
  static async start(root, merged, folder = "") {
    const [pagefind, words, pages] = await Promise.all([import(new URL("suche/index/pagefind.js", root)), load("suche/woerter.json", root), load("suche/seiten.json", root)]);
    await pagefind.options({ ...OPTIONS, baseUrl: root.pathname, noWorker: true });
    const engine = new Engine(root, pagefind, new Lexicon(words), folder);
    engine.add(pages, root);
    await Promise.all(merged.map((address) => engine.merge(new URL(address))));
    return engine;
  }

  constructor(root, pagefind, lexicon, folder) {
    Object.assign(this, { root, pagefind, lexicon, folder });
    this.search = remembering(pagefind);
    this.unreachable = []; // hosts of other sites that did not answer
    this.pages = new Map(); // name of a page in the index -> { kind, site, origin, number }
    this.copies = new Set(); // names of pages that another site has fetched elsewhere; who wants them, asks there
    this.sites = []; // addresses, this one first
    this.indexes = new Map(); // address of a site -> the facets of its measures
  }

  // The pages of a site: kind, and behind it where they were fetched -> their names in the index; of measures, the
  // number is that of its facets.
  add(pages, site) {
    this.sites.push(site.href);
    let measures = 0;
    for (const [key, names] of Object.entries(pages)) {
      const [kind, origin = ""] = key.split("@");
      for (const name of names.split(" ")) {
        const number = kind === MEASURES ? measures++ : 0;
        if (this.pages.has(name)) continue; // several have it alike; ours was added first
        if (origin && site.href !== this.root.href) this.copies.add(name);
        else this.pages.set(name, { kind, site: site.href, origin, number });
      }
    }
  }

  // Another site, searched with this one.
  async merge(site) {
    try {
      const [words, pages] = await Promise.all([load("suche/woerter.json", site), load("suche/seiten.json", site)]);
      await this.pagefind.mergeIndex(new URL("suche/index", site).href, { ...OPTIONS, baseUrl: site.href });
      this.lexicon.add(words);
      this.add(pages, site);
    } catch {
      this.unreachable.push(site.host);
    }
  }

  kindOf(id) {
    return this.pages.get(id)?.kind;
  }

  // Where to go for a hit. url: as the index says that answered; it may be that of another site with the same page.
  placeOf(id, url) {
    const place = new URL(url, this.root);
    const isHere = this.pages.get(id)?.site === this.root.href;
    const other = isHere && this.sites.find((site) => site !== this.root.href && place.href.startsWith(site));
    return other ? new URL(place.href.slice(other.length), this.root) : place;
  }

  // The numbers of this site's measures among some hits, as its lists and tables count them.
  numbersOf(hits) {
    const pages = hits.map(({ id }) => this.pages.get(id)).filter(Boolean);
    return pages.filter(({ kind, site, origin }) => kind === MEASURES && site === this.root.href && !origin).map(({ number }) => number);
  }

  // What is sought, and all hits, best first.
  async find(text, literally) {
    const sought = concepts(this.lexicon, text, literally);
    const weightOf = (id) => weightOfKind(this.kindOf(id));
    const hits = await find(this.search, text, sought, { weightOf, total: this.pages.size, all: literally });
    return { sought, hits: hits.filter(({ id }) => !this.copies.has(id)) };
  }

  // From a text to its pieces, [text, whether it was sought].
  marker(sought) {
    const stems = soughtStems(sought);
    return (text) => text.split(/([\p{L}\p{N}]+)/u).map((piece, number) => [piece, number % 2 === 1 && !this.lexicon.isStop(piece) && stems.has(stem(piece))]);
  }

  // From a hit and a facet to its values; what it needs is fetched when the first facet is used.
  async values() {
    for (const site of this.sites) {
      const folder = site === this.root.href ? this.folder : "";
      if (!this.indexes.has(site)) this.indexes.set(site, new Index(await load(`${folder}massnahmen/filter.json`, site)));
    }
    return ({ id }, key) => {
      const { kind, site, origin, number } = this.pages.get(id) ?? {};
      if (key === "art") return [kind];
      if (key === "herkunft") return site === this.root.href ? [origin || OWN] : [];
      return kind === MEASURES ? this.indexes.get(site).valuesOf(number, key) : [];
    };
  }
}
