// Asks this browser for the address at which it can be called, and sends it with the form. Without this file the page
// offers e-mail alone.
"use strict";

function bytesOf(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/").padEnd(Math.ceil(text.length / 4) * 4, "="));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function nameOfBrowser() {
  const agent = navigator.userAgentData;
  const brand = agent?.brands.map((one) => one.brand).find((one) => !/not.?a.?brand|chromium/i.test(one));
  return [brand ?? "Browser", agent?.platform ?? navigator.platform].filter(Boolean).join(", ").slice(0, 60);
}

async function addressOf(form) {
  const worker = await navigator.serviceWorker.register(form.dataset.worker);
  const standing = await worker.pushManager.getSubscription();
  const asked = standing ?? (await worker.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytesOf(form.dataset.callHere),
  }));
  return asked.endpoint;
}

async function callHere(event) {
  const form = event.target;
  if (form.elements.endpoint.value) return;
  event.preventDefault();
  const said = form.querySelector("[data-said]");
  said.textContent = "Asking this browser …";
  try {
    form.elements.endpoint.value = await addressOf(form);
    form.elements.name.value = nameOfBrowser();
    form.submit();
  } catch (refused) {
    said.textContent = "This browser would not be called: allow notifications for this site, then press again.";
  }
}

document.querySelectorAll("form[data-call-here]").forEach((form) => {
  if (!("serviceWorker" in navigator) || !("PushManager" in window)) return;
  form.hidden = false;
  document.querySelectorAll("[data-no-push]").forEach((mark) => { mark.hidden = true; });
  form.addEventListener("submit", callHere);
});
