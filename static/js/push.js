/* Turns this browser on for notices: asks, subscribes, and tells the portal how to reach it. */
"use strict";

addEventListener("DOMContentLoaded", () => {
  const part = document.getElementById("push"), words = document.getElementById("push-words"), button = document.getElementById("push-on");
  const say = (text) => { words.textContent = text; };
  const stop = (text) => { say(text); button.hidden = true; };
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) {
    return stop("This browser shows no such messages. On an iPhone, first add Fettle to the home screen and open it there.");
  }
  if (Notification.permission === "denied") return stop("This browser was told not to let Fettle show messages. Allow it in the browser’s settings of this site, then load this page again.");

  button.addEventListener("click", async () => {
    button.setAttribute("aria-busy", "true");
    try {
      if (await Notification.requestPermission() !== "granted") return say("The browser was not allowed to show messages, so nothing was turned on.");
      await navigator.serviceWorker.register(part.dataset.worker);
      const { pushManager } = await navigator.serviceWorker.ready;
      const held = await pushManager.getSubscription();
      const ours = held && !isOther(held) ? held : await anew(pushManager, held);
      const answer = await fetch(part.dataset.to, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": part.dataset.token },
        body: JSON.stringify(ours),
      });
      if (answer.ok && !answer.redirected) return location.reload();
      say((await answer.json().catch(() => ({}))).wrong ?? "The portal did not take it. Load the page again.");
    } catch (error) {
      say(`The browser could not be reached by its own push service (${error.name}). Try again later.`);
    } finally {
      button.removeAttribute("aria-busy");
    }
  });

  const bytes = () => Uint8Array.from(atob(part.dataset.key.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
  const isOther = (held) => {
    const key = new Uint8Array(held.options?.applicationServerKey ?? []), ours = bytes();
    return key.length !== ours.length || key.some((one, place) => one !== ours[place]);
  };
  async function anew(pushManager, held) {
    await held?.unsubscribe();
    return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes() });
  }
});
