// A walk through the page by keyboard: tests/browser/test_keyboard.py presses the keys, this looks where they lead.
// Needs checks.js.
"use strict";

globalThis.walk = (() => {
  const { all, contrast, ground, said, shown } = checks;
  const SCREEN = () => ({ width: document.documentElement.clientWidth, height: innerHeight });

  // Of a group of radio buttons one is a stop: the one that is chosen, or the first.
  function isStop(element) {
    if (element.tabIndex < 0 || element.disabled || element.closest("[inert]")) return false;
    if (element.type !== "radio" || !element.name) return true;
    const group = all(`input[type=radio][name="${element.name}"]`);
    return element === (group.find((radio) => radio.checked) ?? group[0]);
  }

  const stops = () => all("a[href], button, input, select, textarea, summary, [tabindex], [contenteditable]").filter(isStop);

  // What may change when an element gets the focus; a mark on the map changes in place of its link.
  const parts = (element) => [element, ...element.querySelectorAll(".wb-map__mark")];
  const KEYS = ["outlineStyle", "outlineWidth", "outlineColor", "stroke", "strokeWidth", "backgroundColor", "borderColor", "boxShadow", "textDecorationLine"];
  const look = (element) => parts(element).map((part) => KEYS.map((key) => getComputedStyle(part)[key]).join(" ")).join("|");

  let expected = [];
  let before = new Map();

  function start() {
    document.activeElement.blur();
    getSelection().removeAllRanges();
    scrollTo(0, 0);
    expected = stops();
    before = new Map(expected.map((element) => [element, look(element)]));
    return expected.length;
  }

  // Something of every line of it must lie in the window with nothing on top.
  function faultOfPlace(element) {
    const { width, height } = SCREEN();
    const boxes = [...element.getClientRects()].filter((box) => box.width > 1 && box.height > 1);
    if (!boxes.length) return "has no box";
    const seen = boxes.filter((box) => box.bottom > 0 && box.top < height && box.right > 0 && box.left < width);
    if (!seen.length) return "is outside of the window";
    const covered = seen.filter((box) => {
      const x = (Math.max(box.left, 0) + Math.min(box.right, width)) / 2;
      const y = (Math.max(box.top, 0) + Math.min(box.bottom, height)) / 2;
      const top = document.elementFromPoint(x, y);
      return !top || !(element.contains(top) || top.contains(element) || top.closest("label")?.contains(element));
    });
    return covered.length === seen.length ? "is covered" : "";
  }

  function faultOfLook(element) {
    if (look(element) === before.get(element)) return "looks the same with the focus";
    const rings = parts(element).flatMap((part) => {
      const { outlineStyle, outlineWidth, outlineColor, stroke, strokeWidth } = getComputedStyle(part);
      const outline = outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2 ? [outlineColor] : [];
      return part.matches("svg *") && part !== element ? [...outline, Number.parseFloat(strokeWidth) >= 2 ? stroke : null] : outline;
    }).filter(Boolean);
    const behind = ground(element.closest("svg") ?? element);
    return rings.some((ring) => contrast(ring, behind) >= 3) ? "" : `has no ring that is seen: ${rings} on ${behind}`;
  }

  // Where the focus is now: the number of the stop, -1 for the end of the page, and what is wrong with it.
  function step() {
    const element = document.activeElement;
    if (!element || element === document.body) return { at: -1, faults: [] };
    const at = expected.indexOf(element);
    if (at < 0) return { at: -2, faults: [`${said(element)} is a stop that nobody sees.`] };
    const faults = [faultOfPlace(element), faultOfLook(element)].filter(Boolean);
    return { at, faults: faults.map((fault) => `${said(element)} ${fault}.`) };
  }

  const name = (at) => (expected[at] ? said(expected[at]) : "nothing");

  // The looks of a focus that a script sets, one element after the other: for forced colours, where walking adds nothing.
  function rings(most) {
    start();
    return expected.slice(0, most).flatMap((element) => {
      element.focus({ focusVisible: true });
      const fault = faultOfLook(element);
      return fault ? [`${said(element)} ${fault}.`] : [];
    });
  }

  return { disclosures: () => all("details > summary").length, name, rings, shown, start, step };
})();
