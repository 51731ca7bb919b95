// Before the first paint: night stays on where a person turned it on at this device.
"use strict";
try {
  if (localStorage.getItem("glidepath-night") === "on") document.documentElement.dataset.theme = "night";
} catch (blocked) {
  // Storage is switched off on this device: the page then follows the device, and night lasts one page.
}
