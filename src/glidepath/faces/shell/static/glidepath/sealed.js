// What waits for the network outlives a reload of its tab, sealed: the browser's storage holds nothing that can be read
// without the key, and the key comes with the page, for whom it was opened. Where it cannot be sealed nothing is stored:
// it then waits only as long as the page stands.
"use strict";

function sealedStore(what, keyText) {
  const name = `${what}-${(keyText || "").slice(0, 8)}`; // what waits for one is neither read nor swept away by another
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const text = (found) => btoa(String.fromCharCode(...new Uint8Array(found)));
  const able = Boolean(keyText && window.crypto && crypto.subtle);
  const key = able ? crypto.subtle.importKey("raw", bytes(keyText), "AES-GCM", false, ["encrypt", "decrypt"]) : null;
  let newest = 0;

  async function load() {
    try {
      const kept = able && sessionStorage.getItem(name);
      if (!kept) return [];
      const [iv, sealed] = kept.split(" ").map(bytes);
      return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await key, sealed)));
    } catch (unreadable) {
      return []; // storage is switched off, or it waits for somebody else
    }
  }

  // The whole list; a later call wins, whichever is sealed first.
  async function keep(list) {
    const turn = ++newest;
    try {
      if (!list.length) return sessionStorage.removeItem(name);
      if (!able) return undefined;
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const plain = new TextEncoder().encode(JSON.stringify(list));
      const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key, plain);
      if (turn === newest) sessionStorage.setItem(name, `${text(iv)} ${text(sealed)}`);
    } catch (blocked) {
      // Storage is switched off; the page still warns before it is closed.
    }
    return undefined;
  }

  return { load, keep };
}

// Who signed in again has another token than the page that waits: the page as it is now has it. "": nobody is signed in,
// or somebody else, whose name must not come under what was tapped here.
async function tokenOfNow() {
  const sealOf = (page) => page.querySelector("[data-waiting]")?.dataset.seal;
  try {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = sealOf(page) === sealOf(document) && page.querySelector("[name=csrfmiddlewaretoken]");
    return token ? token.value : "";
  } catch (unreachable) {
    return "";
  }
}
