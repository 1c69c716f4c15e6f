// Narrows a list of measures by facets: any value inside a facet, all facets together.
// The state stands in the address, so that it can be shared and the back button works.

const form = document.querySelector(".wb-facets");
const list = document.querySelector("[data-facets-list]");
const root = new URL(form.dataset.root || "./", location.href);
const original = [...list.childNodes];
const boxes = [...form.querySelectorAll("input")];
const order = form.querySelector("select");
const status = form.querySelector(".wb-facets__status");
let index = null;
let turn = 0; // counts choices, since their lists may be ready out of order
const texts = new Map();

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

async function load(path) {
  const answer = await fetch(new URL(path, root));
  if (!answer.ok) throw new Error(path);
  return answer.json();
}

// What narrowing needs is fetched with the first choice, so that the page itself stays light.
async function loadIndex() {
  if (index) return;
  const [{ Index }, data] = await Promise.all([import("./facet-index.js"), load("massnahmen/filter.json")]);
  index ??= new Index(data, form.dataset.base);
}

// --- The choice, in the address and in the boxes.

function inAddress() {
  const query = new URLSearchParams(location.search);
  const known = new Set(boxes.map((box) => `${box.name}=${box.value}`));
  const choice = new Map();
  const unknown = [];
  for (const key of new Set(boxes.map((box) => box.name))) {
    for (const value of query.getAll(key)) {
      if (known.has(`${key}=${value}`)) choice.set(key, (choice.get(key) ?? new Set()).add(value));
      else unknown.push(value);
    }
  }
  const sorted = query.get("sortierung") ?? "";
  const knownOrder = [...order.options].some((option) => option.value === sorted);
  if (!knownOrder) unknown.push(sorted);
  return { choice, unknown, sorted: knownOrder ? sorted : "" };
}

function inBoxes() {
  const choice = new Map();
  for (const box of boxes) if (box.checked) choice.set(box.name, (choice.get(box.name) ?? new Set()).add(box.value));
  return choice;
}

function address(choice) {
  const query = new URLSearchParams([...choice].flatMap(([key, chosen]) => [...chosen].map((value) => [key, value])));
  if (order.value) query.set("sortierung", order.value);
  return String(query) ? `?${query}` : location.pathname;
}

function without(choice, key, value) {
  const rest = new Map([...choice].map(([name, chosen]) => [name, new Set(chosen)]));
  rest.get(key)?.delete(value);
  return rest;
}

// --- What is shown.

function hits(amount) {
  return amount === 1 ? "1 Treffer" : `${amount.toLocaleString("de")} Treffer`;
}

function showCounts(choice) {
  for (const key of index.keys) {
    const counts = index.counts(choice, key);
    const own = boxes.filter((box) => box.name === key);
    for (const box of own) {
      const amount = counts.get(box.value) ?? 0;
      box.disabled = !amount && !box.checked;
      box.parentElement.querySelector("span").textContent = amount;
    }
    const chosen = own.filter((box) => box.checked).length;
    const group = own[0]?.closest("details");
    if (group) group.querySelector(".wb-facet__chosen").textContent = chosen ? `(${chosen} gewählt)` : "";
  }
}

function showMarks(choice) {
  const marks = [...choice].flatMap(([key, chosen]) => [...chosen].map((value) => {
    const label = index.labels.get(key).get(value);
    const cross = element("span", { ariaHidden: "true", textContent: " ✕" });
    const button = action(label, () => go(without(choice, key, value)));
    button.prepend(element("span", { className: "wb-hidden", textContent: "Filter entfernen: " }));
    button.append(cross);
    return element("li", {}, button);
  }));
  if (marks.length > 1) marks.push(element("li", {}, action("Alle Filter löschen", () => go(new Map()))));
  form.querySelector(".wb-facets__chosen").replaceChildren(...marks);
}

// A button that vanishes by what it does; the focus goes to where the next choice is made.
function action(text, change) {
  const button = element("button", { type: "button", textContent: text });
  button.addEventListener("click", () => {
    change();
    form.querySelector("summary").focus();
  });
  return button;
}

async function textOf(number) {
  const file = Math.floor(number / index.perFile);
  if (!texts.has(file)) {
    const loading = load(`massnahmen/texte-${file}.json`);
    loading.catch(() => texts.delete(file)); // so that the next choice asks again
    texts.set(file, loading);
  }
  return (await texts.get(file))[number % index.perFile];
}

