// Narrows a list of measures by facets: any value inside a facet, all facets together.
// The state stands in the address, so that it can be shared and the back button works.

export function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

export function hits(amount) {
  return amount === 1 ? "1 Treffer" : `${amount.toLocaleString("de")} Treffer`;
}

export async function load(path, root) {
  const answer = await fetch(new URL(path, root));
  if (!answer.ok) throw new Error(path);
  return answer.json();
}

export function without(choice, key, value) {
  const rest = new Map([...choice].map(([name, chosen]) => [name, new Set(chosen)]));
  rest.get(key)?.delete(value);
  return rest;
}

function add(choice, key, value) {
  choice.set(key, (choice.get(key) ?? new Set()).add(value));
}

// A list of the first entries and a button that adds more; made: from an entry to its element.
export async function growingList(entries, size, made) {
  const list = element("ul", { className: "wb-items" });
  const more = element("button", { type: "button", className: "wb-more" });
  const extend = async () => {
    const start = list.children.length;
    list.append(...await Promise.all(entries.slice(start, start + size).map(made)));
    const rest = entries.length - list.children.length;
    more.hidden = !rest;
    more.textContent = `Weitere zeigen (noch ${rest})`;
    if (start) list.children[start].querySelector("a").focus();
  };
  more.addEventListener("click", extend);
  await extend();
  return [list, more];
}

// The form with the facets: what is chosen in it, and what it shows of the choice.
export class Panel {
  // choose: called with each new choice, facet -> values; close: when the reader wants to see the hits, with the panel
  // closed; download: with the kind of file that is wanted.
  constructor(form, { choose, close, download }) {
    this.form = form;
    this.choose = choose;
    this.boxes = [...form.querySelectorAll("input")];
    this.keys = new Set(this.boxes.map((box) => box.name));
    this.order = form.querySelector("select");
    this.status = form.querySelector(".wb-facets__status");
    this.labels = new Map(this.boxes.map((box) => [`${box.name}=${box.value}`, box.nextSibling.textContent.trim()]));
    form.addEventListener("change", () => choose(this.inBoxes()));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      form.querySelector(".wb-facets__panel").open = false;
      close();
    });
    for (const button of form.querySelectorAll("[data-download]")) {
      button.addEventListener("click", () => download(button.dataset.download));
    }
  }

  label(key, value) {
    return this.labels.get(`${key}=${value}`);
  }

  inBoxes() {
    const choice = new Map();
    for (const box of this.boxes) if (box.checked) add(choice, box.name, box.value);
    return choice;
  }

  // What the address says, with the values that do not exist.
  inAddress(query) {
    const choice = new Map();
    const unknown = [];
    for (const key of this.keys) {
      for (const value of query.getAll(key)) {
        if (this.label(key, value) !== undefined) add(choice, key, value);
        else unknown.push(value);
      }
    }
    const sorted = query.get("sortierung") ?? "";
    const knownOrder = [...this.order.options].some((option) => option.value === sorted);
    if (!knownOrder) unknown.push(sorted);
    return { choice, sorted: knownOrder ? sorted : "", notes: unknown.map((value) => `„${value}“ gibt es nicht und wurde übergangen.`) };
  }

  // The choice for the address.
  parameters(choice) {
    const pairs = [...choice].flatMap(([key, chosen]) => [...chosen].map((value) => [key, value]));
    return this.order.value ? [...pairs, ["sortierung", this.order.value]] : pairs;
  }

  showChoice(choice, sorted) {
    this.order.value = sorted;
    for (const box of this.boxes) box.checked = choice.get(box.name)?.has(box.value) ?? false;
    this.showMarks(choice);
  }

  // counts: of a facet, how many hits each value would show if it were the only one chosen in it.
  showCounts(choice, key, counts) {
    const own = this.boxes.filter((box) => box.name === key);
    for (const box of own) {
      const amount = counts.get(box.value) ?? 0;
      box.disabled = !amount && !box.checked;
      box.parentElement.querySelector("span").textContent = amount;
    }
    const chosen = choice.get(key)?.size;
    const group = own[0]?.closest("details");
    if (group) group.querySelector(".wb-facet__chosen").textContent = chosen ? `(${chosen} gewählt)` : "";
  }

  showMarks(choice) {
    const marks = [...choice].flatMap(([key, chosen]) => [...chosen].map((value) => {
      const button = this.action(this.label(key, value), () => this.choose(without(choice, key, value)));
      button.prepend(element("span", { className: "wb-hidden", textContent: "Filter entfernen: " }));
      button.append(element("span", { ariaHidden: "true", textContent: " ✕" }));
      return element("li", {}, button);
    }));
    if (marks.length > 1) marks.push(element("li", {}, this.action("Alle Filter löschen", () => this.choose(new Map()))));
    this.form.querySelector(".wb-facets__chosen").replaceChildren(...marks);
  }

  showTotal(amount) {
    this.form.querySelector(".wb-facets__show").textContent = `${hits(amount)} zeigen`;
  }

  // A button that vanishes by what it does; the focus goes to where the next choice is made.
  action(text, change) {
    const button = element("button", { type: "button", textContent: text });
    button.addEventListener("click", () => {
      change();
      this.form.querySelector("summary").focus();
    });
    return button;
  }

  // Nothing fits: which filter is to blame, with what its removal would show. amountOf: number of hits of a choice.
  waysOut(choice, amountOf) {
    const ways = [...choice].flatMap(([key, chosen]) => [...chosen].map((value) => {
      const rest = without(choice, key, value);
      return { amount: amountOf(rest), label: this.label(key, value), rest };
    })).filter(({ amount }) => amount).sort((a, b) => b.amount - a.amount);
    return ways.map(({ amount, label, rest }) => element("li", {}, this.action(`ohne „${label}“: ${hits(amount)}`, () => this.choose(rest))));
  }
}

