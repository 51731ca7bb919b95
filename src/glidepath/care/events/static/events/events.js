// What event mode cannot do by itself: tick, show a prompt at its minute, and keep a tap until the network has taken it.
// Every tap works without this file: it is a form of one button.
"use strict";

const AGAIN_AFTER = 3000;
const waiting = [];
let sending = false;
let signedOut = false;
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
  const count = waiting.length === 1 ? "1 tap" : `${waiting.length} taps`;
  note.querySelector("[data-waiting-words]").textContent = signedOut
    ? `${count} not sent yet: you are signed out. Sign in again in another tab, then it is sent with its time. Leave this page open.`
    : `${count} not sent yet: no network. It is kept here with its time, and is sent by itself. Leave the page open.`;
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

function post(tap) {
  tap.body.set("ago", String(Math.round((Date.now() - tap.at) / 1000)));
  return fetch(tap.address, { method: "POST", body: tap.body, credentials: "same-origin", keepalive: true });
}

// With the token of now where the tap's own is an old one: whoever tapped has signed in again meanwhile.
async function answerTo(tap) {
  const answer = await post(tap);
  if (answer.status !== 403) return answer;
  const token = await tokenOfNow();
  signedOut = !token;
  if (!token || token === tap.body.get("csrfmiddlewaretoken")) return answer;
  tap.body.set("csrfmiddlewaretoken", token);
  return post(tap);
}

async function send() {
  if (sending) return;
  sending = true;
  while (waiting.length) {
    const tap = waiting[0];
    try {
      signedOut = false;
      const answer = await answerTo(tap);
      if (answer.status >= 500) throw new Error(String(answer.status));
      const html = await answer.text();
      signedOut ||= new DOMParser().parseFromString(html, "text/html").querySelector("[name=password]") !== null;
      if (signedOut) throw new Error("signed out");
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