// By title as German orders it, or by the year of the beginning, newest first and those without one last.
async function inOrder(found, sorted) {
  if (sorted === "titel") {
    const titles = new Map(await Promise.all(found.map(async (number) => [number, (await textOf(number))[1]])));
    const german = new Intl.Collator("de", { numeric: true });
    return [...found].sort((a, b) => german.compare(titles.get(a), titles.get(b)));
  }
  const year = (number) => Number(index.valuesOf(number, "jahr")[0] ?? 0);
  return sorted === "jahr" ? [...found].sort((a, b) => year(b) - year(a)) : found;
}

async function item(number) {
  const [ref, title, summary, period, reason] = await textOf(number);
  const value = (key) => index.valuesOf(number, key)[0];
  const state = value("status");
  const meta = element("p", { className: "wb-meta" }, `${index.labels.get("partner").get(value("partner"))} · `,
    element("span", { className: `wb-status wb-status--${state}`, textContent: index.labels.get("status").get(state) }), period && ` · ${period}`);
  return element("li", {}, element("a", { href: new URL(`massnahmen/${ref}/`, root), textContent: title }),
    element("p", { textContent: form.dataset.base ? reason : summary }), meta);
}

async function listOf(found) {
  const shown = element("ul", { className: "wb-items" });
  const more = element("button", { type: "button", className: "wb-more" });
  const add = async () => {
    const start = shown.children.length;
    shown.append(...await Promise.all(found.slice(start, start + index.perPage).map(item)));
    const rest = found.length - shown.children.length;
    more.hidden = !rest;
    more.textContent = `Weitere zeigen (noch ${rest})`;
    if (start) shown.children[start].querySelector("a").focus();
  };
  more.addEventListener("click", add);
  await add();
  return [element("h2", { textContent: "Gefilterte Maßnahmen" }), shown, more];
}

// Nothing fits: which filter is to blame, with what its removal would show.
function nothing(choice) {
  const ways = [...choice].flatMap(([key, chosen]) => [...chosen].map((value) => {
    const rest = without(choice, key, value);
    return { amount: index.matching(rest).length, label: index.labels.get(key).get(value), rest };
  })).filter(({ amount }) => amount).sort((a, b) => b.amount - a.amount);
  return [element("p", { textContent: "Zu dieser Auswahl ist keine Maßnahme erfasst." }),
    element("ul", {}, ...ways.map(({ amount, label, rest }) => element("li", {}, action(`ohne „${label}“: ${hits(amount)}`, () => go(rest)))))];
}

async function show() {
  const { choice, unknown, sorted } = inAddress();
  order.value = sorted;
  if (!index && !choice.size && !unknown.length && !sorted) return;
  for (const box of boxes) box.checked = choice.get(box.name)?.has(box.value) ?? false;
  try {
    await showChoice(choice, unknown, sorted, ++turn);
  } catch {
    unloadable();
  }
}

async function showChoice(choice, unknown, sorted, mine) {
  await loadIndex();
  if (mine !== turn) return; // a later choice has overtaken this one
  const found = index.matching(choice);
  showCounts(choice);
  showMarks(choice);
  form.querySelector(".wb-facets__show").textContent = `${hits(found.length)} zeigen`;
  const narrowed = choice.size || sorted;
  const content = !narrowed ? original : found.length ? await listOf(await inOrder(found, sorted)) : nothing(choice);
  if (mine !== turn) return;
  list.replaceChildren(...content);
  const notes = unknown.map((value) => `„${value}“ gibt es nicht und wurde übergangen.`);
  status.textContent = [narrowed ? `${hits(found.length)}.` : "", ...notes].filter(Boolean).join(" ");
}

function go(choice) {
  history.pushState(null, "", address(choice));
  show();
}

// The list as it is narrowed, as a file; the table of all measures is fetched for it.
async function download(kind) {
  await loadIndex();
  const { csvFile, someRows, xlsxFile } = await import("./table-files.js");
  const answer = await fetch(new URL("massnahmen/massnahmen.csv", root));
  if (!answer.ok) throw new Error(answer.url);
  const { choice, sorted } = inAddress();
  const lines = someRows(await answer.text(), await inOrder(index.matching(choice), sorted));
  const address = URL.createObjectURL(kind === "csv" ? csvFile(lines) : xlsxFile(lines));
  element("a", { href: address, download: `massnahmen.${kind}` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

function unloadable() {
  status.textContent = "Die Daten lassen sich gerade nicht laden. Bitte später noch einmal versuchen.";
}

form.hidden = false;
for (const button of form.querySelectorAll("[data-download]")) {
  button.addEventListener("click", () => download(button.dataset.download).catch(unloadable));
}
form.addEventListener("change", () => go(inBoxes()));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  form.querySelector(".wb-facets__panel").open = false;
  list.scrollIntoView();
});
addEventListener("popstate", show);
show();
