// Brings the page to life. Everything here adds to what the server has drawn already.

import { watchNews } from "./live.js";
import { element, say, words } from "./page.js";
import { watchTimeline } from "./timeline.js";
import { watchProofs } from "./verify.js";

const TINT_MS = 2000;
const FOLLOW_MS = 250;

document.documentElement.classList.add("scripted");
watchTheme();
watchMenus();
tickClocks();
watchProofs(document.getElementById("desk"));
if (document.getElementById("map")) picture();

async function picture() {
  const form = document.getElementById("filters");
  const detail = document.getElementById("detail");
  const container = document.getElementById("map");
  const timeline = watchTimeline(form);
  let map = null;
  let fresh = [];

  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target?.id === "detail" || event.target.id === "detail") opened(detail, map);
    else if (event.target.id === "answer" || event.detail.elt?.id === "answer") answered();
  });
  document.body.addEventListener("htmx:responseError", (event) => {
    say(event.detail.xhr.status === 400 ? words.t("map.failed") : event.detail.xhr.statusText);
  });
  watchFilters(form);
  watchKeys(form, detail);
  watchClosing(detail, () => map);

  async function answered() {
    timeline.settle();
    tickClocks();
    recount();
    keepFormInStep(form);
    tint(fresh);
    await redraw();
    fresh = [];
  }

  async function redraw() {
    if (!map) return;
    const answer = document.getElementById("answer");
    const address = new URL(container.dataset.features, location.href);
    address.search = answer.dataset.features;
    const shade = new URL(address);
    shade.pathname = container.dataset.blind;
    const [found, blind] = await Promise.all([address, shade].map(async (one) => (await fetch(one)).json()));
    const { features } = found;
    map.show(features);
    map.shade(blind);
    const count = map.counts();
    document.getElementById("map-count").textContent = words.number(count.located);
    container.dataset.located = count.located;
    container.dataset.total = count.features;
    const known = features.map((one) => one.properties.reference);
    const shown = fresh.filter((one) => known.includes(one));
    if (shown.length) map.freshen(shown);
  }

  function tint(references) {
    for (const reference of references) {
      const row = document.querySelector(`#rows [data-reference="${CSS.escape(reference)}"]`);
      row?.classList.add("fresh");
      window.setTimeout(() => row?.classList.remove("fresh"), TINT_MS);
    }
  }

  watchNews(async (changed) => {
    fresh = changed.map((one) => one.reference);
    const address = new URL(location.href);
    address.searchParams.set("part", "live");
    await htmx.ajax("GET", address.pathname + address.search, { source: "#answer", target: "#answer", swap: "outerHTML" });
    const kinds = [...new Set(changed.map((one) => words.t(`kind.${one.kind}`)))];
    if (kinds.length) say(words.t("live.new", { what: kinds.join(", ") }));
  });

  try {
    const { makeMap } = await import("./map.js");
    map = await makeMap(container, {
      onOpen: (reference) => open(reference),
      onMove: (box) => follow(form, box),
    });
    await redraw();
    tools(map, container);
    if (!detail.hidden) opened(detail, map, { isQuiet: true });
    new ResizeObserver(() => map.resize()).observe(container);
    container.dataset.ready = "yes";
    window.truceMap = map;
  } catch (error) {
    console.error(error);
    container.append(element("p", { classes: "blank", text: words.t("map.failed") }));
  }
  document.addEventListener("truce:theme", () => map?.repaint());
}

function open(reference) {
  const row = document.querySelector(`#rows [data-reference="${CSS.escape(reference)}"] a`);
  const address = new URL(`/incidents/${encodeURIComponent(reference)}`, location.href);
  address.search = location.search;
  address.searchParams.delete("open");
  const from = row?.getAttribute("hx-get") ?? address.pathname + address.search;
  htmx.ajax("GET", from, { source: row ?? document.body, target: "#detail", swap: "innerHTML" });
}

function opened(detail, map, { isQuiet = false } = {}) {
  const dossier = detail.querySelector(".dossier");
  if (!dossier) return;
  detail.hidden = false;
  document.getElementById("desk").classList.add("with-detail");
  document.getElementById("open").value = dossier.dataset.reference;
  mark(dossier.dataset.reference);
  watchProofs(document.getElementById("desk"));
  detail.scrollTop = 0;
  map?.resize();
  map?.choose(dossier.dataset.reference);
  if (isQuiet) return;
  const title = dossier.querySelector("h2");
  title.tabIndex = -1;
  title.focus({ preventScroll: true });
}

function mark(reference) {
  for (const row of document.querySelectorAll("#rows .row")) {
    row.classList.toggle("open", Boolean(reference) && row.dataset.reference === reference);
  }
}

function watchClosing(detail, mapNow) {
  detail.addEventListener("click", (event) => {
    if (!event.target.closest("[data-close]")) return;
    event.preventDefault();
    close(detail, mapNow());
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !detail.hidden && !document.querySelector(".menu[open]")) close(detail, mapNow());
  });
}

