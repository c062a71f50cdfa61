/* Change a part of the page into its new version instead of replacing it: what stays the same is not touched, so that
   focus, selected text, scroll, what is opened, ticked or half typed stay where they are. Used as hx-swap="morph". */
"use strict";

(() => {
  const HELD = new Set(["open"]); /* of details and dialogs: whoever looks has opened them */
  const ROWS = /^(TR|LI)$/; /* a row is one thing of the world; it never turns into another one */

  const isElement = (node) => node.nodeType === Node.ELEMENT_NODE;

  /* What makes two nodes the same one before all else; nodes with nothing of their own go by their place. */
  function sign(node) {
    if (!isElement(node)) return node.nodeName;
    const own = [node.nodeName, node.id];
    if (node.nodeName === "A") own.push(node.getAttribute("href"));
    if (node.nodeName === "FORM") own.push(node.getAttribute("action"));
    if (/^(INPUT|SELECT|TEXTAREA|BUTTON)$/.test(node.nodeName)) {
      own.push(node.name, node.type);
      if (/^(checkbox|radio|submit)$/.test(node.type)) own.push(node.getAttribute("value"));
    }
    if (ROWS.test(node.nodeName)) own.push(key(node));
    return own.join("\n");
  }

  const key = (row) => row.id || row.querySelector("[id]")?.id || row.querySelector("a[href]")?.getAttribute("href") || "";

  function attributes(old, now) {
    for (const { name, value } of [...now.attributes]) {
      if (!HELD.has(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
    for (const { name } of [...old.attributes]) {
      if (!HELD.has(name) && !now.hasAttribute(name)) old.removeAttribute(name);
    }
  }

  function node(old, now) {
    if (!isElement(old)) {
      if (old.nodeValue !== now.nodeValue) old.nodeValue = now.nodeValue;
      return;
    }
    if (old.isEqualNode(now)) return;
    attributes(old, now);
    if (old.nodeName !== "TEXTAREA" || old.value === old.defaultValue) children(old, now);
  }

  function children(parent, wanted) {
    const known = new Map();
    for (const child of parent.childNodes) {
      const name = sign(child);
      known.has(name) ? known.get(name).push(child) : known.set(name, [child]);
    }
    const stays = [...wanted.childNodes].map((now) => [known.get(sign(now))?.shift(), now]);
    known.forEach((gone) => gone.forEach((child) => child.remove()));
    let place = parent.firstChild;
    for (const [old, now] of stays) {
      if (!old) {
        parent.insertBefore(now, place);
        continue;
      }
      if (old === place) place = place.nextSibling;
      else move(parent, old, place);
      node(old, now);
    }
  }

  /* Where the browser cannot move a node as it is, the focus in it is put back. */
  function move(parent, child, place) {
    if (parent.moveBefore) return parent.moveBefore(child, place);
    const held = child.contains(document.activeElement) && document.activeElement;
    parent.insertBefore(child, place);
    if (held) held.focus({ preventScroll: true });
  }

  htmx.defineExtension("morph", {
    isInlineSwap: (style) => style === "morph",
    handleSwap(style, target, fragment) {
      if (style !== "morph") return false;
      const now = fragment.firstElementChild ?? fragment;
      if (now.id !== target.id) {
        target.replaceWith(fragment);
        return [document.getElementById(now.id)].filter(Boolean);
      }
      node(target, now);
      return [target];
    },
  });
})();
