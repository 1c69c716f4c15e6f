// The form with which readers propose a measure or correct one. Nothing is sent anywhere: a checked proposal becomes a
// file, a mail or a prefilled page of the repository's forge, and the draft stays in this browser.
// What reads, checks and writes is loaded when a reader first needs it.

const DRAFTS = "wb-vorschlag";
const MAIL_LIMIT = 1800;
const ISSUE_LIMIT = 7500;
const TEMPLATE = ".github/ISSUE_TEMPLATE/vorschlag.md"; // Forgejo reads it too
const REF = /^[a-z0-9]+(-[a-z0-9]+)*\/[a-z0-9]+(-[a-z0-9]+)*$/;
const UNNAMED = "neu"; // stands for a record that comes along and has no title yet
const KINDS = ["measure", "source", "partner"];

const form = document.querySelector(".wb-proposal");
const { root, files, fields: fieldsFile, new: NEW, email, forge, repository, label } = form.dataset;
const $ = (id) => document.getElementById(id);
const query = new URLSearchParams(location.search);

// What is being corrected: { ref, partner, id, title, record: { data, text } }; null for a new measure.
let corrected = null;
let before = {}; // the answers as the form showed them at first
let after = null; // the last checked proposal
const touched = new Set();

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function once(make) {
  let made;
  return () => (made ??= make().catch((error) => {
    made = undefined; // asked for again next time
    throw error;
  }));
}

async function json(path) {
  const answer = await fetch(new URL(root + path, location.href));
  if (!answer.ok) throw new Error(path);
  return answer.json();
}

const tools = once(async () => {
  const [shape, file, text, description] = await Promise.all([
    import("./proposal-fields.js"), import("./record-file.js"), import("./proposal-text.js"), json(fieldsFile)]);
  return { ...shape, ...file, ...text, description, names: new shape.Names(description) };
});
const checks = once(async () => {
  const [check, ...schemas] = await Promise.all([import("./proposal-check.js"), ...KINDS.map((kind) => json(`schema/${kind}.json`))]);
  return { ...check, schemas: Object.fromEntries(KINDS.map((kind, number) => [kind, schemas[number]])) };
});

const partnerFiles = new Map();
async function measuresOf(partner) {
  if (!/^[a-z0-9-]+$/.test(partner)) return {};
  if (!partnerFiles.has(partner)) partnerFiles.set(partner, (await json(`${files}${partner}.json`)).measures);
  return partnerFiles.get(partner);
}

// --- Growing lists and what comes along ---

function add(list) {
  const number = Number(list.dataset.made ?? 0) + 1;
  list.dataset.made = number;
  const entry = list.querySelector(":scope > template").content.firstElementChild.cloneNode(true);
  for (const part of [entry, ...entry.querySelectorAll("*")]) {
    for (const name of ["id", "for", "name", "aria-describedby"]) {
      if (part.hasAttribute(name)) part.setAttribute(name, part.getAttribute(name).replace("-n-", `-${number}-`));
    }
  }
  list.querySelector(":scope > [data-add]").before(entry);
  renumber(list);
  return entry;
}

function renumber(list) {
  for (const [index, entry] of list.querySelectorAll(":scope > [data-entry]").entries()) {
    for (const place of entry.querySelectorAll("[data-number]")) place.textContent = index + 1;
  }
}

// Shows the questions about a record that comes along, and says so, since they may lie above the field that asks for them.
function reveal() {
  const wanted = {
    partner: !corrected && $("measure-partner").value === NEW,
    source: [...form.querySelectorAll("select")].some((select) => select.id !== "measure-partner" && select.value === NEW),
  };
  for (const [kind, shown] of Object.entries(wanted)) {
    const box = $(kind);
    if (shown && box.hidden) say(`Bitte füllen Sie auch „${box.querySelector("legend").textContent}“ aus.`);
    box.hidden = !shown;
  }
}

// --- Answers ---

