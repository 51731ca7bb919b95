// The bedside form, quicker: one block for the state chosen, steps from the last value, a 30-second timer, a count of
// answers. The form is whole without this file. No clinical number stands here.
"use strict";

const form = document.querySelector("[data-bedside]");

// What does not belong to the state chosen is out of sight, keeps what was typed, and is not sent.
function showState() {
  const chosen = form.querySelector("[name=state]:checked");
  form.querySelectorAll("[data-when]").forEach((block) => {
    block.hidden = !chosen || !block.dataset.when.split(" ").includes(chosen.value);
    block.querySelectorAll("input").forEach((box) => { box.disabled = block.hidden; });
  });
}

// "All well" needs nothing more; what says otherwise opens below "Something else".
function showDoubt() {
  const block = form.querySelector("[data-unless]");
  if (!block || block.parentElement.hidden) return;
  const chosen = form.querySelector("[name=look]:checked");
  const answered = block.querySelector("input:checked");
  block.hidden = chosen ? chosen.value === block.dataset.unless : !answered;
  block.querySelectorAll("input").forEach((box) => { box.disabled = block.hidden; });
}

// The first step starts from the last value; an untouched box stays empty, and empty is not measured.
function step(button) {
  const box = button.parentElement.querySelector("input");
  const from = box.value === "" ? box.dataset.last : box.value;
  if (from === "") {
    box.focus();
    return;
  }
  const by = Number(button.dataset.step);
  const places = Number.isInteger(by) ? 0 : 1;
  box.value = (Number(from) + by).toFixed(places);
}

// The same as last time, measured again: one tap.
function same(button) {
  const box = button.closest("[data-vital]").querySelector("input");
  box.value = box.dataset.last;
}

function count(button) {
  const words = button.querySelector("[data-timer-left]");
  const until = Date.now() + Number(button.dataset.timer) * 1000;
  clearInterval(button.ticking);
  button.ticking = setInterval(() => {
    const left = Math.ceil((until - Date.now()) / 1000);
    words.textContent = left > 0 ? `${left} s` : "stop, double it";
    if (left <= 0) clearInterval(button.ticking);
  }, 250);
}

function countAnswers() {
  const words = form.querySelector("[data-ciwa-count]");
  if (!words) return;
  const of = Number(words.dataset.of);
  const given = [...form.querySelectorAll("[data-ciwa] .item input:checked")].map((one) => Number(one.value));
  const sum = given.reduce((total, one) => total + one, 0);
  if (given.length) words.textContent = given.length < of ? `${sum}, partial, ${given.length} of ${of}. No total yet` : `${sum}, all ${of} items`;
}

if (form) {
  form.dataset.scripted = "yes";
  form.querySelectorAll("[data-step], [data-timer], [data-same]").forEach((button) => { button.hidden = false; });
  const redraw = () => { showState(); showDoubt(); countAnswers(); };
  redraw();
  form.addEventListener("change", redraw);
  form.addEventListener("click", (event) => {
    const stepper = event.target.closest("[data-step]");
    if (stepper) step(stepper);
    const again = event.target.closest("[data-same]");
    if (again) same(again);
    const timer = event.target.closest("[data-timer]");
    if (timer) count(timer);
  });
}