function close(detail, map) {
  const reference = detail.querySelector(".dossier")?.dataset.reference;
  detail.hidden = true;
  detail.replaceChildren();
  document.getElementById("desk").classList.remove("with-detail");
  document.getElementById("open").value = "";
  const address = new URL(location.href);
  address.searchParams.delete("open");
  history.pushState(null, "", address);
  map?.choose(null);
  map?.resize();
  mark(null);
  document.querySelector(`#rows [data-reference="${CSS.escape(reference ?? "")}"] a`)?.focus();
}

function watchFilters(form) {
  const least = form.elements.min_p;
  least.addEventListener("input", () => {
    document.getElementById("min_p_out").textContent = words.decimal(Number(least.value), 2);
  });
  document.getElementById("follow-map").addEventListener("change", (event) => {
    form.elements.bbox.value = event.target.checked && window.truceMap ? window.truceMap.box() : "";
    form.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

let followTimer = 0;
function follow(form, box) {
  if (!document.getElementById("follow-map").checked) return;
  window.clearTimeout(followTimer);
  followTimer = window.setTimeout(() => {
    form.elements.bbox.value = box;
    form.dispatchEvent(new Event("change", { bubbles: true }));
  }, FOLLOW_MS);
}

// Counts beside the choices, from the answer that was just drawn.
function recount() {
  const counts = JSON.parse(document.getElementById("answer").dataset.counts);
  for (const place of document.querySelectorAll("[data-count]")) {
    if (place.dataset.count in counts) place.textContent = words.number(counts[place.dataset.count]);
  }
}

function keepFormInStep(form) {
  for (const menu of form.querySelectorAll(".menu")) {
    const chosen = menu.querySelectorAll(":checked").length;
    const isTimed = ["from", "to"].some((name) => menu.querySelector(`[name=${name}]`)?.value);
    const badge = menu.querySelector("summary .many") ?? element("b", { classes: "many" });
    badge.textContent = chosen ? String(chosen) : "●";
    if (chosen || isTimed) menu.querySelector("summary").append(badge);
    else badge.remove();
  }
}

// j and k (or arrows) walk the list, Enter opens, / searches, ? is the browser's.
function watchKeys(form, detail) {
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest?.("input, select, textarea, [role=slider], .maplibregl-canvas");
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/" && !isTyping) {
      event.preventDefault();
      form.elements.q.focus();
      form.elements.q.select();
    }
    if (isTyping && !(event.target.id === "q" && event.key === "ArrowDown")) return;
    const step = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    const isArrow = event.key.startsWith("Arrow");
    if (!step || (isArrow && !event.target.closest("#rows") && event.target.id !== "q")) return;
    event.preventDefault();
    walk(step, !detail.hidden);
  });
}

function walk(step, isOpen) {
  const links = [...document.querySelectorAll("#rows .row a")];
  const here = links.indexOf(document.activeElement);
  const chosen = links.findIndex((link) => link.parentElement.classList.contains("open"));
  const from = here >= 0 ? here : chosen;
  const next = links[Math.max(0, Math.min(links.length - 1, from < 0 ? 0 : from + step))];
  if (!next) return;
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  if (isOpen) open(next.parentElement.dataset.reference);
}

function tools(map, container) {
  const button = (label, text, act) => {
    const made = element("button", { type: "button", classes: "icon", title: words.t(label), "aria-label": words.t(label), text });
    made.addEventListener("click", act);
    return made;
  };
  container.append(
    element("div", { classes: "map-tools" },
      button("map.in", "+", () => map.zoomBy(1)),
      button("map.out", "−", () => map.zoomBy(-1)),
      button("map.home", "⤢", () => map.home())),
    map.sources ? element("p", { classes: "sources", text: words.t("map.sources", { names: map.sources }) }) : "",
    element("div", { classes: "stamp", text: document.querySelector(".band strong").textContent, "aria-hidden": "true" }),
  );
}

function watchTheme() {
  const button = document.getElementById("theme");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const root = document.documentElement;
    const isLight = getComputedStyle(root).colorScheme.includes("light");
    root.dataset.theme = isLight ? "dim" : "light";
    document.cookie = `theme=${root.dataset.theme};path=/;max-age=31536000;samesite=strict`;
    document.dispatchEvent(new Event("truce:theme"));
  });
}

// A menu closes when something else is used, and on Escape.
function watchMenus() {
  document.addEventListener("pointerdown", (event) => closeMenus(event.target));
  document.addEventListener("focusin", (event) => closeMenus(event.target));
  document.addEventListener("keydown", (event) => {
    const menu = document.querySelector(".menu[open]");
    if (event.key !== "Escape" || !menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
    event.stopImmediatePropagation();
  }, true);
}

function closeMenus(target) {
  for (const menu of document.querySelectorAll(".menu[open]")) {
    if (!menu.contains(target)) menu.open = false;
  }
}

// What is left until the next decision, as of the moment that the page shows.
function tickClocks() {
  for (const clock of document.querySelectorAll("time[data-until]")) {
    const minutes = Math.floor((Date.parse(clock.dataset.until) - Date.parse(clock.dataset.now)) / 60000);
    const left = { hours: Math.floor(minutes / 60), minutes: minutes % 60 };
    clock.textContent = minutes > 0 ? words.t("clocks.left", left) : words.t("clocks.due");
  }
}