// The answers as they stand there, for drafts: names stay names.
function rawAnswers({ read, description }) {
  return Object.fromEntries(KINDS.map((kind) => [kind, read(description.fields[kind], kind, asItIs)]));
}

// { measure, along: { source, partner } } with keys and ids in place of names, and the element of each place.
async function answers() {
  const kit = await tools();
  const { slug } = await checks();
  const { description, names, read } = kit;
  const places = Object.fromEntries(KINDS.map((kind) => [kind, new Map()]));
  const partner = corrected ? corrected.partner : $("measure-partner").value;
  names.measures = Object.fromEntries(Object.entries(partner && partner !== NEW ? await measuresOf(partner) : {}).map(([id, { data }]) => [id, data.title]));
  const along = {};
  const readAlong = (kind) => {
    if ($(kind).hidden) return;
    const data = read(description.fields[kind], kind, names.meant, places[kind]);
    along[kind] = { ...data, id: data.id ?? slug(data.title ?? "") };
  };
  const meant = (field, input, text, siblings) =>
    (text === NEW && input.matches("select") ? along[field.refers_to[0]]?.id || UNNAMED : names.meant(field, input, text, siblings));
  readAlong("source");
  readAlong("partner");
  names.coming = along.source;
  const said = read(description.fields.measure, "measure", meant, places.measure);
  if (along.partner && said.sources) along.partner.sources = said.sources; // it rests on the same evidence
  const own = corrected ? { partner: corrected.partner, id: corrected.id } : { id: said.id ?? slug(said.title ?? "") };
  return { measure: { ...said, ...own }, along, places };
}

// The whole measure: what the form shows as it is said there, everything else as it was.
function merged({ same, description }, said) {
  if (!corrected) return said;
  const whole = { ...corrected.record.data, text: corrected.record.text, partner: corrected.partner, id: corrected.id };
  for (const { key } of description.fields.measure) {
    if (same(said[key], before[key])) continue;
    if (said[key] === undefined) delete whole[key];
    else whole[key] = said[key];
  }
  return whole;
}

function pathOf(folders, kind, { partner, id }) {
  return kind === "measure" ? `${folders[kind]}/${partner}/${id}.md` : `${folders[kind]}/${id}.md`;
}

function fileOf({ description, recordFile }, kind, { text = "", ...data }) {
  const { partner, id, ...own } = data;
  return recordFile(description.fields[kind].filter(({ key }) => Object.hasOwn(own, key)), own, text);
}

// A proposal that has been read and checked: { measure, along, faults: [{ title, message, element }] }.
async function examined() {
  const [kit, check, said] = await Promise.all([tools(), checks(), answers()]);
  const measure = merged(kit, said.measure);
  const taken = corrected ? {} : kit.names.measures;
  const coming = Object.fromEntries(Object.entries(said.along).map(([kind, { id }]) => [kind, id || UNNAMED]));
  const known = { names: kit.names, partner: measure.partner, coming, taken };
  const faults = [];
  for (const [kind, data] of Object.entries({ measure, ...said.along })) {
    for (const fault of check.faultsOf(kind, data, check.schemas[kind], known, fileOf(kit, kind, data))) {
      const shown = said.places[kind].get(fault.place);
      // The evidence of a new partner is that of the measure, where its faults are told.
      if (shown || kind === "measure") faults.push({ ...fault, element: shown });
    }
  }
  return { measure, along: said.along, faults };
}

// --- Messages ---

const holder = (shown) => shown.closest("[data-widget]");
const target = (shown) => (shown.matches("fieldset") ? shown.querySelector("input, select, textarea, button") ?? shown : shown);

function unmark() {
  for (const told of form.querySelectorAll(".wb-error")) told.remove();
  for (const marked of form.querySelectorAll("[aria-invalid]")) marked.removeAttribute("aria-invalid");
  for (const described of form.querySelectorAll("[data-described]")) {
    const own = described.dataset.described;
    if (own) described.setAttribute("aria-describedby", own);
    else described.removeAttribute("aria-describedby");
    delete described.dataset.described;
  }
}