// The page of a list.
class NarrowedList {
  constructor(form, list) {
    this.list = list;
    this.root = new URL(form.dataset.root || "./", location.href);
    this.base = form.dataset.base;
    this.folder = `${form.dataset.folder ?? ""}massnahmen/`;
    this.original = [...list.childNodes];
    this.index = null;
    this.turn = 0; // counts choices, since their lists may be ready out of order
    this.texts = new Map();
    this.panel = new Panel(form, {
      choose: (choice) => this.go(choice),
      close: () => list.scrollIntoView(),
      download: (kind) => this.download(kind).catch(() => this.unloadable()),
    });
    form.hidden = false;
    addEventListener("popstate", () => this.show());
    this.show();
  }

  // What narrowing needs is fetched with the first choice, so that the page itself stays light.
  async loadIndex() {
    if (this.index) return;
    const [{ Index, pageOf }, data] = await Promise.all([import("./facet-index.js"), load(`${this.folder}filter.json`, this.root)]);
    this.pageOf = pageOf;
    this.index ??= new Index(data, this.base);
  }

  inAddress() {
    return this.panel.inAddress(new URLSearchParams(location.search));
  }

  async textOf(number) {
    const file = Math.floor(number / this.index.perFile);
    if (!this.texts.has(file)) {
      const loading = load(`${this.folder}texte-${file}.json`, this.root);
      loading.catch(() => this.texts.delete(file)); // so that the next choice asks again
      this.texts.set(file, loading);
    }
    return (await this.texts.get(file))[number % this.index.perFile];
  }

  // By title as German orders it, or by the year of the beginning.
  async inOrder(found, sorted) {
    if (sorted === "titel") {
      const titles = new Map(await Promise.all(found.map(async (number) => [number, (await this.textOf(number))[1]])));
      const german = new Intl.Collator("de", { numeric: true });
      return [...found].sort((a, b) => german.compare(titles.get(a), titles.get(b)));
    }
    return sorted === "jahr" ? this.index.newestFirst(found) : found;
  }

