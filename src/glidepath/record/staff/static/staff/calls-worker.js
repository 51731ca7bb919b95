// Shows the one sentence a call says on a device, and opens the start page when it is pressed. The message is empty.
"use strict";

self.addEventListener("push", (event) => {
  const shown = { body: "An alarm waits for you. Sign in.", tag: "glidepath-call", renotify: true, requireInteraction: true };
  event.waitUntil(self.registration.showNotification("Glidepath", shown));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow("/"));
});
