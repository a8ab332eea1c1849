// When something is by the clocks of this device, until somebody chooses a time zone: nothing of it is sent.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const clocks = new Intl.DateTimeFormat(document.documentElement.lang, {
  dateStyle: "long", timeStyle: "short", hourCycle: "h23", timeZone: zone,
});

for (const line of document.querySelectorAll("[data-starts]")) {
  const { starts, ends, zone: there } = line.dataset;
  if (there === zone) continue;
  line.querySelector("bdi").textContent = `${clocks.formatRange(new Date(starts), new Date(ends))} (${zone})`;
  line.hidden = false;
}
