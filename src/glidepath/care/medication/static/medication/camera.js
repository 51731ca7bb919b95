// The tablet's camera beside the scanner: what it reads is written into the same box, and sent the same way. The button
// shows only where the browser has both a camera and its own BarcodeDetector; without this file nothing is missing.
"use strict";

const LOOK_EVERY_MS = 150;
let detector = null; // null: none here, and the button stays hidden
let stream = null;

async function findDetector() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) return;
  const formats = await BarcodeDetector.getSupportedFormats();
  if (formats.includes("qr_code")) detector = new BarcodeDetector({ formats: ["qr_code"] });
}

function offer() {
  const button = document.querySelector("[data-camera]");
  if (button) button.hidden = detector === null;
}

function view() {
  return document.querySelector("[data-camera-view]");
}

function stop() {
  if (stream) stream.getTracks().forEach((track) => track.stop());
  stream = null;
  const shown = view();
  if (!shown) return;
  shown.querySelector("video").srcObject = null;
  shown.hidden = true;
}

function say(words) {
  const place = document.querySelector("[data-camera-words]");
  if (place) place.textContent = words;
}

async function start() {
  if (stream) return;
  say("");
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
  } catch (refused) {
    say("The camera cannot be used here: it is switched off, taken, or not allowed. Use the scanner, or type the code.");
    return;
  }
  const shown = view();
  if (!shown) return stop();
  const video = shown.querySelector("video");
  video.srcObject = stream;
  shown.hidden = false;
  await video.play();
  look(video);
}

async function look(video) {
  if (!stream || video.srcObject !== stream) return;
  let found = [];
  try {
    found = await detector.detect(video);
  } catch (notReady) {
    // The first picture may not be there yet: look again.
  }
  const text = found.length ? found[0].rawValue : "";
  if (!text) {
    setTimeout(() => look(video), LOOK_EVERY_MS);
    return;
  }
  stop();
  const code = document.getElementById("code");
  code.value = text;
  code.form.requestSubmit();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-camera]")) start();
  else if (event.target.closest("[data-camera-stop]")) stop();
});
document.addEventListener("visibilitychange", () => document.hidden && stop());
document.body.addEventListener("htmx:beforeSwap", stop);
document.body.addEventListener("htmx:afterSettle", offer);
findDetector().then(offer, () => undefined);
