/* What is typed on the form that completes a service stays in this browser until the portal has received it. It is one
   person's, for one service; signing out throws it away (fettle.js). With the form its key is kept, so that what was
   received although the answer got lost is not written down twice. */
"use strict";

(() => {
  const main = document.getElementById("main"), note = document.getElementById("draft-note");
  const { user, received, zone } = main.dataset;
  const place = `fettle:typed:${user}:${location.pathname}`, LONGEST_MS = 14 * 24 * 3600e3;
  const PASSING = ["csrfmiddlewaretoken", "next", "confirm", "key"];
  const form = () => document.getElementById("complete");

  const typed = () => [...new FormData(form())].filter(([name]) => !PASSING.includes(name));
  const drawn = JSON.stringify(typed());

  function read() {
    try {
      const draft = JSON.parse(localStorage.getItem(place));
      return draft && Date.now() - Date.parse(draft.at) < LONGEST_MS ? draft : null;
    } catch (error) {
      return null;
    }
  }

  function save() {
    if (JSON.stringify(typed()) === drawn) return clear();
    const draft = { at: new Date().toISOString(), key: form().elements.key.value, typed: typed() };
    try { localStorage.setItem(place, JSON.stringify(draft)); } catch (error) { /* full or closed; the page holds it */ }
  }

  function clear() {
    try { localStorage.removeItem(place); } catch (error) { /* closed, so nothing is in it */ }
  }

  /* The line has its room beforehand, so that nothing moves when it is written. */
  function say(words, { offer = false } = {}) {
    note.querySelector(".words").textContent = words;
    note.querySelector("button").hidden = !offer;
  }

  function put(draft) {
    const boxes = draft.typed.map(([name, value]) => `${name}=${value}`), values = new Map(draft.typed);
    for (const part of form().elements) {
      if (!part.name || PASSING.includes(part.name)) continue;
      if (part.type === "checkbox") part.checked = boxes.includes(`${part.name}=${part.value}`);
      else if (values.has(part.name)) part.value = values.get(part.name);
    }
    form().elements.key.value = draft.key;
  }

  const when = { timeZone: zone, day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" };
  const draft = read();
  say("What you type is kept on this device until it was sent.");
  if (!draft || received.split(" ").includes(draft.key)) clear();
  else if (!document.getElementById("errors")) {
    put(draft);
    say(`Typed here on ${new Date(draft.at).toLocaleString("en-GB", when)}, not sent yet.`, { offer: true });
  }
  note.querySelector("button").addEventListener("click", () => { clear(); location.reload(); });

  document.addEventListener("input", (event) => { if (event.target.form === form()) save(); });
  document.addEventListener("htmx:sendError", () => {
    save();
    say("The portal cannot be reached. What you typed is kept on this device: press Done again once there is a network.");
  });
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const onwards = event.detail.xhr.getResponseHeader("HX-Redirect");
    if (onwards && !onwards.startsWith("/accounts/")) clear(); /* received; who has to sign in again finds it here */
  });
})();
