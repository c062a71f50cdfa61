/* What htmx does not do by itself: keep opened disclosures open when a part of the page is replaced,
   leave the page alone while nobody looks, clear away receipts, and put the focus on what went wrong. */
"use strict";

const opened = new Set();

document.addEventListener("htmx:beforeSwap", (event) => {
  opened.clear();
  event.detail.target.querySelectorAll("details[id][open]").forEach((part) => opened.add(part.id));
});

document.addEventListener("htmx:afterSettle", (event) => {
  opened.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
  opened.clear();
  const wrong = event.detail.elt.querySelector?.("#errors") || document.querySelector("form #errors");
  if (wrong && !wrong.contains(document.activeElement)) wrong.focus();
});

document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden && event.detail.elt.id === "live") event.preventDefault();
});

document.addEventListener("htmx:sendError", () => document.body.classList.add("offline"));
document.addEventListener("htmx:afterOnLoad", () => document.body.classList.remove("offline"));

/* A receipt leaves by itself; what it offers to undo can be taken back on the vehicle's page as well. */
const receipts = document.querySelector(".toasts");
if (receipts) {
  const leave = () => (receipts.matches(":hover, :focus-within") ? setTimeout(leave, 3000) : receipts.replaceChildren());
  setTimeout(leave, 15000);
}

addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload(); /* the back button must not bring a verdict of yesterday */
});
