// A preview that draws itself again while somebody types. What was typed since it was asked for is kept, and what was
// opened stays open; nothing is signed that is older than what is typed. The pages are whole without this file.
"use strict";

const LIVE = "[data-live]";
const asked = new Map(); // box by name: what it held when the newest preview was asked for

function boxes() {
  return [...document.querySelectorAll(`${LIVE} input, ${LIVE} textarea, ${LIVE} select`)].filter((box) => box.name && box.type !== "hidden");
}

function key(box) {
  return box.type === "radio" || box.type === "checkbox" ? `${box.name}=${box.value}` : box.name;
}

function held(box) {
  return box.type === "radio" || box.type === "checkbox" ? box.checked : box.value;
}

function put(box, value) {
  if (box.type === "radio" || box.type === "checkbox") box.checked = value;
  else box.value = value;
}

// What stands beside the signature is not asked for anew; the rest counts if it was touched since.
function isNewer(box) {
  return box.closest("#live-aside") !== null || (asked.has(key(box)) && asked.get(key(box)) !== held(box));
}

let newer = new Map();
let open = new Set();

// Older than what is typed: the signature waits for the preview.
function wait(event) {
  if (!event.target.closest("[hx-get], [hx-post]")) return;
  document.querySelectorAll("#live-aside .sign button").forEach((button) => { button.disabled = true; button.setAttribute("aria-busy", "true"); });
}

function goOn() {
  document.querySelectorAll("#live-aside .sign button[aria-busy]").forEach((button) => {
    button.removeAttribute("aria-busy");
    button.disabled = button.hasAttribute("aria-disabled");
  });
}

document.addEventListener("input", wait);
document.addEventListener("htmx:beforeRequest", () => {
  asked.clear();
  boxes().forEach((box) => asked.set(key(box), held(box)));
});
document.addEventListener("htmx:beforeSwap", () => {
  newer = new Map(boxes().filter(isNewer).map((box) => [key(box), held(box)]));
  open = new Set([...document.querySelectorAll(`${LIVE} details[open][id]`)].map((part) => part.id));
});
// With the swap itself: what is typed between it and its settling is newer than what was kept.
document.addEventListener("htmx:afterSwap", () => {
  boxes().forEach((box) => { if (newer.has(key(box))) put(box, newer.get(key(box))); });
});
document.addEventListener("htmx:afterSettle", () => {
  open.forEach((id) => { const part = document.getElementById(id); if (part) part.open = true; });
  document.querySelectorAll("#live-errors [role=alert]").forEach((part) => part.removeAttribute("role")); // half a word is no alarm
});
["htmx:sendError", "htmx:responseError", "htmx:timeout"].forEach((name) => document.addEventListener(name, goOn));
