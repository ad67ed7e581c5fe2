// News as it comes: the server says that something changed, the page asks again.

import { words } from "./page.js";

const GATHER_MS = 150;

export function watchNews(onChange) {
  const lamp = document.getElementById("live");
  const answer = document.getElementById("answer");
  if (!lamp || !answer) return;
  const address = new URL("/events", location.href);
  for (const name of ["as", "lang"]) {
    const value = new URLSearchParams(location.search).get(name);
    if (value) address.searchParams.set(name, value);
  }
  const stream = new EventSource(address);
  let gathered = [];
  let timer = 0;

  function shine(isOn) {
    lamp.classList.toggle("on", isOn);
    lamp.classList.toggle("off", !isOn);
    lamp.title = words.t(isOn ? "live.on" : "live.off");
  }

  // The page may be older than the stream: what came between is asked for once.
  stream.addEventListener("hello", (event) => {
    shine(true);
    const shown = Number(document.getElementById("answer").dataset.count);
    if (JSON.parse(event.data).count > shown) onChange([]);
  });
  stream.addEventListener("change", (event) => {
    gathered.push(...JSON.parse(event.data).changed);
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      onChange(gathered);
      gathered = [];
    }, GATHER_MS);
  });
  stream.addEventListener("error", () => shine(false));
  window.addEventListener("pagehide", () => stream.close());
}
