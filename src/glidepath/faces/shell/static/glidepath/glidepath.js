// What a still page cannot do by itself: night, the clock, closing a message, keeping a session while somebody types.
// Every page works without this file.
"use strict";

const NIGHT = "glidepath-night";
const root = document.documentElement;

function rememberNight(on) {
  try {
    if (on) localStorage.setItem(NIGHT, "on");
    else localStorage.removeItem(NIGHT);
  } catch (blocked) {
    // Storage is switched off: night then lasts for this page.
  }
}

function showNight(button) {
  button.hidden = false;
  button.setAttribute("aria-pressed", String(root.dataset.theme === "night"));
}

function turnNight() {
  const on = root.dataset.theme !== "night";
  if (on) root.dataset.theme = "night";
  else delete root.dataset.theme;
  rememberNight(on);
  document.querySelectorAll("[data-night]").forEach(showNight);
}

// The clock of the bar: the centre's wall clock, drawn in its time zone and not in the device's.
function showClock(mark) {
  const zone = mark.dataset.clock;
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat("en-GB", {
      timeZone: zone, weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hour12: false,
    }).formatToParts(new Date()).map((part) => [part.type, part.value]),
  );
  mark.textContent = `${parts.weekday} ${parts.day} ${parts.month.slice(0, 3)} ${parts.hour}:${parts.minute}`;
}

// A person who types is there, though no page is asked for: say so once a minute.
let saidAt = Date.now();
function stillHere() {
  const address = document.body.dataset.stillHere;
  if (!address || Date.now() - saidAt < 60000) return;
  saidAt = Date.now();
  const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  fetch(address, { method: "POST", headers: { "X-CSRFToken": token }, credentials: "same-origin" }).catch(() => {
    saidAt = 0; // no network: say it again with the next key
  });
}

// One submit is one act: the second click of a double click goes nowhere. The server holds the same by its key.
function busy(form) {
  if (form.dataset.sent) return false;
  form.dataset.sent = "yes";
  form.querySelectorAll("button[type=submit], button:not([type])").forEach((button) => button.setAttribute("aria-busy", "true"));
  return true;
}

// Without a network a plain form would only leave an empty window in its place, and all that was typed would be gone.
function cannotSend(form, button) {
  if (navigator.onLine) return false;
  if (form.querySelector("[data-not-sent]")) return true;
  const note = document.createElement("p");
  note.className = "note note--warn";
  note.setAttribute("role", "alert");
  note.dataset.notSent = "yes";
  note.textContent = "There is no network: nothing was sent. What you entered stands here. Send it again when the network is back.";
  (button || form.lastElementChild).before(note);
  return true;
}

document.querySelectorAll("[data-night]").forEach(showNight);
document.querySelectorAll("[data-dismiss], [data-print], [data-needs-script]").forEach((part) => { part.hidden = false; });
const clocks = document.querySelectorAll("[data-clock]");
if (clocks.length) setInterval(() => clocks.forEach(showClock), 10000);

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-night]")) turnNight();
  const dismiss = event.target.closest("[data-dismiss]");
  if (dismiss) dismiss.closest(".toast").remove();
  if (event.target.closest("[data-print]")) window.print();
  stillHere();
});
document.addEventListener("input", stillHere);
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  if (event.target.method !== "post" || event.target.hasAttribute("hx-post")) return;
  if (cannotSend(event.target, event.submitter) || !busy(event.target)) event.preventDefault();
});
window.addEventListener("online", () => document.querySelectorAll("[data-not-sent]").forEach((note) => note.remove()));
// Back from the browser's memory: the form may be sent again.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  });
});
// A form that came back: the eye and the reader start at what is to be mended.
document.getElementById("mend")?.focus();
