// What a page must hold beyond the rules of axe-core, asked inside the page. Every check returns sentences on what is
// wrong, an empty list if nothing is. Injected by tests/inspecting.py; needs axe for names.
"use strict";

globalThis.checks = (() => {
  const shown = (element) => element.checkVisibility({ visibilityProperty: true });
  const all = (selector, root = document) => [...root.querySelectorAll(selector)].filter(shown);
  const text = (element) => element.textContent.trim().replace(/\s+/g, " ");
  const said = (element) => `<${element.localName}${element.id && `#${element.id}`}${[...element.classList].map((name) => `.${name}`).join("")}> „${text(element).slice(0, 60)}“`;

  // The names that assistive technology is told, of many elements at once.
  function names(elements) {
    axe.setup(document);
    try {
      return new Map(elements.map((element) => [element, axe.commons.text.accessibleText(element).trim().replace(/\s+/g, " ")]));
    } finally {
      axe.teardown();
    }
  }

  // --- Colours ---

  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });

  // [red, green, blue, alpha] of any computed colour.
  function channels(colour) {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  }

  function luminance(colour) {
    const [r, g, b] = channels(colour).slice(0, 3).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }

  // As WCAG defines it.
  function contrast(one, other) {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  }

  // What lies behind an element: the first opaque background from its parent outwards.
  function ground(element) {
    for (let around = element.parentElement; around; around = around.parentElement) {
      const { backgroundColor } = getComputedStyle(around);
      if (channels(backgroundColor)[3] === 255) return backgroundColor;
    }
    return "Canvas";
  }

  const ENOUGH = 3; // WCAG 1.4.11

  // --- Structure ---

  function headings() {
    const found = all("h1, h2, h3, h4, h5, h6");
    const levels = found.map((heading) => Number(heading.localName[1]));
    const faults = levels.filter((level) => level === 1).length === 1 && levels[0] === 1 ? [] : ["The page has not exactly one h1, at its top."];
    found.forEach((heading, at) => {
      if (!text(heading)) faults.push(`${said(heading)} is empty.`);
      if (at && levels[at] > levels[at - 1] + 1) faults.push(`${said(heading)} skips a level.`);
    });
    return faults;
  }

  const EMPTY_WORDS = /^(hier|mehr|weiter|weiterlesen|link|details|klick(en)?|zurück|download|vergleichen|bearbeiten)$/i;
  const FILE = /\.(csv|json|ods|pdf|xlsx|zip)$/;

  // What tells links of one name apart: the navigation they belong to, or what their description is about.
  function context(link) {
    const menu = link.closest("nav");
    return menu ? menu.ariaLabel ?? document.getElementById(menu.getAttribute("aria-labelledby")).textContent : link.closest("dd")?.parentElement.querySelector("dt")?.textContent;
  }

  // In a table the row and the column say which is meant.
  const inTable = (link) => link.closest("td") && link.closest("tr").querySelector("th[scope=row]");

  function links() {
    const faults = [];
    const found = all("a[href]");
    const named = names(found);
    const targets = new Map();
    for (const link of found) {
      const name = named.get(link);
      const target = new URL(link.getAttribute("href"), document.baseURI); // a link in a picture has no href of its own
      const elsewhere = target.protocol.startsWith("http") && target.origin !== location.origin;
      if (EMPTY_WORDS.test(name)) faults.push(`${said(link)} does not say where it leads.`);
      const [, type] = FILE.exec(target.pathname) ?? [];
      if (type && !elsewhere && !name.toLowerCase().includes(type)) faults.push(`${said(link)} does not say that it opens a file of type ${type}.`);
      if (target.protocol === "mailto:" && !/@|E-Mail/.test(name)) faults.push(`${said(link)} does not say that it opens a mail.`);
      if (elsewhere && !marked(link)) faults.push(`${said(link)} leads elsewhere and does not show it.`);
      if (link.getAttribute("target") && !/neue[mns] (Fenster|Tab)/.test(text(link.parentElement))) faults.push(`${said(link)} opens a window and does not say so.`);
      if (inTable(link)) continue;
      const key = `${name}\n${context(link)}`;
      if (targets.has(key) && targets.get(key) !== target.href) faults.push(`${said(link)} leads to ${target.href}, another link of this name to ${targets.get(key)}.`);
      targets.set(key, target.href);
    }
    return faults;
  }

  const marked = (link) => getComputedStyle(link, "::after").content !== "none";

  function tables() {
    return all("table").flatMap((table) => {
      const faults = [];
      if (!table.caption && !table.ariaLabel && !table.hasAttribute("aria-labelledby")) faults.push("has no name");
      const heads = [...table.querySelectorAll("th")];
      if (!heads.length || heads.some((head) => !["col", "row"].includes(head.scope))) faults.push("has heads without a scope");
      if (table.matches(".wb-table") && [...table.tBodies].flatMap((body) => [...body.rows]).some((row) => !row.querySelector("th") && row.cells.length > 2)) faults.push("has rows of several cells without a head");
      return faults.map((fault) => `${said(table)} ${fault}.`);
    });
  }

  // A scrolled box that a keyboard cannot reach, or that nobody announces.
  function scrolled() {
    const boxes = all("body *").filter((box) => {
      const { overflowX, overflowY } = getComputedStyle(box);
      return (/auto|scroll/.test(overflowX) && box.scrollWidth > box.clientWidth + 1) || (/auto|scroll/.test(overflowY) && box.scrollHeight > box.clientHeight + 1);
    }).filter((box) => !box.matches("textarea, select, input"));
    const named = names(boxes);
    return boxes.filter((box) => box.tabIndex < 0 || !named.get(box) || !box.role).map((box) => `${said(box)} is scrolled, but has no focus, name or role.`);
  }

  // What looks or acts as if it could be clicked must be a control; listeners are noted by tests/inspecting.py.
  function clickable() {
    const control = "a[href], button, summary, label, input, select, textarea, option";
    const looks = all("body *").filter((element) => getComputedStyle(element).cursor === "pointer" && !element.closest(control));
    const acts = [...(globalThis.clicked ?? [])].filter((element) => element instanceof Element && element.isConnected && !element.matches(control) && !element.matches("body, main, form"));
    return [...new Set([...looks, ...acts])].map((element) => `${said(element)} can be clicked, but is no control.`);
  }

  // Words that German does not have; three of them close together are running text.
  const ENGLISH = /\b(the|and|of|with|for|is|are|this|that|from|by|your|our|you|we|has|have|been)\b/gi;

  function languages() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const faults = [];
    while (walker.nextNode()) {
      const { data, parentElement: around } = walker.currentNode;
      if (around.closest("code, pre, script, style, :is([lang]):not([lang|=de])")) continue;
      for (const sentence of data.split(/[.!?;:]\s/)) {
        if ((sentence.match(ENGLISH) ?? []).length >= 3) faults.push(`„${sentence.trim().slice(0, 80)}“ is not German and not marked.`);
      }
    }
    return faults;
  }

  // --- Layout ---

  function overflow() {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const wide = all("body *").filter((element) => element.getBoundingClientRect().right > clientWidth + 1);
    return [`The page is ${scrollWidth} wide on ${clientWidth}: ${wide.slice(0, 3).map(said).join(", ")}`];
  }

  // Text that its own box cuts off, outside of what only screen readers are meant to say.
  function clipped() {
    return all("body *").filter((box) => {
      const { overflowX, overflowY, clipPath } = getComputedStyle(box);
      if (!text(box) || clipPath !== "none" || box.matches("textarea, select, option") || box.closest("svg")) return false;
      return (/hidden|clip/.test(overflowX) && box.scrollWidth > box.clientWidth + 1) || (/hidden|clip/.test(overflowY) && box.scrollHeight > box.clientHeight + 1);
    }).map((box) => `${said(box)} is cut off.`);
  }

  // Letters of a picture that lie outside of it. The names of rows may be cut off on a narrow screen, to keep them beside
  // their marks, as long as a link on the page says the same in full.
  function pictures() {
    const full = [...document.querySelectorAll("main li > a")].map(text);
    const repeated = (letters) => letters.closest(".wb-grid__names") && full.some((name) => name.startsWith(text(letters).replace("…", "")));
    return all("svg text").filter((letters) => !repeated(letters)).filter((letters) => {
      const [own, whole] = [letters, letters.ownerSVGElement].map((element) => element.getBoundingClientRect());
      return own.left < whole.left - 1 || own.right > whole.right + 1 || own.top < whole.top - 1 || own.bottom > whole.bottom + 1;
    }).map((letters) => `${said(letters)} lies outside of its picture.`);
  }

  const sizes = new Map();
  const letters = () => all("body *").filter((element) => !element.closest("svg") && [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim()));
  const sizeOf = (element) => Number.parseFloat(getComputedStyle(element).fontSize);

  function measureText() {
    for (const element of letters()) sizes.set(element, sizeOf(element));
    return [];
  }

  // After measureText(), when the reader has asked for letters of twice the size. Headings may grow with the window, too.
  function textDoubled() {
    return [...sizes].filter(([element, before]) => shown(element) && sizeOf(element) < before * 1.7).map(([element, before]) => `${said(element)} grows from ${before} to ${sizeOf(element)} only.`);
  }

  // --- What colours tell ---

  const SHAPES = "svg :is(path, circle, rect, line, text)";

  // What paints a shape, without what is drawn as a help for the eye only.
  function paints(shape) {
    const { fill, stroke, strokeWidth } = getComputedStyle(shape);
    return [fill, Number.parseFloat(strokeWidth) ? stroke : "none"].filter((paint) => paint !== "none");
  }

  // Shapes that must be told from the page, fields from what is around them, at 3:1 at least.
  function graphics() {
    const faults = [];
    for (const shape of all(SHAPES).filter((part) => !part.matches(".wb-chart__grid"))) {
      const mark = shape.localName === "text" && shape.parentElement.querySelector(":scope > circle");
      const behind = mark ? getComputedStyle(mark).fill : ground(shape.ownerSVGElement);
      if (!paints(shape).some((paint) => contrast(paint, behind) >= (shape.localName === "text" ? 4.5 : ENOUGH))) faults.push(`${said(shape)} is hardly seen: ${paints(shape)} on ${behind}.`);
    }
    for (const field of all("input:not([type=checkbox], [type=radio]), select, textarea")) {
      const { borderTopColor, borderTopWidth, borderTopStyle, backgroundColor } = getComputedStyle(field);
      const edge = borderTopStyle !== "none" && Number.parseFloat(borderTopWidth) >= 1 && contrast(borderTopColor, ground(field)) >= ENOUGH;
      if (!edge && contrast(backgroundColor, ground(field)) < ENOUGH) faults.push(`${said(field)} has no edge that is seen.`);
    }
    return faults;
  }

  // In forced colours, where backgrounds and shadows are gone: what is a box of its own keeps an edge, what is pressed or
  // current still looks so.
  function boxes() {
    const selector = "button, .wb-facts, .wb-note, .wb-cards > li, .wb-search__note, .wb-error, .wb-was, fieldset.wb-entry";
    const bare = all(selector).filter((box) => !["Top", "Left"].some((side) => {
      const style = getComputedStyle(box);
      return Number.parseFloat(style[`border${side}Width`]) >= 1 && contrast(style[`border${side}Color`], ground(box)) >= ENOUGH;
    }));
    const states = all("[aria-pressed=true]").filter((button) => getComputedStyle(button, "::before").content === "none");
    const current = all("a[aria-current]").filter((link) => Number(getComputedStyle(link).fontWeight) < 600);
    return [...bare.map((box) => `${said(box)} has no edge.`), ...[...states, ...current].map((one) => `${said(one)} does not look pressed or current.`)];
  }

  // In forced colours letters have the canvas behind them, unless their element keeps its own ground.
  function legible() {
    const probe = Object.assign(document.createElement("p"), { style: "background: Canvas" });
    document.body.append(probe);
    const canvasColour = getComputedStyle(probe).backgroundColor;
    probe.remove();
    return letters().filter((element) => {
      const { color, backgroundColor, forcedColorAdjust } = getComputedStyle(element);
      const own = channels(backgroundColor)[3] ? backgroundColor : ground(element);
      return contrast(color, own) < 4.5 || (forcedColorAdjust === "auto" && !element.closest("button") && contrast(color, canvasColour) < 4.5);
    }).map((element) => `${said(element)} is not legible.`);
  }

  // Whatever is coloured by what it means says it in words, too.
  function words() {
    const coloured = all("[class*='wb-status--'], [class*='wb-praise--'], [class*='wb-level-'], .wb-error, .wb-was, mark");
    const pictures = all("svg").filter((picture) => picture.ariaHidden !== "true" && !picture.closest("figure")?.querySelector("figcaption"));
    return [...coloured.filter((element) => !text(element)), ...pictures].map((element) => `${said(element)} says nothing in words.`);
  }

  // --- Motion and paper ---

  function motion() {
    const seconds = (value) => Math.max(...value.split(",").map((part) => Number.parseFloat(part) * (part.trim().endsWith("ms") ? 0.001 : 1)));
    return [...document.querySelectorAll("*")].flatMap((element) => [null, "::before", "::after"].map((part) => [element, getComputedStyle(element, part)]))
      .filter(([, style]) => seconds(style.transitionDuration) > 0.01 || seconds(style.animationDuration) > 0.01 || style.scrollBehavior === "smooth")
      .map(([element]) => `${said(element)} moves.`);
  }

  function paper() {
    // The summary of something unfolded is a heading on paper, if it looks like one.
    const heading = (control) => control.matches("summary") && getComputedStyle(control).listStyleType === "none";
    const faults = all("button, input, select, nav, summary, .wb-skip").filter((control) => !heading(control) && (!control.closest(".wb-proposal") || control.matches("button"))).map((control) => `${said(control)} is printed.`);
    const folded = [...document.querySelectorAll("main details:not([open])")].filter((box) => box.parentElement.checkVisibility() && getComputedStyle(box).display !== "none" && !shown(box.querySelector(":scope > :not(summary)")));
    faults.push(...folded.map((box) => `${said(box)} stays folded.`));
    for (const link of all("main a[href^=http]:not(.wb-address)")) {
      if (link.origin !== location.origin && !getComputedStyle(link, "::after").content.includes(link.getAttribute("href"))) faults.push(`${said(link)} does not print its address.`);
    }
    for (const element of [document.documentElement, ...all("body, body *")]) {
      const { backgroundColor } = getComputedStyle(element);
      if (channels(backgroundColor)[3] && luminance(backgroundColor) < 0.5) faults.push(`${said(element)} prints a dark ground.`);
    }
    for (const element of letters()) if (contrast(getComputedStyle(element).color, "white") < 4.5) faults.push(`${said(element)} prints pale letters.`);
    return faults;
  }

  return { all, boxes, channels, clickable, clipped, contrast, graphics, ground, headings, languages, legible, links, motion, overflow, paper, pictures, said, scrolled, shown, tables, textDoubled, measureText, words };
})();
