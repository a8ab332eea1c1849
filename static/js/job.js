// Follows a job in place: reads its page again until the job has ended. Without JavaScript the page reloads itself.
const place = document.getElementById("progress");
const PAUSE = 1000;

async function look() {
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    if (!answer.ok || answer.redirected) {
      location.reload();
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.getElementById("progress");
    // What is the same is left alone: it would be read out again.
    if (next.innerHTML !== place.innerHTML) update(next);
    if (!("open" in next.dataset)) return;
  } catch {
    // The line is cut: it is tried again.
  }
  setTimeout(look, PAUSE);
}

function update(next) {
  const held = place.contains(document.activeElement);
  place.replaceChildren(...next.childNodes);
  if (held) (place.querySelector("button, a") || document.getElementById("main")).focus();
}

setTimeout(look, PAUSE);
