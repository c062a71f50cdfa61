/* The button that opens the browser's own dialog; without it the browser's menu does the same. */
"use strict";
document.getElementById("print")?.addEventListener("click", () => window.print());
