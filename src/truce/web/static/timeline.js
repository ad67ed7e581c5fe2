// The brush over the histogram: dragging chooses a span of whole bars.

import { words } from "./page.js";

const PLAY_MS = 900;

export function watchTimeline(form) {
  const span = { from: 0, to: 0, count: 0 };
  let playing = 0;

  function plot() {
    return document.querySelector("#timeline .plot");
  }

  function edges() {
    return JSON.parse(document.getElementById("timeline").dataset.edges || "[]");
  }

  // After every answer: where the brush stands, and the marks under the bars.
  function settle() {
    const holder = document.getElementById("timeline");
    const bars = plot();
    if (!bars) return;
    span.count = edges().length - 1;
    span.from = Number(holder.dataset.from) * span.count;
    span.to = Number(holder.dataset.to) * span.count;
    holder.querySelector("[data-play]").hidden = false;
    paint();
  }

  function isWhole() {
    return span.from <= 0 && span.to >= span.count;
  }

  function paint() {
    const brush = plot().querySelector(".brush");
    brush.hidden = isWhole();
    brush.style.left = `${(span.from / span.count) * 100}%`;
    brush.style.width = `${((span.to - span.from) / span.count) * 100}%`;
    plot().setAttribute("aria-valuenow", String(Math.round(span.from)));
  }

  function submit() {
    const list = edges();
    const from = Math.max(0, Math.round(span.from));
    const to = Math.min(span.count, Math.round(span.to));
    form.elements.from.value = isWhole() ? "" : list[from];
    form.elements.to.value = isWhole() ? "" : list[to];
    form.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function set(from, to) {
    const width = Math.max(1, Math.min(span.count, to - from));
    span.from = Math.max(0, Math.min(span.count - width, from));
    span.to = span.from + width;
    paint();
  }

  function barAt(event) {
    const box = plot().getBoundingClientRect();
    return Math.max(0, Math.min(span.count, ((event.clientX - box.left) / box.width) * span.count));
  }

  document.addEventListener("pointerdown", (event) => {
    const bars = event.target.closest?.("#timeline .plot");
    if (!bars || event.button !== 0) return;
    bars.setPointerCapture(event.pointerId);
    const start = barAt(event);
    const before = { ...span };
    const grip = event.target.closest(".grip");
    const isMove = !grip && event.target.closest(".brush") && !isWhole();
    const fixed = grip ? (grip.classList.contains("from") ? before.to : before.from) : start;
    let hasMoved = false;

    const move = (step) => {
      const now = barAt(step);
      if (Math.abs(now - start) * (bars.clientWidth / span.count) > 3) hasMoved = true;
      if (!hasMoved) return;
      if (isMove) set(Math.round(before.from + now - start), Math.round(before.to + now - start));
      else set(Math.floor(Math.min(fixed, now)), Math.ceil(Math.max(fixed, now)));
    };
    const end = () => {
      bars.removeEventListener("pointermove", move);
      bars.removeEventListener("pointerup", end);
      bars.removeEventListener("pointercancel", end);
      // A click without a drag chooses the one bar under it.
      if (!hasMoved && !grip && !isMove) set(Math.floor(start), Math.floor(start) + 1);
      submit();
    };
    bars.addEventListener("pointermove", move);
    bars.addEventListener("pointerup", end);
    bars.addEventListener("pointercancel", end);
  });

  document.addEventListener("keydown", (event) => {
    if (!event.target.closest?.("#timeline .plot")) return;
    const width = isWhole() ? Math.max(1, Math.round(span.count / 10)) : span.to - span.from;
    const from = isWhole() ? span.count - width : span.from;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step && event.shiftKey) set(from, from + width + step);
    else if (step) set(from + step, from + step + width);
    else if (event.key === "Home") set(0, width);
    else if (event.key === "End") set(span.count - width, span.count);
    else if (event.key === "Escape") set(0, span.count);
    else return;
    event.preventDefault();
    event.stopPropagation();
    submit();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-play]");
    if (button) play(button);
  });

  function play() {
    if (playing) {
      window.clearInterval(playing);
      playing = 0;
    } else {
      if (isWhole() || span.to >= span.count) {
        const width = isWhole() ? Math.max(1, Math.round(span.count / 12)) : span.to - span.from;
        set(0, width);
      }
      submit();
      playing = window.setInterval(() => {
        if (span.to >= span.count) return play();
        set(span.from + 1, span.to + 1);
        submit();
      }, PLAY_MS);
    }
    const button = document.querySelector("[data-play]");
    const label = words.t(playing ? "timeline.pause" : "timeline.play");
    button.title = label;
    button.setAttribute("aria-label", label);
    button.setAttribute("aria-pressed", String(Boolean(playing)));
  }

  settle();
  return { settle };
}
