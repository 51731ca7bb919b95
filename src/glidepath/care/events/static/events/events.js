// What event mode cannot do by itself: tick, show a prompt at its minute, and keep a tap until the network has taken it.
// Every tap works without this file: it is a form of one button.
"use strict";

const AGAIN_AFTER = 3000;
const waiting = [];
let sending = false;
let skew = 0; // the server's clock less this device's, in seconds

function two(number) {
  return String(number).padStart(2, "0");
}

function asClock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const rest = `${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

function serverNow() {
  return Date.now() / 1000 + skew;
}

function tick() {
  document.querySelectorAll("[data-ticks]").forEach((mark) => {
    mark.textContent = asClock(serverNow() - Number(mark.dataset.ticks));
  });
  document.querySelectorAll("[data-shows-at][hidden]").forEach((part) => {
    if (part.dataset.showsAt && serverNow() >= Number(part.dataset.showsAt)) {
      part.hidden = false;
      part.setAttribute("role", "alert");
    }
  });
}

function begin() {
  const mark = document.querySelector("[data-now]");
  if (mark) skew = Number(mark.dataset.now) - Date.now() / 1000;
  // At night nothing is brighter than the rest of the night.
  if (document.documentElement.dataset.theme === "night") {
    document.querySelectorAll("[data-emergency]").forEach((part) => part.removeAttribute("data-theme"));
  }
  tick();
}

function showWaiting() {
  const note = document.querySelector("[data-waiting]");
  if (!note) return;
  note.hidden = !waiting.some((tap) => tap.failed);
  note.querySelector("[data-waiting-count]").textContent = waiting.length === 1 ? "1 tap" : `${waiting.length} taps`;
}

// The page that came back, in place of the old one: nothing flashes, and the focus stays near.
function show(html, address) {
  const came = new DOMParser().parseFromString(html, "text/html");
  const fresh = came.querySelector("[data-emergency]");
  const here = document.querySelector("[data-emergency]");
  if (!fresh || !here || !address.endsWith(location.pathname)) {
    location.assign(address);
    return;
  }
  here.replaceWith(document.adoptNode(fresh));
  begin();
}

async function send() {
  if (sending) return;
  sending = true;
  while (waiting.length) {
    const tap = waiting[0];
    try {
      tap.body.set("ago", String(Math.round((Date.now() - tap.at) / 1000)));
      const answer = await fetch(tap.address, { method: "POST", body: tap.body, credentials: "same-origin", keepalive: true });
      if (answer.status >= 500) throw new Error(String(answer.status));
      const html = await answer.text();
      waiting.shift();
      if (!waiting.length) show(html, new URL(answer.url).pathname === new URL(tap.address).pathname ? location.pathname : answer.url);
    } catch (lost) {
      tap.failed = true;
      showWaiting();
      await new Promise((go) => setTimeout(go, AGAIN_AFTER));
    }
  }
  sending = false;
  showWaiting();
}

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target.closest("form[data-tap]");
    if (!form) return;
    event.preventDefault();
    event.stopPropagation();
    const button = form.querySelector("button");
    if (button.classList.contains("is-sent")) return; // one tap is one act
    button.classList.add("is-sent");
    waiting.push({ address: form.action, body: new URLSearchParams(new FormData(form)), at: Date.now(), failed: false });
    send();
  },
  true,
);
window.addEventListener("beforeunload", (event) => {
  if (waiting.length) event.preventDefault();
});
window.addEventListener("online", send);
setInterval(tick, 250);
begin();
