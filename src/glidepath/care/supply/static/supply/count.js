// In a count Enter goes to the next box, and from the last one to the button: nothing is sent by a slip.
// Until this file is there Enter does nothing (a hidden first button, which is disabled); the button at the end sends.
"use strict";

const sheet = document.querySelector("form[data-count]");
if (sheet) {
  sheet.querySelector("[data-until-ready]").remove();
  const boxes = [...sheet.querySelectorAll("input[data-next]")];
  sheet.addEventListener("keydown", (event) => {
    const here = boxes.indexOf(event.target);
    if (event.key !== "Enter" || here < 0) return;
    event.preventDefault();
    const next = boxes[here + 1] || sheet.querySelector("[name=second_user]") || sheet.querySelector("button[type=submit]");
    next.focus();
    if (next.select) next.select();
  });
}
