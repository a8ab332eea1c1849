// When something is by the clocks of this device, until somebody chooses a time zone: nothing of it is sent.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const clocks = new Intl.DateTimeFormat(document.documentElement.lang, {
  weekday: "long", day: "numeric", month: "long", year: "numeric",
  hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone, timeZoneName: "longGeneric",
});

for (const line of document.querySelectorAll("[data-starts]")) {
  const { starts, ends, zone: there } = line.dataset;
  if (there === zone) continue;
  line.querySelector("bdi").textContent = clocks.formatRange(new Date(starts), new Date(ends));
  line.hidden = false;
}
