// Puts the pages that the address names side by side: ?massnahme=…&massnahme=… or ?partner=…&partner=…,
// and with &ansicht=handzettel one after the other, each on a sheet of its own when printed.
// It reads the pages themselves, so that there is nothing to keep in step with them.

const FOLDERS = { massnahme: "massnahmen/", partner: "partner/" };
const MOST = 3; // side by side
const MOST_SHEETS = 20;
const MOST_SUGGESTED = 12;

const place = document.getElementById("vergleich");
const query = new URLSearchParams(location.search);
const root = new URL(place.dataset.root || "./", location.href);
// Needed only if the address names something to compare.
const { pageOf } = location.search ? await import("./facet-index.js") : {};

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// Only names as records have them: anything else in the address never becomes a request.
function chosen(kind) {
  const names = [...new Set(query.getAll(kind))].filter((name) => /^([a-z0-9-]+:)?[a-z0-9-]+(\/[a-z0-9-]+)?$/.test(name));
  return names.map((name) => ({ name, kind, address: new URL(pageOf(name, FOLDERS[kind]), root) }));
}

// A page of this site. Not by fetch: the site's policy lets no script turn text into markup, only the browser itself.
function documentAt(address) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    request.onload = () => (request.status === 200 ? resolve(request.response) : reject(new Error(address)));
    request.onerror = () => reject(new Error(address));
    request.send();
  });
}

// The content of a page, its links made to work from here. They stay without a host, by which the style sheet knows
// links to other sites.
async function contentOf(address) {
  const main = (await documentAt(address)).querySelector("main");
  for (const link of main.querySelectorAll("a[href]")) {
    const { href, origin } = new URL(link.getAttribute("href"), address);
    link.setAttribute("href", origin === root.origin ? href.slice(origin.length) : href);
  }
  return main;
}

async function read(choice) {
  const main = await contentOf(choice.address);
  return { ...choice, title: main.querySelector("h1").textContent, main, rows: rowsOf(main) };
}

// What a page says, by the name of the row: its summary, its facts, and the sections below them.
function rowsOf(main) {
  const rows = new Map([["Kurzfassung", [main.querySelector(".wb-lead")]]]);
  const origin = main.querySelector(".wb-origin"); // of a page that shows what another site has
  if (origin) rows.set("Herkunft", [origin]);
  for (const fact of main.querySelectorAll(".wb-facts > div")) {
    rows.set(fact.querySelector("dt").textContent, [fact.querySelector("dd")]);
  }
  for (const heading of main.querySelectorAll("h2[data-compare]")) {
    const parts = [];
    for (let next = heading.nextElementSibling; next && !next.matches("h2, section"); next = next.nextElementSibling) {
      parts.push(next);
    }
    rows.set(heading.textContent, parts);
  }
  return rows;
}

function copies(parts) {
  return parts.filter(Boolean).map((part) => {
    const copy = part.cloneNode(true);
    for (const marked of [copy, ...copy.querySelectorAll("[id]")]) marked.removeAttribute("id");
    return copy.tagName === "DD" ? element("div", {}, ...copy.childNodes) : copy;
  });
}

function withoutOne(pages, page) {
  const rest = new URLSearchParams(query);
  rest.delete(page.kind);
  for (const other of pages) if (other !== page) rest.append(page.kind, other.name);
  return `?${rest}`;
}

function table(pages) {
  const names = [...new Set(pages.flatMap((page) => [...page.rows.keys()]))];
  const heads = pages.map((page) => element("th", { scope: "col", textContent: page.title }));
  const body = names.map((name) =>
    element("tr", {}, element("th", { scope: "row", textContent: name }),
      ...pages.map((page) => {
        const cell = element("td", {}, element("div", {}, ...copies(page.rows.get(name) ?? [])));
        if (!page.rows.has(name)) cell.firstChild.textContent = "–";
        cell.dataset.label = page.title;
        return cell;
      })));
  return element("table", { className: "wb-table wb-stack wb-compare" },
    element("caption", { textContent: "Vergleich" }),
    element("thead", {}, element("tr", {}, element("th", { scope: "col", textContent: "Angabe" }), ...heads)),
    element("tbody", {}, ...body));
}

