// The search page: asks while the reader types, shows what was found by kind, and keeps its state in the address.
// Nothing is fetched before the first search.

const PAUSE = 150; // ms without a key until a search begins
const SHOWN = { massnahmen: 10 }; // hits of a kind that are shown at once; of all others:
const FEW = 3;
const NAMED = 6; // words that the note names of a kind
// What was done with a word, and how that is said of it.
const HOW = {
  synonym: (word) => `Auch gesucht zu „${word}“`,
  related: (word) => `Verwandt mit „${word}“, zählt weniger`,
  abbreviation: (word) => `„${word}“ ausgeschrieben`,
  parts: (word) => `„${word}“ zerlegt`,
  spelling: (word) => `„${word}“ kommt nicht vor. Gesucht wurde`,
};

// The one place where text becomes markup, in a document where nothing runs; the site's policy names it.
const asIs = { createHTML: (html) => html };
const excerpts = globalThis.trustedTypes?.createPolicy("wb-excerpt", asIs) ?? asIs;

function grouped(items, keyOf) {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(item);
  }
  return groups;
}

class SearchPage {
  constructor(form) {
    this.form = form;
    this.root = new URL(form.dataset.root || "./", location.href);
    this.status = document.querySelector(".wb-search__status");
    this.place = document.querySelector(".wb-search__results");
    this.turn = 0; // counts searches, since they may be ready out of order
    this.engine = null; // a promise from the first search on
    let waiting = 0;
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => this.go("replaceState"), PAUSE);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(waiting);
      this.go("pushState");
    });
    addEventListener("popstate", () => this.read());
    this.read();
  }

  start() {
    this.engine ??= this.load();
    this.engine.catch(() => { this.engine = null; }); // so that the next search tries again
    return this.engine;
  }

  async load() {
    const [{ Engine }, facets, index] = await Promise.all([import("./search-engine.js"), import("./facets.js"), import("./facet-index.js")]);
    this.facets = { ...facets, ...index };
    this.panel ??= this.panelOf(document.querySelector(".wb-facets"));
    return Engine.start(this.root, this.form.dataset.merge?.split(" ") ?? [], this.form.dataset.folder);
  }

  panelOf(form) {
    form.querySelector(".wb-facets__panel").addEventListener("toggle", () => this.show());
    return new this.facets.Panel(form, {
      choose: (choice) => this.go("pushState", choice),
      close: () => this.place.scrollIntoView(),
      download: (kind) => this.download(kind).catch(() => this.unloadable()),
    });
  }

  // --- The state, in the address and in the fields.

  inAddress() {
    const query = new URLSearchParams(location.search);
    return { text: (query.get("q") ?? "").trim(), literally: query.has("genau"), query };
  }

  read() {
    const { text, literally } = this.inAddress();
    this.form.q.value = text;
    this.form.genau.checked = literally;
    this.show();
  }

  // To what the fields say, as a new entry of the history or in place of the last.
  go(how, choice = null) {
    const others = [...this.inAddress().query].filter(([key]) => key !== "q" && key !== "genau");
    const query = new URLSearchParams({ q: this.form.q.value.trim(), ...(this.form.genau.checked && { genau: "1" }) });
    for (const [key, value] of choice ? this.panel.parameters(choice) : others) query.append(key, value);
    history[how](null, "", `?${query}`);
    this.show();
  }

  async show() {
    const mine = ++this.turn;
    const state = this.inAddress();
    try {
      const paint = state.text ? await this.answer(await this.start(), state) : () => this.clear();
      if (mine === this.turn) paint(); // or a later search has overtaken this one
    } catch {
      if (mine === this.turn) this.unloadable();
    }
  }

  clear() {
    this.status.textContent = "";
    this.place.replaceChildren();
    if (this.panel) this.panel.form.hidden = true;
  }

  unloadable() {
    this.status.textContent = "Die Suche lässt sich gerade nicht laden. Bitte später noch einmal versuchen.";
  }

  // --- What was found. All is made ready before anything is shown.

  async answer(engine, { text, literally, query }) {
    const { choice, sorted, notes } = this.panel.inAddress(query);
    const { sought, hits } = await engine.find(text, literally);
    const open = this.panel.form.querySelector(".wb-facets__panel").open;
    const { counts, fitting, newestFirst } = this.facets;
    const values = open || choice.size || sorted ? await engine.values() : null; // fetched when first used
    const fit = values ? fitting(hits, values, choice) : hits;
    const found = sorted === "jahr" ? newestFirst(fit, values) : fit;
    const content = found.length ? await this.groups(engine, found, sought) : this.nothing(engine, { literally, choice, sought, hits, values });
    return () => {
      this.found = found;
      this.panel.form.hidden = !hits.length;
      this.panel.showChoice(choice, sorted);
      for (const key of values ? this.panel.keys : []) this.panel.showCounts(choice, key, counts(hits, values, choice, key));
      this.panel.showTotal(found.length);
      this.panel.status.textContent = notes.join(" ");
      this.status.textContent = `${this.facets.hits(found.length)} für „${text}“`;
      this.place.replaceChildren(...this.explained(engine, sought, literally), ...content);
    };
  }

  // What was asked for besides the words that were typed, and the way to do without.
  explained(engine, sought, literally) {
    const { element } = this.facets;
    const lines = sought.flatMap((concept) => this.explanation(concept));
    for (const host of engine.unreachable) lines.push(`${host} ist gerade nicht erreichbar; dort wurde nicht gesucht.`);
    if (!lines.length && !literally) return [];
    const note = element("div", { className: "wb-search__note" }, ...lines.map((line) => element("p", { textContent: line })));
    if (literally) note.append(this.button("Auch ähnliche Wörter und Synonyme suchen", () => this.literally(false)));
    else if (sought.some((concept) => concept.also.length)) note.append(this.button("Nur genau diese Wörter suchen", () => this.literally(true)));
    return [note];
  }

  explanation({ text, variants, also }) {
    if (!variants.size) return [`„${text}“ kommt auf keiner Seite vor.`];
    return Object.entries(HOW).flatMap(([how, said]) => {
      const found = also.filter((entry) => entry.how === how).map(({ word }) => word);
      if (found.length > NAMED) found.splice(NAMED, Infinity, "…");
      return found.length ? [`${said(text)}: ${found.join(", ")}`] : [];
    });
  }

  button(text, act) {
    const made = this.facets.element("button", { type: "button", textContent: text });
    made.addEventListener("click", act);
    return made;
  }

  literally(value) {
    this.form.genau.checked = value;
    this.go("pushState");
    this.form.q.focus();
  }

  groups(engine, found, sought) {
    const pieces = engine.marker(sought);
    const mark = (text) => pieces(text).map(([piece, wanted]) => (wanted ? this.mark(piece) : piece));
    return Promise.all([...grouped(found, ({ id }) => engine.kindOf(id))].map(([kind, hits]) => this.group(engine, kind, hits, mark)));
  }

  async group(engine, kind, hits, mark) {
    const { element, growingList } = this.facets;
    const heading = element("h2", {}, this.panel.label("art", kind), element("span", { className: "wb-meta", textContent: ` ${hits.length}` }));
    return element("section", {}, heading, ...await growingList(hits, SHOWN[kind] ?? FEW, ({ result }) => this.item(engine, result, mark)));
  }

  async item(engine, result, mark) {
    const { element } = this.facets;
    const { url, meta, excerpt } = await result.data();
    const [title, summary] = [mark(meta.title), mark(meta.summary ?? "")];
    const address = engine.placeOf(result.id, url);
    const facts = [meta.herkunft && `aus ${meta.herkunft}`, meta.partner, meta.kategorie, meta.status, address.origin !== this.root.origin && `auf ${address.host}`].filter(Boolean);
    const heard = meta.herkunft ? [element("span", { className: "wb-hidden", textContent: ` aus ${meta.herkunft}` })] : [];
    const entry = element("li", {}, element("a", { href: address }, ...title, ...heard), element("p", {}, ...summary));
    const told = [...title, ...summary].some((piece) => piece.nodeName === "MARK");
    if (!told) entry.append(element("p", { className: "wb-search__excerpt" }, "… ", ...this.excerpt(excerpt), " …"));
    if (facts.length) entry.append(element("p", { className: "wb-meta", textContent: facts.join(" · ") }));
    return entry;
  }

  // Pagefind's excerpt is HTML, of which only text and marks are taken.
  excerpt(html) {
    const parsed = new DOMParser().parseFromString(excerpts.createHTML(html), "text/html");
    return [...parsed.body.childNodes].map((node) => (node.nodeName === "MARK" ? this.mark(node.textContent) : node.textContent));
  }

  mark(text) {
    return this.facets.element("mark", { textContent: text });
  }

  // Nothing fits: which filter or word is to blame, what is spelled alike, and where to go.
  nothing(engine, { literally, choice, sought, hits, values }) {
    const { element, fitting } = this.facets;
    if (hits.length) {
      const ways = this.panel.waysOut(choice, (rest) => fitting(hits, values, rest).length);
      return [element("p", { textContent: "Zu dieser Auswahl gibt es keinen Treffer." }), element("ul", {}, ...ways)];
    }
    const links = literally ? [] : sought.flatMap(({ text }) => engine.lexicon.alike(text)).map((word) => this.link(word));
    const help = document.querySelector(".wb-search__help").content.cloneNode(true);
    return [element("p", { textContent: "Dazu ist nichts erfasst." }), ...(links.length ? [element("p", {}, "Ähnlich geschrieben: ", ...links)] : []), help];
  }

  link(word) {
    const made = this.facets.element("a", { href: `?${new URLSearchParams({ q: word })}`, textContent: word });
    return this.facets.element("span", {}, made, " ");
  }

  // The measures that were found, as a file; measures of other sites are not in the table.
  async download(kind) {
    const { saveMeasures } = await import("./table-files.js");
    const engine = await this.start();
    const told = await saveMeasures(kind, this.root, engine.numbersOf(this.found));
    if (told) this.panel.status.textContent = told;
  }
}

new SearchPage(document.querySelector(".wb-search"));
