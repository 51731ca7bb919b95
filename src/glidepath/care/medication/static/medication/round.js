// The round with a network that comes and goes, and with a scanner that types. Without this file each act is a plain form.
// What was tapped and typed and could not be sent waits in this tab (sealed.js), says so, is sent once when the network is back (its
// key makes a second sending do nothing), and the page warns before it is closed. A PIN waits in memory alone.
"use strict";

const TRY_AGAIN_MS = 4000;
const CODE = /GLP:[WPBS]:[0-9a-f-]{36}$/i; // at the end of what was typed, however slowly and whatever stood before it
const LONGEST = 42;
const notice = document.querySelector("[data-waiting]");
const store = sealedStore("glidepath-round", notice.dataset.seal);
let waiting = []; // [{ path, pairs, at }]: at most one, for nothing else can be tapped meanwhile
let pin = "";
let sending = false;
let signedOut = false;

function keep() {
  store.keep(waiting);
  show();
}

function show(words) {
  const stuck = waiting.length > 0 || !navigator.onLine;
  notice.hidden = !stuck;
  document.querySelectorAll("[data-round] button[type=submit], [data-scan] button").forEach((button) => {
    if (stuck && !button.disabled) {
      button.disabled = true;
      button.dataset.waits = "yes";
    } else if (!stuck && button.dataset.waits) {
      button.disabled = false;
      delete button.dataset.waits;
    }
  });
  if (!stuck) return;
  const first = waiting.length ? `1 entry waits in this page since ${new Date(waiting[0].at).toTimeString().slice(0, 5)}. ` : "";
  const why = signedOut
    ? "Sign in again in another tab, then it is sent: leave this page open."
    : "There is no network. It is sent once when it is back: leave this page open. Giving without a network is not possible: use the printed downtime pack.";
  notice.querySelector("[data-waiting-words]").textContent = first + (words || why);
}

function pairsOf(parameters) {
  const found = [];
  const entries = parameters instanceof FormData ? [...parameters.entries()] : Object.entries(parameters);
  entries.forEach(([name, value]) => [].concat(value).forEach((one) => found.push([name, String(one)])));
  return found;
}

// htmx could not send it: it waits.
function put(event) {
  const form = event.target.closest("[data-round]");
  if (!form) return;
  const config = event.detail.requestConfig;
  const pairs = pairsOf(config.formData || config.parameters);
  pin = (pairs.find(([name]) => name === "second_pin") || ["", ""])[1];
  waiting = [{ path: config.path, pairs: pairs.filter(([name]) => name !== "second_pin"), at: Date.now() }];
  keep();
}

async function flush() {
  if (sending || !waiting.length) return;
  sending = true;
  try {
    await send(waiting[0]);
  } finally {
    sending = false;
  }
}

function post(one, token) {
  const body = new URLSearchParams(one.pairs);
  if (pin) body.set("second_pin", pin);
  if (token) body.set("csrfmiddlewaretoken", token);
  body.set("waited", String(Math.max(0, Math.round((Date.now() - one.at) / 1000))));
  return fetch(one.path, { method: "POST", body, credentials: "same-origin" });
}

async function send(one) {
  let response;
  try {
    response = await post(one, "");
    const token = response.status === 403 ? await tokenOfNow() : "";
    if (token) response = await post(one, token);
  } catch (unreachable) {
    show();
    return;
  }
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const round = page.getElementById("round");
  if (!round) {
    signedOut = response.status === 403 || Boolean(page.querySelector("[name=password]"));
    show(signedOut ? undefined : "The server cannot take it now. It is sent as soon as it can: leave this page open.");
    return;
  }
  waiting = [];
  pin = "";
  signedOut = false;
  document.getElementById("round").replaceWith(round);
  const progress = page.getElementById("progress");
  if (progress) document.getElementById("progress").replaceWith(progress);
  htmx.process(round);
  keep();
}

// A scanner types GLP:..., and Enter. Typed outside of a box, or into the box of the codes, it is read at once. Enter by
// itself on a choice sends nothing: a dose is answered by its own button.
let typed = "";
function scanned(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const box = event.target.closest("input, textarea, select");
  if (box && box.type !== "radio" && box.id !== "code") return;
  if (event.key.length === 1) typed = (typed + event.key).slice(-LONGEST);
  if (event.key !== "Enter") return;
  const found = typed.match(CODE);
  const code = document.getElementById("code");
  typed = "";
  if (found || box?.type === "radio") event.preventDefault();
  if (!found || !code) return;
  code.value = found[0];
  code.form.requestSubmit();
}

document.addEventListener("keydown", scanned, true);
document.body.addEventListener("htmx:sendError", put);
document.body.addEventListener("htmx:timeout", put);
document.body.addEventListener("htmx:afterSettle", () => show());
window.addEventListener("online", () => { show(); flush(); });
window.addEventListener("offline", () => show());
setInterval(flush, TRY_AGAIN_MS);
window.addEventListener("beforeunload", (event) => {
  if (!waiting.length) return;
  event.preventDefault();
  event.returnValue = "";
});
// Without a network no other page can come: a tap on a link would only lose this one.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || navigator.onLine || link.getAttribute("href").startsWith("#")) return;
  event.preventDefault();
  show();
});
show();
store.load().then((before) => {
  waiting = [...before, ...waiting];
  show();
  flush();
});