function mark({ title, message, element: shown }) {
  if (!shown) return;
  const id = `${shown.id}-fehler`;
  const told = element("p", { id, className: "wb-error", textContent: `${title}: ${message}` });
  shown.dataset.described = shown.getAttribute("aria-describedby") ?? "";
  shown.setAttribute("aria-describedby", `${shown.dataset.described} ${id}`.trim());
  target(shown).setAttribute("aria-invalid", "true");
  if (shown.matches("fieldset")) shown.querySelector(":scope > legend").after(told);
  else (shown.closest(".wb-entry--line") ?? shown).before(told);
}

function showFaults(faults) {
  const box = $("fehler");
  box.hidden = !faults.length;
  $("fehler-titel").textContent = faults.length === 1 ? "Eine Angabe fehlt noch oder stimmt nicht" : `${faults.length} Angaben fehlen noch oder stimmen nicht`;
  box.querySelector("ul").replaceChildren(...faults.map(({ title, message, element: shown }) =>
    element("li", {}, shown ? element("a", { href: `#${target(shown).id}`, textContent: `${title}: ${message}` }) : `${title}: ${message}`)));
}

function showField(id) {
  const found = $(id);
  for (let around = found?.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
  found?.focus();
}

function say(text) {
  $("stand").textContent = text;
}

const NOT_LOADED = "Die Prüfung lässt sich gerade nicht laden. Bitte später noch einmal versuchen; Ihre Angaben bleiben stehen.";

let latest = 0; // a check that was overtaken by another says nothing

// On leaving a field: only what the reader has already changed is spoken of.
async function checkTouched() {
  if (!touched.size) return;
  const number = ++latest;
  try {
    const { faults } = await examined();
    if (number !== latest) return;
    unmark();
    for (const fault of faults) if (fault.element && touched.has(holder(fault.element).id)) mark(fault);
  } catch (error) {
    say(NOT_LOADED);
    throw error;
  }
}

// Checks everything and shows what is wrong, or the ways to hand it in; `still` if all of it is right as it was.
async function finish(still) {
  const number = ++latest;
  say("Wird geprüft …");
  try {
    if (still) $("measure-checked").value = today();
    const found = await examined();
    if (number !== latest) return;
    say("");
    unmark();
    found.faults.forEach(mark);
    showFaults(found.faults);
    if (found.faults.length) {
      for (const { element: shown } of found.faults) if (shown) touched.add(holder(shown).id);
      $("ergebnis").hidden = true;
      await differs();
      $("fehler").focus();
    } else {
      await showResult(found, still);
    }
  } catch (error) {
    say(NOT_LOADED);
    throw error;
  }
}

// --- Results ---

function today() {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

async function differs() {
  if ($("auskunft").hidden) return;
  $("auskunft").hidden = true;
  $("fragen").hidden = false;
  await restore();
}

// The page on which the forge takes a new issue. The template, or GitLab's own command, gives it the label that marks
// proposals: on GitHub a label in the address is refused to people who may not sort issues.
function newIssue(title, body) {
  const address = new URL(forge === "gitlab" ? "-/issues/new" : "issues/new", repository);
  const said = forge === "gitlab"
    ? { "issue[title]": title, "issue[description]": `/label ~${label}\n\n${body}` }
    : { template: forge === "github" ? TEMPLATE.split("/").at(-1) : TEMPLATE, title, ...(body && { body }) };
  for (const [name, value] of Object.entries(said)) address.searchParams.set(name, value);
  return address.href;
}

async function showResult(found, still) {
  const kit = await tools();
  const { measure, along } = found;
  const past = corrected && { ...corrected.record.data, text: corrected.record.text };
  const { partner, id, ...now } = measure;
  if (corrected && kit.same(past, now) && !Object.keys(along).length) {
    say(still ? "Diese Maßnahme ist heute schon als geprüft eingetragen." : "Sie haben noch nichts geändert.");
    return;
  }
  const body = corrected ? kit.correctionText(kit.description, corrected.ref, past, now, along) : kit.proposalText(kit.description, measure, along);
  const what = still ? "Stimmt noch" : corrected ? "Korrektur" : "Neue Maßnahme";
  after = { title: `${what}: ${measure.title}`, body };
  showWays(after);
  showFiles(Object.entries({ measure, ...along }).map(([kind, data]) => [pathOf(kit.description.folders, kind, data), fileOf(kit, kind, data)]));
  $("ergebnis-titel").textContent = still ? "Danke! So geben Sie es weiter" : "Alles in Ordnung: So reichen Sie Ihren Vorschlag ein";
  $("ergebnis").hidden = false;
  $("ergebnis-titel").focus();
}

function showWays({ title, body }) {
  const result = $("ergebnis");
  const letter = `?subject=${encodeURIComponent(title)}&body=${encodeURIComponent(body.replaceAll("\n", "\r\n"))}`;
  const mailFits = `mailto:${email}${letter}`.length <= MAIL_LIMIT;
  result.querySelector("[data-mail] a").href = `mailto:${email}${mailFits ? letter : `?subject=${encodeURIComponent(title)}`}`;
  result.querySelector("[data-mail-long]").hidden = mailFits;
  const issue = result.querySelector("[data-issue]");
  if (issue) {
    const full = newIssue(title, body);
    const fits = full.length <= ISSUE_LIMIT;
    issue.href = fits ? full : newIssue(title, "");
    result.querySelector("[data-issue-long]").hidden = fits;
  }
  $("vorschlag-text").value = body;
  result.querySelector("[data-copy] + [role=status]").textContent = "";
}

function showFiles(made) {
  $("ergebnis").querySelector("[data-files]").replaceChildren(...made.map(([path, content]) => {
    const name = path.split("/").at(-1);
    const button = element("button", { type: "button", className: "wb-button", textContent: `${name} herunterladen` });
    button.addEventListener("click", () => download(name, content));
    return element("section", { className: "wb-file" },
      element("h4", {}, element("code", { textContent: path })),
      element("p", {}, button),
      element("details", { className: "wb-more", open: made.length === 1 },
        element("summary", { textContent: "Vorschau" }),
        element("pre", {}, element("code", { textContent: content }))));
  }));
}

function download(name, content) {
  const address = URL.createObjectURL(new Blob([content], { type: "text/markdown" }));
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

async function copy(button) {
  const told = button.nextElementSibling;
  try {
    await navigator.clipboard.writeText(after.body);
    told.textContent = "Der Text ist kopiert.";
  } catch {
    const text = $("vorschlag-text");
    text.closest("details").open = true;
    text.focus();
    text.select();
    told.textContent = "Der Text ist ausgewählt. Bitte mit Strg+C kopieren.";
  }
}

// --- Drafts ---

const draftName = () => corrected?.ref ?? "";

function drafts() {
  try {
    const found = JSON.parse(localStorage.getItem(DRAFTS));
    return found && typeof found === "object" && !Array.isArray(found) ? found : {};
  } catch {
    return {}; // none, spoilt, or storage is switched off
  }
}

function keep(values) {
  const all = Object.entries(drafts()).filter(([name]) => name !== draftName());
  if (values) all.push([draftName(), values]);
  try {
    if (all.length) localStorage.setItem(DRAFTS, JSON.stringify(Object.fromEntries(all)));
    else localStorage.removeItem(DRAFTS);
  } catch {
    return; // the form then works without a draft
  }
  for (const button of form.querySelectorAll("[data-forget]")) button.hidden = !values;
}

const asItIs = (field, input, text) => text;

// Fills the form; `shown` turns values into what stands in the fields.
async function refill(values, shown) {
  const { fill, description } = await tools();
  for (const kind of KINDS) fill(description.fields[kind], kind, values?.[kind], shown, add);
  reveal();
}

// The form as it was before the reader began.
async function reset() {
  const { names } = await tools();
  await refill(corrected ? { measure: { ...corrected.record.data, text: corrected.record.text } } : {}, names.shown);
}

let waiting;
function remember() {
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    const kit = await tools();
    if (corrected) markChanged(kit);
    keep(rawAnswers(kit));
  }, 300);
}

async function forget() {
  clearTimeout(waiting);
  keep(null);
  touched.clear();
  unmark();
  showFaults([]);
  $("ergebnis").hidden = true;
  await reset();
  if (corrected) markChanged(await tools());
  notice("Der Entwurf ist gelöscht.");
}

// What the page that led here knew already: ?partner=…&category=… and other choices by their keys.
async function prefill() {
  const { description } = await tools();
  const chosen = description.fields.measure.filter(({ key, kind }) => ["choice", "reference"].includes(kind) && query.has(key));
  if (!chosen.length) return;
  const given = Object.fromEntries(chosen.map(({ key, many }) => [key, many ? query.getAll(key) : query.get(key)]));
  await refill({ measure: given }, asItIs);
}

async function restore() {
  const all = drafts();
  if (!Object.hasOwn(all, draftName())) {
    if (!query.has("massnahme") && query.size) await prefill();
    return;
  }
  await refill(all[draftName()], asItIs);
  for (const button of form.querySelectorAll("[data-forget]")) button.hidden = false;
  if (corrected) markChanged(await tools());
  const said = [...$("hinweis").querySelector("[role=status]").childNodes];
  notice(...said, said.length ? " " : "", "Ihr Entwurf ist wieder da. Er liegt nur in diesem Browser.");
}

function notice(...parts) {
  $("hinweis").hidden = false;
  $("hinweis").querySelector("[role=status]").replaceChildren(...parts);
}

// --- Corrections ---

// Marks the fields that say something else than before, and says what that was.
function markChanged({ read, same, description, names, valueText }) {
  const now = read(description.fields.measure, "measure", names.meant);
  for (const field of description.fields.measure) {
    const shown = $(`measure-${field.key}`);
    if (!shown) continue;
    const was = `${shown.id}-bisher`;
    $(was)?.remove();
    if (same(now[field.key], before[field.key])) continue;
    const value = before[field.key] === undefined ? "keine Angabe" : valueText(field, before[field.key]);
    const told = element("p", { id: was, className: "wb-was", textContent: `Geändert. Bisher: ${value}` });
    (shown.dataset.widget === "flag" ? shown.parentElement : shown).after(told);
  }
}

// What a value says to people who see no keys: names and labels, the parts of an entry side by side.
function spoken({ names, description }, field, value, data) {
  if (Array.isArray(value)) return value.flatMap((entry) => spoken({ names, description }, { ...field, many: false }, entry, data));
  if (field.kind === "part") {
    const parts = field.parts.filter(({ key }) => value[key] !== undefined);
    return [parts.flatMap((part) => spoken({ names, description }, part, value[part.key], value)).join(" · ")];
  }
  const chosen = field.choices?.find(([key]) => key === value)?.[1] ?? (field.kind === "flag" ? (value === "true" ? "ja" : "nein") : null);
  return [chosen ?? names.nameOf(field, value, data)];
}

function facts(kit) {
  const said = { ...corrected.record.data, text: corrected.record.text };
  const shown = kit.description.fields.measure.filter(({ key, kind }) => said[key] !== undefined && kind !== "alias");
  return shown.map((field) => element("div", { className: ["text", "sentence"].includes(field.kind) ? "wb-wide" : "" },
    element("dt", { textContent: field.title }),
    element("dd", {}, ...spoken(kit, field, said[field.key], said).flatMap((value) => value.split("\n").filter(Boolean))
      .map((line) => element("div", { textContent: line })))));
}

async function correct(ref) {
  const [partner, id] = ref.split("/");
  const measures = REF.test(ref) ? await measuresOf(partner).catch(() => ({})) : {};
  if (!Object.hasOwn(measures, id ?? "")) {
    notice("Diese Maßnahme gibt es nicht oder nicht mehr. Sie können hier eine neue vorschlagen.");
    return;
  }
  const record = measures[id];
  corrected = { ref, partner, id, record };
  const kit = await tools();
  kit.names.measures = Object.fromEntries(Object.entries(measures).map(([name, { data }]) => [name, data.title]));
  form.querySelector("[data-new-only]").hidden = true;
  $("measure-id").closest(".wb-field").hidden = true;
  await reset();
  before = kit.read(kit.description.fields.measure, "measure", kit.names.meant);
  const [, name] = kit.description.records.partner.find(([known]) => known === partner) ?? [];
  document.querySelector("h1").textContent = "Angabe korrigieren";
  document.title = `Angabe korrigieren: ${record.data.title}`;
  const page = new URL(`${root}massnahmen/${ref}/`, location.href).href;
  const still = query.get("stimmt") === "1";
  notice(still ? "Es geht um: " : "Sie korrigieren: ", element("a", { href: page, textContent: record.data.title }),
    ` (${name ?? partner}).${still ? "" : " Was Sie ändern, wird markiert."}`);
  if (still) {
    document.querySelector("h1").textContent = "Stimmt noch?";
    document.querySelector(".wb-lead").textContent = "Stimmt alles, was hier steht? Dann genügt ein Klick.";
    $("auskunft").querySelector("dl").replaceChildren(...facts(kit));
    $("auskunft").hidden = false;
    $("fragen").hidden = true;
  }
}

// --- Suggestions ---

async function suggest(input) {
  const { names, read, description } = await tools();
  const partner = corrected?.partner ?? $("measure-partner").value;
  if (input.dataset.suggest === "measure" && partner && partner !== NEW) {
    const found = await measuresOf(partner).catch(() => ({}));
    names.measures = Object.fromEntries(Object.entries(found).map(([id, { data }]) => [id, data.title]));
  }
  const id = `wb-liste-${input.dataset.suggest.replaceAll(" ", "-")}`;
  $(id)?.remove();
  const siblings = { document: $(input.id.replace(/[a-z_]+$/, "document"))?.value ?? "" };
  const known = names.of(input, siblings);
  const options = known.map(([value]) => element("option", { value: names.shown(null, input, value, siblings) }));
  form.append(element("datalist", { id }, ...options));
  input.setAttribute("list", id);
}

// --- Events ---

function changed(event) {
  $("ergebnis").hidden = true;
  const shown = holder(event.target);
  if (shown) touched.add(shown.id);
  reveal();
  remember();
}

function click(event) {
  const button = event.target.closest("button, a");
  if (!button) return;
  if ("add" in button.dataset) {
    add(button.parentElement).querySelector("input, select, textarea").focus();
  } else if ("remove" in button.dataset) {
    const list = button.closest("[data-entry]").parentElement;
    button.closest("[data-entry]").remove();
    renumber(list);
    list.querySelector(":scope > [data-add]").focus();
    touched.add(list.id);
    reveal();
    remember();
  } else if ("forget" in button.dataset) {
    forget();
  } else if ("still" in button.dataset) {
    finish(true);
  } else if ("differs" in button.dataset) {
    differs().then(() => $("measure-title").focus());
  } else if ("copy" in button.dataset) {
    copy(button);
  } else if (button.closest("#fehler")) {
    event.preventDefault();
    showField(button.hash.slice(1));
  }
}

async function start() {
  for (const list of form.querySelectorAll("[data-widget=list], [data-widget=parts]")) add(list);
  form.addEventListener("input", changed);
  form.addEventListener("focusin", ({ target: shown }) => shown.dataset?.suggest && suggest(shown));
  form.addEventListener("focusout", ({ relatedTarget }) => relatedTarget?.type === "submit" || checkTouched());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    finish(false);
  });
  document.querySelector("main").addEventListener("click", click);
  try {
    if (query.has("massnahme")) await correct(query.get("massnahme"));
    if ($("auskunft").hidden) await restore();
  } catch (error) {
    say(NOT_LOADED);
    throw error;
  }
}

start();