function choice(pages) {
  return element("ul", { className: "wb-plain wb-screen" }, ...pages.map((page) =>
    element("li", {},
      element("a", { href: page.address, textContent: page.title }), " · ",
      element("a", { href: withoutOne(pages, page) }, "weglassen",
        element("span", { className: "wb-hidden", textContent: `: ${page.title}` })))));
}

function handouts(pages) {
  return pages.map((page) => {
    const sheet = element("section", { className: "wb-handout" }, element("h2", { textContent: page.title }));
    for (const part of page.main.children) {
      if (part.matches("h1, .wb-crumbs, .wb-toc, .wb-actions, .wb-screen")) continue;
      sheet.append(...copies([part]).map((copy) => (copy.tagName === "H2" ? element("h3", {}, ...copy.childNodes) : copy)));
    }
    return sheet;
  });
}

function otherView(asHandout) {
  const other = new URLSearchParams(query);
  if (asHandout) other.delete("ansicht");
  else other.set("ansicht", "handzettel");
  return element("p", { className: "wb-screen" },
    element("a", { href: `?${other}`, textContent: asHandout ? "Nebeneinander zeigen" : "Als Handzettel zeigen, zum Drucken" }));
}

// The name of a measure by the address of its page; see pageOf.
function nameOf(path) {
  const own = path.split("/").slice(-3, -1).join("/");
  const [, site] = /\/verbund\/([a-z0-9-]+)\/massnahmen\//.exec(path) ?? [];
  return site ? `${site}:${own}` : own;
}

// To a single measure those that its page calls alike, else some of the same category; each link adds one.
async function suggestions(page) {
  if (page.kind !== "massnahme") return [element("p", { textContent: "Bitte unten weitere Partner wählen." })];
  let links = [...page.main.querySelectorAll(".wb-similar > li > a")];
  let title = "Dazu passt:";
  if (!links.length) {
    const category = page.main.querySelector(".wb-facts a[href*='/kategorien/']");
    links = [...(await contentOf(category.href)).querySelectorAll(".wb-items > li > a")];
    title = "Aus derselben Kategorie:";
  }
  const names = links.map((link) => [nameOf(new URL(link.href).pathname), link.textContent]);
  const others = names.filter(([name]) => name !== page.name).slice(0, MOST_SUGGESTED);
  return [element("p", { textContent: title }), element("ul", {}, ...others.map(([name, text]) =>
    element("li", {}, element("a", { href: `?massnahme=${page.name}&massnahme=${name}`, textContent: text }))))];
}

async function show(choices) {
  document.getElementById("auswahl").hidden = false;
  const status = document.querySelector("main > [role=status]"); // part of the page, since new ones are not announced
  status.textContent = "Wird geladen …";
  const asHandout = query.get("ansicht") === "handzettel";
  const most = asHandout ? MOST_SHEETS : MOST;
  const answers = await Promise.allSettled(choices.slice(0, most).map(read));
  const pages = answers.filter((answer) => answer.status === "fulfilled").map((answer) => answer.value);
  const missing = answers.filter((answer) => answer.status === "rejected").length;
  const notes = [];
  if (missing) notes.push(`${missing} der gewählten Seiten gibt es nicht (mehr).`);
  if (choices.length > most) notes.push(`Gezeigt werden die ersten ${most} von ${choices.length}.`);
  notes.unshift(pages.length === 1 ? "Eine Seite gewählt." : `${pages.length} Seiten gewählt.`);
  status.textContent = notes.join(" ");
  if (pages.length) place.append(choice(pages), otherView(asHandout), ...(asHandout ? handouts(pages) : [table(pages)]));
  if (pages.length === 1 && !asHandout) place.append(...await suggestions(pages[0]));
}

function setUpForm() {
  const form = document.querySelector(".wb-form");
  const boxes = [...form.querySelectorAll("input")];
  const note = form.querySelector(".wb-form__note");
  for (const box of boxes) box.checked = query.getAll("partner").includes(box.value);
  form.addEventListener("submit", (event) => {
    const amount = boxes.filter((box) => box.checked).length;
    const fits = amount >= 2 && amount <= MOST;
    note.textContent = fits ? "" : `Bitte zwei oder drei Partner wählen; gewählt sind ${amount}.`;
    if (fits) return;
    event.preventDefault();
    boxes[0].focus();
  });
}

setUpForm();
const choices = chosen("massnahme").length ? chosen("massnahme") : chosen("partner");
if (choices.length) show(choices);
