// When something is by the clocks of this device, until somebody chooses a time zone: nothing of it is sent, but by who signs up.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const language = document.documentElement.lang;
const clocks = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { // as the pages write dates and figures
  numberingSystem: "latn",
  weekday: "long", day: "numeric", month: "long", year: "numeric",
  hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone, timeZoneName: "longGeneric",
});

for (const line of document.querySelectorAll("[data-starts]")) {
  const { starts, ends, zone: there } = line.dataset;
  if (there === zone) continue;
  line.querySelector("bdi").textContent = clocks.formatRange(new Date(starts), new Date(ends));
  line.hidden = false;
}

const list = document.querySelector("select[data-zone]");
if (list && !list.value && [...list.options].some((option) => option.value === zone)) list.value = zone;
