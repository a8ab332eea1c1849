// One text after the other without the mouse: the keys shown beside codes and buttons do what a click would.
const form = document.querySelector("[data-keys]");

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.repeat) return;
  if (event.target.closest("textarea, select, input:not([type=checkbox])")) return;
  const wanted = form.querySelector(`[accesskey="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!wanted) return;
  event.preventDefault();
  wanted.click();
});