  async item(number) {
    const [ref, title, summary, period, reason] = await this.textOf(number);
    const value = (key) => this.index.valuesOf(number, key)[0];
    const label = (key) => this.index.labels.get(key).get(value(key));
    const from = ref.includes(":") ? [element("span", { className: "wb-from", textContent: `aus ${label("herkunft")}` }), " · "] : [];
    const meta = element("p", { className: "wb-meta" }, ...from, `${label("partner")} · `,
      element("span", { className: `wb-status wb-status--${value("status")}`, textContent: label("status") }), period && ` · ${period}`);
    const heard = from.length ? [element("span", { className: "wb-hidden", textContent: ` aus ${label("herkunft")}` })] : [];
    return element("li", {}, element("a", { href: new URL(this.pageOf(ref, "massnahmen/"), this.root) }, title, ...heard),
      element("p", { textContent: this.base ? reason : summary }), meta);
  }

  async listOf(found) {
    return [element("h2", { textContent: "Gefilterte Maßnahmen" }), ...await growingList(found, this.index.perPage, (number) => this.item(number))];
  }

  nothing(choice) {
    const ways = this.panel.waysOut(choice, (rest) => this.index.matching(rest).length);
    return [element("p", { textContent: "Zu dieser Auswahl ist keine Maßnahme erfasst." }), element("ul", {}, ...ways)];
  }

  // The lists of others and of all sites are filtered as this one is, but for where a measure comes from.
  takeAlong() {
    for (const link of document.querySelectorAll("a[data-along]")) {
      const query = new URLSearchParams(location.search);
      query.delete("herkunft");
      if (link.dataset.along) query.set("herkunft", link.dataset.along);
      link.search = query;
    }
  }

  async show() {
    const { choice, notes, sorted } = this.inAddress();
    this.takeAlong();
    if (!this.index && !choice.size && !notes.length && !sorted) return;
    this.panel.showChoice(choice, sorted);
    try {
      await this.showChoice(choice, notes, sorted, ++this.turn);
    } catch {
      this.unloadable();
    }
  }

  async showChoice(choice, notes, sorted, mine) {
    await this.loadIndex();
    if (mine !== this.turn) return; // a later choice has overtaken this one
    const found = this.index.matching(choice);
    for (const key of this.index.keys) this.panel.showCounts(choice, key, this.index.counts(choice, key));
    this.panel.showTotal(found.length);
    const narrowed = choice.size || sorted;
    const content = !narrowed ? this.original : found.length ? await this.listOf(await this.inOrder(found, sorted)) : this.nothing(choice);
    if (mine !== this.turn) return;
    this.list.replaceChildren(...content);
    this.panel.status.textContent = [narrowed ? `${hits(found.length)}.` : "", ...notes].filter(Boolean).join(" ");
  }

  go(choice) {
    const query = new URLSearchParams(this.panel.parameters(choice));
    history.pushState(null, "", String(query) ? `?${query}` : location.pathname);
    this.show();
  }

  // The list as it is narrowed, as a file; the table of all measures is fetched for it, which holds ours only.
  async download(kind) {
    await this.loadIndex();
    const { saveMeasures } = await import("./table-files.js");
    const { choice, sorted } = this.inAddress();
    const found = await this.inOrder(this.index.matching(choice), sorted);
    const told = await saveMeasures(kind, this.root, found.filter((number) => this.index.isOwn(number)));
    if (told) this.panel.status.textContent = told;
  }

  unloadable() {
    this.panel.status.textContent = "Die Daten lassen sich gerade nicht laden. Bitte später noch einmal versuchen.";
  }
}

const list = document.querySelector("[data-facets-list]");
if (list) new NarrowedList(document.querySelector(".wb-facets"), list);
