/* What is typed on a job sheet stays in this browser until the portal has received it, and the sheet itself opens
   without a network (see worker.js). A draft is one person's, of one order; signing out throws it away. */
"use strict";

(() => {
  const main = document.getElementById("main"), form = document.getElementById("sheet");
  const { order, user, called, received, zone } = main.dataset;
  const place = `fettle:draft:${user}:${order}`, path = location.pathname;
  const copiedAt = document.documentElement.dataset.copy;
  const KEPT = /^([tvon]-\d|notes$)/; // what the portal keeps as it is typed; the rest counts only when it is sent
  const PASSING = ["hold", "hold_note", "confirm"];
  const LONGEST_MS = 14 * 24 * 3600e3, RETRY_MS = 10e3;
  const ACTS = { start: "Start", hold: "Hold", resume: "Resume", finish: "Done", photo: "A photo" };
  const clock = (at) => {
    const day = (one) => one.toLocaleDateString("en-GB", { timeZone: zone, day: "numeric", month: "short" });
    const then = new Date(at), time = then.toLocaleTimeString("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" });
    return day(then) === day(new Date()) ? time : `${day(then)} ${time}`;
  };

  const parts = () => [...(form?.elements ?? [])].filter(
    (part) => part.name && !PASSING.includes(part.name) && !["hidden", "file", "submit", "button", "fieldset"].includes(part.type));

  /* Every field with its value: as it is now, or as the portal drew it. */
  function fields(drawn) {
    const found = new Map();
    for (const part of parts()) {
      if (part.type === "radio") {
        if (drawn ? part.defaultChecked : part.checked) found.set(part.name, part.value);
      } else if (part.type === "checkbox") found.set(part.name, (drawn ? part.defaultChecked : part.checked) ? "on" : "");
      else found.set(part.name, drawn ? part.defaultValue : part.value);
    }
    return found;
  }

  const base = fields(true);

  function read() {
    try {
      const draft = JSON.parse(localStorage.getItem(place));
      return draft && Date.now() - Date.parse(draft.at) < LONGEST_MS ? draft : null;
    } catch (error) {
      return null;
    }
  }

  function save() {
    const typed = {};
    for (const [name, value] of fields()) if (value !== base.get(name)) typed[name] = [base.get(name), value];
    if (Object.keys(typed).length === 0) return clear();
    try {
      localStorage.setItem(place, JSON.stringify({ at: new Date().toISOString(), key: form.elements.key.value, called, typed }));
    } catch (error) { /* the browser's store is full or closed; the page still holds what was typed */ }
  }

  function clear() {
    try { localStorage.removeItem(place); } catch (error) { /* closed, so nothing is in it */ }
    show("draft-note", "");
  }

  function show(id, words) {
    const note = document.getElementById(id);
    if (!note) return;
    note.querySelector(".words").textContent = words;
    note.hidden = !words;
  }

  function put(name, value) {
    for (const part of parts().filter((one) => one.name === name)) {
      if (part.type === "radio") part.checked = part.value === value;
      else if (part.type === "checkbox") part.checked = value === "on";
      else part.value = value;
    }
  }

  /* What somebody changed elsewhere meanwhile is not written over. */
  function restore() {
    const draft = read();
    if (!draft || received.split(" ").includes(draft.key)) return clear();
    if (!form?.elements.key) return show("draft-note", `Something typed here at ${clock(draft.at)} was not sent before this order ended.`);
    let back = 0, lost = 0;
    for (const [name, [was, value]] of Object.entries(draft.typed)) {
      if (!base.has(name) && was !== undefined) lost += 1;
      else if (base.get(name) === value) continue;
      else if (KEPT.test(name) && base.get(name) !== was) lost += 1;
      else put(name, value), back += 1;
    }
    if (!back && !lost) return clear();
    const changed = lost ? ` ${lost === 1 ? "One answer was" : `${lost} answers were`} changed elsewhere since, and ${lost === 1 ? "stays" : "stay"} so.` : "";
    show("draft-note", back ? `Typed here at ${clock(draft.at)}, not sent yet.${changed}` : `What was typed here at ${clock(draft.at)} is out of date.${changed}`);
  }

  if (form?.elements.key) {
    if (copiedAt) form.elements.key.value = crypto.randomUUID(); // a copy may send more than once
    form.addEventListener("input", save);
    form.addEventListener("change", save);
    form.addEventListener("submit", save);
    let sent = null;
    document.addEventListener("htmx:beforeRequest", (event) => { if (event.detail.elt.id === "kept") sent = fields(); });
    document.addEventListener("kept", () => {
      for (const [name, value] of sent ?? []) if (KEPT.test(name)) base.set(name, value);
      save();
    });
    document.addEventListener("htmx:sendError", (event) => {
      if (event.detail.elt.id === "kept") event.detail.elt.textContent = `kept on this device ${clock(new Date())}`;
    });
  }

  /* The camera's own words: how far it is, and what became of it where no answer of the portal says so. */
  function say(camera, words, { again = false } = {}) {
    const label = camera.closest?.(".photos label");
    if (!label) return;
    label.querySelector(".add").textContent = words;
    if (again) camera.value = "";
  }
  document.addEventListener("htmx:xhr:progress", (event) => {
    const { elt, lengthComputable, loaded, total } = event.detail;
    if (lengthComputable) say(elt, `sending ${Math.round((100 * loaded) / total)} %`);
  });
  document.addEventListener("htmx:sendError", (event) => say(event.detail.elt, "No network: choose it again later", { again: true }));
  document.addEventListener("htmx:responseError", (event) => say(event.detail.elt, `Not taken (${event.detail.xhr.status}): try again`, { again: true }));

  restore();
  document.querySelector("#draft-note button")?.addEventListener("click", () => { clear(); location.reload(); });
  if (copiedAt) document.querySelector(".toasts")?.replaceChildren(); // receipts of then
  if (copiedAt) show("copy-note", `The network does not answer. This is a copy of ${clock(copiedAt)}. What you type and press is kept on this device and sent once the network is back.`);

  const said = sessionStorage.getItem("fettle:said");
  if (said) {
    sessionStorage.removeItem("fettle:said");
    show("sent-note", said);
  }

  if (!("serviceWorker" in navigator)) return;
  const worker = navigator.serviceWorker;
  const ask = (about) => new Promise((answer) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = (event) => answer(event.data);
    worker.ready.then((one) => one.active.postMessage(about, [channel.port2]));
  });

  async function tellWaiting() {
    const mine = (await ask({ what: "waiting", path })).filter((one) => one.as === user);
    const wrong = mine.find((one) => one.wrong), acts = mine.filter((one) => !one.wrong);
    show("wait-note", acts.map((one) => `${ACTS[one.act]}, ${clock(one.at)}, waits for the network and is sent by itself.`).join(" "));
    show("refused-note", wrong ? `${ACTS[wrong.act]} of ${clock(wrong.at)} was not taken: ${wrong.wrong}` : "");
    document.querySelector("#refused-note button")?.addEventListener("click", async () => {
      await ask({ what: "discard", id: wrong.id });
      location.reload();
    }, { once: true });
    const isHeld = acts.some((one) => one.act !== "photo");
    document.querySelectorAll(".deck button").forEach((button) => { if (isHeld) button.disabled = true; });
    if (isHeld) show("draft-note", "");
    if (acts.length && navigator.onLine) post({ what: "send" });
    clearTimeout(again);
    if (acts.length) again = setTimeout(retry, RETRY_MS);
  }

  /* Not every browser says when a network is back, and one that was there all along may begin to answer. */
  let again = 0;
  function retry() {
    post({ what: "send" });
    tellWaiting();
  }

  const post = (about) => worker.ready.then((one) => one.active.postMessage(about));
  worker.addEventListener("message", (event) => {
    if (event.data.sheet !== path) return;
    if (event.data.what === "sent") sessionStorage.setItem("fettle:said", event.data.said);
    location.reload();
  });
  document.addEventListener("waits", (event) => {
    say(event.target, "Add another photo", { again: true });
    tellWaiting();
  });
  addEventListener("online", () => { post({ what: "send" }); if (copiedAt) show("copy-note", `The network is back. This is still the copy of ${clock(copiedAt)}.`); });
  worker.register(main.dataset.worker);
  tellWaiting();
  if (copiedAt) return;
  addEventListener("load", () => {
    const files = performance.getEntriesByType("resource").map((one) => one.name.split("#")[0]);
    post({ what: "drawn", path, files: [...new Set(files.filter((name) => new URL(name).pathname.startsWith("/static/")))] });
  });
})();
