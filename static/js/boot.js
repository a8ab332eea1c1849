// The little that pages gain from JavaScript. Nothing depends on it.

// The error summary is read first: focus goes where a reader has to begin.
document.querySelector("[data-focus]")?.focus();

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    button.textContent = button.dataset.done;
  });
}

// Where questions depend on each other, the rest is loaded after the first input.
const logic = document.querySelector("script[data-modules]");
logic?.closest("form").addEventListener("input", async () => {
  const [answering, expressions] = await Promise.all(logic.dataset.modules.split(" ").map((address) => import(address)));
  answering.start(logic, expressions);
}, { once: true });

// The offer to answer without a network.
const offer = document.querySelector("[data-keep]");
if (offer && navigator.serviceWorker) {
  offer.hidden = false;
  offer.querySelector("button").addEventListener("click", async () => (await import(offer.dataset.keep)).keep(offer));
}
