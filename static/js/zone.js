// Times are told by the clock of this device, unless somebody chooses another.

const list = document.getElementById("time_zone");
const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
if (!list.value && [...list.options].some((option) => option.value === timeZone)) list.value = timeZone;
