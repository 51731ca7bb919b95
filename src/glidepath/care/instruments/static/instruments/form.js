// A form that is kept answer by answer. What cannot be sent waits in this tab (sealed.js), is sent in order when the network is back,
// and the page warns before it is closed. Each answer carries a key, so that one sent twice is taken once.
// Without this file the form is sent as a whole by its buttons.
"use strict";

const form = document.querySelector("form[data-answers]");
let token = form.querySelector("[name=csrfmiddlewaretoken]").value;
const notice = document.querySelector("[data-waiting]");
const store = sealedStore(`glidepath-answers-${form.dataset.way}-${form.dataset.form}`, notice.dataset.seal);
const TRY_AGAIN_MS = 4000;
const SETTLES_MS = 1200; // arrow keys pass over answers on their way: only the one they stop at is given
let waiting = [];
let sending = false;
let leaving = false;
let signedOut = false;
let unfinished = false; // somebody wanted to finish while answers waited

function keep() {
  store.keep(waiting);
  show();
}

function show(words) {
  const stuck = waiting.length && (signedOut || !navigator.onLine || words || waiting.some((one) => one.failed));
  notice.hidden = !stuck;
  if (!waiting.length) unfinished = false;
  if (!stuck) return;
  const count = waiting.length === 1 ? "1 answer waits" : `${waiting.length} answers wait`;
  const again = form.dataset.way === "link" ? "give your date of birth" : "sign in";
  const why = signedOut
    ? `This page was open too long. Load it again and ${again}: they are kept in this tab and sent then.`
    : "There is no network. They are sent when it is back: leave this page open.";
  notice.querySelector("[data-waiting-words]").textContent = `${count} in this page. ${words || why}${unfinished ? " The form is not finished: finish it when they are sent." : ""}`;
}

function cardOf(name) {
  return form.querySelector(`[data-name="${name}"]`);
}

