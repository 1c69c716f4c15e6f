// Loaded before the page is painted, so that a chosen colour scheme does not flash.
// Everything else on the site works without JavaScript.
"use strict";

const SCHEME = "wb-scheme";
const EASY = "wb-easy";
const prefersDark = matchMedia("(prefers-color-scheme: dark)");

function stored(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // storage may be switched off
  }
}

function store(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // The choice then lasts for this page only.
  }
}

function apply(scheme) {
  if (scheme) document.documentElement.dataset.scheme = scheme;
}

function isDark() {
  const chosen = document.documentElement.dataset.scheme;
  return chosen ? chosen === "dark" : prefersDark.matches;
}

function setUpScheme() {
  const button = document.querySelector(".wb-scheme");
  const show = () => button.setAttribute("aria-pressed", String(isDark()));
  button.hidden = false;
  show();
  prefersDark.addEventListener("change", show);
  button.addEventListener("click", () => {
    const scheme = isDark() ? "light" : "dark";
    apply(scheme);
    show();
    store(SCHEME, scheme);
  });
}

// Where a measure has a text in easy language, a switch shows it in place of the full one, here and on the next pages.
function setUpEasy() {
  const button = document.querySelector(".wb-easy-switch");
  if (!button) return;
  const show = (easy) => {
    document.documentElement.dataset.easy = String(easy);
    button.setAttribute("aria-pressed", String(easy));
  };
  button.hidden = false;
  show(stored(EASY) === "true");
  button.addEventListener("click", () => {
    const easy = button.getAttribute("aria-pressed") !== "true";
    show(easy);
    store(EASY, String(easy));
  });
}

// Escape closes an open menu, table of contents or filter and gives the focus back to what opened it. In a field with
// suggestions it closes only those.
function setUpEscape() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || event.target.closest("[list], select")) return;
    const open = document.activeElement?.closest("details[open]") ?? document.querySelector(".wb-menu[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
}

// Ctrl+K, or Cmd+K, leads to the search field. Single letters stay with the reader (WCAG 2.1.4).
function setUpSearchKey() {
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    document.getElementById("wb-q").select();
  });
}

// Hides what is said to readers without JavaScript. They are told the same if the pages lie in a folder, from which
// browsers load neither modules nor data.
if (location.protocol !== "file:") document.documentElement.dataset.js = "";
apply(stored(SCHEME));
document.addEventListener("DOMContentLoaded", () => {
  setUpScheme();
  setUpEasy();
  setUpEscape();
  setUpSearchKey();
});
