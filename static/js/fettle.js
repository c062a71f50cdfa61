/* What htmx does not do by itself: keep what is opened and ticked when a part of the page is replaced, mark the
   figures that changed, leave the page alone while nobody looks, clear away receipts, and put the focus on what
   went wrong. */
"use strict";

const opened = new Set(), ticked = new Set(), figures = new Map();
const FIGURES = ".n[id], .left[id], .v[id]";

document.addEventListener("htmx:beforeSwap", (event) => {
  const part = event.detail.target;
  [opened, ticked, figures].forEach((kept) => kept.clear());
  part.querySelectorAll("details[id][open]").forEach((one) => opened.add(one.id));
  part.querySelectorAll("input[type=checkbox][id]:checked").forEach((one) => ticked.add(one.id));
  part.querySelectorAll(FIGURES).forEach((one) => figures.set(one.id, one.textContent));
});

document.addEventListener("htmx:afterSettle", (event) => {
  opened.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
  ticked.forEach((id) => { const box = document.getElementById(id); if (box) box.checked = true; });
  count();
  figures.forEach((text, id) => {
    const figure = document.getElementById(id);
    if (figure && figure.textContent !== text) figure.classList.add("moved");
  });
  [opened, ticked, figures].forEach((kept) => kept.clear());
  const wrong = event.detail.elt.querySelector?.("#errors") || document.querySelector("form #errors");
  if (wrong && !wrong.contains(document.activeElement)) wrong.focus();
});

/* What asks by itself does not ask while nobody looks, and after a failure it waits: 4 s, 8 s, up to two minutes. */
const LONGEST = 120e3;
let failures = 0, rests = 0;
const quiet = (elt) => /(^|,)\s*every /.test(elt.getAttribute("hx-trigger") ?? "");

document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt } = event.detail;
  if (quiet(elt) && (document.hidden || Date.now() < rests || elt.dataset.over)) event.preventDefault();
});

function rest() {
  failures += 1;
  rests = Date.now() + Math.min(2e3 * 2 ** failures, LONGEST);
}

function look() {
  rests = 0;
  const live = document.getElementById("live");
  if (live && !document.hidden) htmx.trigger(live, "look");
}
document.addEventListener("visibilitychange", look);
addEventListener("online", look);

document.addEventListener("htmx:beforeOnLoad", (event) => {
  const stamp = event.detail.xhr.getResponseHeader("X-Stamp");
  if (stamp) event.detail.elt.setAttribute("hx-vals", stamp);
});

/* How many rows are ticked; the bar that acts on them stays in sight meanwhile. */
function count() {
  const told = document.getElementById("ticked");
  if (!told) return;
  const n = document.querySelectorAll(".pick input:checked").length;
  told.textContent = n ? ` (${n})` : "";
}
document.addEventListener("change", (event) => { if (event.target.matches(".pick input")) count(); });
addEventListener("DOMContentLoaded", count);

/* What was asked for and did not come is said once, where receipts stand; a part that renews itself only turns stale. */
const FAILED = {
  403: "Not done: your role in this fleet does not include it.",
  404: "Not done: it is gone meanwhile. Load the page again.",
  413: "Not done: that was too large.",
  429: "Not done: too many tries. Wait a few minutes.",
};

/* What a part that renews itself is told when there is nothing left to renew: it stops asking, and says so for good. */
const OVER = {
  403: "This page stands still: you may not look at it any more.",
  404: "This page stands still: what it shows is gone.",
};

function failed(words, { stays = false } = {}) {
  const place = document.querySelector(".toasts");
  if (!place || place.textContent.includes(words)) return;
  const toast = place.appendChild(document.createElement("div"));
  toast.className = "toast";
  toast.dataset.status = "critical";
  toast.append(words);
  if (!stays) setTimeout(() => toast.remove(), 15000);
}

["htmx:sendError", "htmx:timeout"].forEach((kind) => document.addEventListener(kind, (event) => {
  document.body.classList.add("offline");
  if (quiet(event.detail.elt)) return rest();
  failed("Not done: the portal cannot be reached. Try again once there is a network.");
}));
document.addEventListener("htmx:responseError", (event) => {
  const { elt, xhr } = event.detail;
  if (quiet(elt) && OVER[xhr.status]) {
    elt.dataset.over = xhr.status;
    return failed(OVER[xhr.status], { stays: true });
  }
  if (quiet(elt)) {
    rest();
    return document.body.classList.toggle("offline", xhr.status >= 500);
  }
  failed(FAILED[xhr.status] ?? "Not done: something broke on our side. Try again in a minute.");
});
document.addEventListener("htmx:afterOnLoad", (event) => {
  if (!event.detail.successful) return;
  document.body.classList.remove("offline");
  failures = rests = 0;
});

/* A receipt leaves by itself; what it offers to undo can be taken back on the vehicle's page as well. */
const receipts = document.querySelector(".toasts");
if (receipts) {
  const leave = () => (receipts.matches(":hover, :focus-within") ? setTimeout(leave, 3000) : receipts.replaceChildren());
  setTimeout(leave, 15000);
}

addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload(); /* the back button must not bring a verdict of yesterday */
});

/* Whoever signs out leaves nothing of theirs in this browser; of what was not sent yet they are asked. */
addEventListener("submit", (event) => {
  if (!event.target.matches('form[action="/accounts/logout/"]')) return;
  const drafts = Object.keys(localStorage).filter((name) => name.startsWith("fettle:"));
  const words = "Something typed here was not sent yet. Sign out and throw it away?";
  if (drafts.length && !confirm(words)) return event.preventDefault();
  drafts.forEach((name) => localStorage.removeItem(name));
  navigator.serviceWorker?.controller?.postMessage({ what: "forget" });
});