function give(card, given, settles) {
  const name = card.dataset.name;
  const last = waiting[waiting.length - 1];
  if (last && last.name === name && last.settles && !last.sent) waiting.pop();
  waiting.push({ name, item: card.dataset.item, given, at: Date.now(), settles: settles ? Date.now() + SETTLES_MS : 0, key: crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}` });
  card.querySelector("[data-not-taken]").hidden = true;
  card.querySelector("[name=take_back]").hidden = given === "";
  keep();
  setTimeout(flush, settles ? SETTLES_MS + 20 : 0);
}

function settle() {
  waiting.forEach((one) => { one.settles = 0; });
  flush();
}

async function flush() {
  if (sending) return;
  sending = true;
  try {
    while (waiting.length && waiting[0].settles <= Date.now()) {
      if (!(await sent(waiting[0]))) break;
    }
  } finally {
    sending = false;
  }
}

function post(one) {
  const body = new URLSearchParams({
    item: one.item, given: one.given, key: one.key, waited: String(Math.max(0, Math.round((Date.now() - one.at) / 1000))), csrfmiddlewaretoken: token,
  });
  return fetch(form.dataset.answers, { method: "POST", body, credentials: "same-origin", redirect: "manual", headers: { Accept: "application/json" } });
}

// Whether the first of those that wait is dealt with: taken, or refused with a word. False: it goes on waiting.
async function sent(one) {
  one.sent = true;
  let response;
  try {
    response = await post(one);
    const now = response.status === 403 ? await tokenOfNow() : "";
    if (now && now !== token) {
      token = now;
      response = await post(one);
    }
  } catch (unreachable) {
    one.failed = true;
    keep();
    return false;
  }
  const json = (response.headers.get("Content-Type") || "").startsWith("application/json");
  signedOut = response.type === "opaqueredirect" || response.status === 403;
  if (!json || (!response.ok && response.status !== 422)) {
    one.failed = true; // signed out, or the server is ill: nothing is thrown away
    keep();
    if (!signedOut) show("The server cannot take them now. They are sent as soon as it can: leave this page open.");
    return false;
  }
  const said = await response.json();
  waiting = waiting.filter((other) => other !== one);
  waiting.forEach((other) => { other.failed = false; });
  keep();
  if (said.refused) refuse(one, said.refused);
  else redraw(one, said);
  return true;
}

function refuse(one, words) {
  const mark = cardOf(one.name).querySelector("[data-not-taken]");
  mark.textContent = words;
  mark.hidden = false;
}

function redraw(one, said) {
  cardOf(one.name).querySelector("[data-called]").innerHTML = said.called;
  form.querySelectorAll("[data-name]").forEach((card) => { card.hidden = !said.asked.includes(card.dataset.name); });
  document.querySelector("[data-answered]").textContent = said.answered;
  document.querySelector("[data-of]").textContent = said.of;
  const bar = document.querySelector("[data-progress] progress");
  bar.max = said.of;
  bar.value = said.answered;
  if (said.late) refuse(one, "The form was finished before this arrived. It is kept, and is not in the score.");
}

// What waits from before a reload stands in the page again.
function restore() {
  waiting.forEach((one) => {
    const card = cardOf(one.name);
    if (!card) return;
    one.sent = false;
    one.settles = 0;
    const radios = [...card.querySelectorAll("input[type=radio]")];
    if (radios.length) radios.forEach((radio) => { radio.checked = radio.value === one.given; });
    else card.querySelector(".input").value = one.given;
  });
}

function next(card) {
  const cards = [...form.querySelectorAll("[data-name]:not([hidden])")];
  const after = cards[cards.indexOf(card) + 1];
  const target = after ? after.querySelector("input:checked") || after.querySelector("input, textarea") : form.querySelector("[name=finish]");
  target.focus();
  (after || target).scrollIntoView({ block: "center" });
}

let arrows = false;
form.addEventListener("keydown", (event) => {
  const card = event.target.closest("[data-name]");
  arrows = event.key.startsWith("Arrow");
  if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Enter" && event.target.tagName === "INPUT") {
    event.preventDefault();
    settle();
    next(card);
  }
  if (event.target.type === "radio" && /^[0-9]$/.test(event.key)) {
    const radio = card.querySelector(`input[value="${event.key}"]`);
    if (!radio) return;
    event.preventDefault();
    radio.focus();
    if (!radio.checked) {
      radio.checked = true;
      give(card, radio.value, false);
    }
  }
});
form.addEventListener("pointerdown", () => { arrows = false; });
form.addEventListener("change", (event) => {
  const card = event.target.closest("[data-name]");
  if (card) give(card, event.target.value, event.target.type === "radio" && arrows);
});
form.addEventListener("focusout", (event) => {
  const card = event.target.closest("[data-name]");
  if (card && !card.contains(event.relatedTarget)) settle();
});
form.addEventListener("click", (event) => {
  const back = event.target.closest("[name=take_back]");
  if (!back) return;
  event.preventDefault();
  const card = back.closest("[data-name]");
  card.querySelectorAll("input[type=radio]").forEach((radio) => { radio.checked = false; });
  const box = card.querySelector(".input");
  if (box) box.value = "";
  give(card, "", false);
  (box || card.querySelector("input")).focus();
});
// To finish, everything that waits is sent first; while it cannot be, the form stays open and says so.
form.addEventListener("submit", async (event) => {
  if (!waiting.length) {
    leaving = true;
    return;
  }
  event.preventDefault();
  const button = event.submitter;
  settle();
  const until = Date.now() + 8000;
  while (waiting.length && !waiting.some((one) => one.failed) && Date.now() < until) await new Promise((go) => { setTimeout(go, 50); });
  unfinished = waiting.length > 0;
  if (unfinished) show();
  else form.requestSubmit(button);
});
window.addEventListener("online", settle);
window.addEventListener("offline", () => show());
setInterval(() => { if (waiting.length) flush(); }, TRY_AGAIN_MS);
window.addEventListener("beforeunload", (event) => {
  if (!waiting.length || leaving || signedOut) return;
  event.preventDefault();
  event.returnValue = "";
});
document.documentElement.dataset.scripted = "yes";
store.load().then((before) => {
  waiting = [...before, ...waiting];
  restore();
  show();
  flush();
});
