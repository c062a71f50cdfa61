/* The button that opens the browser's own dialog; without it the browser's menu does the same. */
"use strict";
const print = document.getElementById("print");
if (print) {
  print.hidden = !document.querySelector(".stickers");
  print.addEventListener("click", () => window.print());
}
