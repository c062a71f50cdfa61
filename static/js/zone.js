/* The zone of this device is where the fleet most likely is; what somebody has typed stays. */
"use strict";

addEventListener("DOMContentLoaded", () => {
  const field = document.querySelector("input[name=time_zone]");
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (field && here && field.value === "UTC" && !document.getElementById("errors")) field.value = here;
});
