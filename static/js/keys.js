/* Keys and the palette. The table below is the one place where keys are named: the dialog of `?` is drawn from it.
   A single letter never acts while somebody types, with a modifier, or inside of a dialog, and can be switched off. */
"use strict";

(() => {
  const KEPT = "fettle-keys";
  const ROW = "main table.rows tbody tr:not(.group, .hint), main ol.line > li, main ul.found > li, main ol.next > li, main .inbox li.alert";

  const KEYS = [
    { keys: ["/"], does: "Find in this list", if: () => document.querySelector("main input[type=search]"), run: () => focus(document.querySelector("main input[type=search]")) },
    { keys: ["j"], does: "Next row", if: () => rows().length, run: () => move(1) },
    { keys: ["k"], does: "Row before", if: () => rows().length, run: () => move(-1) },
    { keys: ["o"], does: "Open the row", if: () => rows().length, run: () => link(row())?.click() },
    { keys: ["c"], does: "Complete the job of the row", if: () => document.querySelector(`:is(${ROW}) [id^='c-']`), run: () => row()?.querySelector("[id^='c-']")?.click() },
    { keys: ["x"], does: "Tick the row", if: () => document.querySelector(".pick input"), run: () => row()?.querySelector(".pick input")?.click() },
    { keys: ["g", "d"], does: "Go to Due", if: () => to("due"), run: () => to("due")?.click() },
    { keys: ["g", "v"], does: "Go to Vehicles", if: () => to("vehicles"), run: () => to("vehicles")?.click() },
    { keys: ["g", "f"], does: "Go to Faults", if: () => to("faults"), run: () => to("faults")?.click() },
    { keys: ["g", "o"], does: "Go to Orders", if: () => to("orders"), run: () => to("orders")?.click() },
    { keys: ["g", "a"], does: "Go to Alerts", if: () => to("alerts"), run: () => to("alerts")?.click() },
    { keys: ["g", "p"], does: "Go to Plans", if: () => to("plans"), run: () => to("plans")?.click() },
    { keys: ["g", "s"], does: "Go to Settings", if: () => to("settings"), run: () => to("settings")?.click() },
    { keys: ["?"], does: "These keys", run: () => help().showModal() },
  ];

  let begun = ""; /* the first of two keys */

  const isOff = () => { try { return localStorage.getItem(KEPT) === "off"; } catch { return false; } };
  const focus = (part) => { part?.focus(); part?.select?.(); return part; };
  const rows = () => [...document.querySelectorAll(ROW)].filter((one) => link(one));
  const row = () => rows().find((one) => one.contains(document.activeElement));
  const link = (one) => one?.querySelector("a.veh, th a, a");
  const to = (place) => document.querySelector(`.nav [data-go="${place}"]`);

  function move(step) {
    const all = rows();
    const now = all.findIndex((one) => one.contains(document.activeElement));
    const next = now < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(now + step, 0), all.length - 1);
    focus(link(all[next]))?.scrollIntoView({ block: "nearest" });
  }

  function help() {
    document.getElementById("keys")?.remove(); /* which of them work depends on what stands on the page now */
    const dialog = document.createElement("dialog");
    dialog.id = "keys";
    dialog.className = "dialog keys-help";
    dialog.setAttribute("aria-labelledby", "keys-h");
    const body = document.createElement("div");
    body.innerHTML = '<h2 id="keys-h">Keys</h2><dl></dl><label class="check"><input type="checkbox" id="keys-on">' +
      '<span>Single letters act</span></label><form method="dialog" class="row"><button class="btn">Close</button></form>';
    const list = body.querySelector("dl");
    [...KEYS.filter((one) => !one.if || one.if()), { keys: ["Ctrl", "K"], does: "Find or do anything" }].forEach(({ keys, does }) => {
      const name = document.createElement("dt"), what = document.createElement("dd");
      keys.forEach((key) => { const cap = document.createElement("kbd"); cap.textContent = key; name.append(cap, " "); });
      what.textContent = does;
      list.append(name, what);
    });
    const on = body.querySelector("#keys-on");
    on.checked = !isOff();
    on.addEventListener("change", () => { try { localStorage.setItem(KEPT, on.checked ? "on" : "off"); } catch { /* as it was */ } });
    dialog.append(body);
    document.body.append(dialog);
    return dialog;
  }

  const isTyping = (part) => part.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k" && palette()) {
      event.preventDefault();
      return open();
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
    if (document.querySelector("dialog[open], :popover-open")) return;
    if (isOff() && event.key !== "?") return;
    const found = KEYS.find(({ keys }) => (keys.length > 1 ? begun === keys[0] && event.key === keys[1] : event.key === keys[0]));
    begun = !found && KEYS.some(({ keys }) => keys.length > 1 && keys[0] === event.key) ? event.key : "";
    if (begun) setTimeout(() => { begun = ""; }, 1500);
    if (!found) return;
    event.preventDefault();
    found.run();
  });

  /* ── the palette ── */
  const palette = () => document.getElementById("palette");
  const box = () => document.getElementById("palette-q");
  const options = () => [...document.querySelectorAll("#palette-found a[role=option]")];

  function open() {
    if (palette().open) return;
    palette().showModal();
    box().value = "";
    focus(box());
    htmx.trigger(box(), "look");
  }

  function choose(option) {
    options().forEach((one) => one.setAttribute("aria-selected", String(one === option)));
    if (option) {
      box().setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else box().removeAttribute("aria-activedescendant");
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-palette]") && palette() && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      open();
    }
    if (event.target === palette()) palette().close();
  });

  document.addEventListener("keydown", (event) => {
    if (event.target !== box() || event.isComposing) return;
    const all = options(), now = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (all.length) choose(all[(now + step + all.length) % all.length]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      (all[now] || all[0])?.click();
    }
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target.id !== "palette-found") return;
    choose(options()[0]);
    document.getElementById("palette-count").textContent = `${options().length} found`;
  });
})();
