// The map: quiet land, incidents by kind and state, ellipses on approach, clusters.

import { token, words } from "./page.js";
import { blindImage, clusterImage, loadSymbols, symbolImage } from "./symbols.js";

const STATES = ["breached", "undetermined", "pending", "met", "none"];
const CLUSTER_ZOOM_MAX = 11;
// Where a name may stand: close by, or else clear of the cluster that covers its dot.
const ANCHORS = ["top", [0, 0.4], "left", [0.6, 0], "right", [-0.6, 0], "bottom", [0, -0.4], "top", [0, 1.9], "left", [2.1, 0], "right", [-2.1, 0], "bottom", [0, -1.9]];
const FRESH_MS = 2000;
const ELLIPSE_POINTS = 48;
const EARTH_RADIUS_M = 6371008.8;

// From which zoom a settlement is drawn: as its file says, else by how many live there.
const SHOWN_FROM = ["coalesce", ["get", "zoom_min"], ["step", ["coalesce", ["get", "population"], 1e9], 8.5, 20000, 7.5, 60000, 6.5, 150000, 0]];
// Of a whole record's places this share on each side is left out of the first view where
// it would shrink all others: one report from another continent.
// Thousands are gathered more widely, so that the land can still be seen between them.
const CLUSTER_RADIUS = { few: 34, many: 58 };
const MANY = 3000;
const STRAY_SHARE = 0.005;
const STRAY_RATIO = 1.6;
const SETTLED = ["all", ["in", ["get", "layer"], ["literal", ["settlement", "town"]]], [">=", ["zoom"], SHOWN_FROM]];

export async function makeMap(container, { onOpen, onMove }) {
  const [symbols, base] = await Promise.all([loadSymbols(container.dataset.symbols), loadBase(container.dataset.base)]);
  maplibregl.setWorkerUrl(new URL("./vendor/maplibre-gl-csp-worker.js", import.meta.url).href);
  await Promise.all(["400", "500", "600"].map((weight) => document.fonts.load(`${weight} 14px "IBM Plex Sans"`, "Aя")));
  const state = { features: [], chosen: null, fresh: [], drawn: null, blind: { type: "FeatureCollection", features: [] }, isFramed: false };
  const map = new maplibregl.Map({
    container,
    style: styleFrom(base),
    center: [0, 25],
    zoom: 1.5,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    maxPitch: 0,
    fadeDuration: calm() ? 0 : 200,
    canvasContextAttributes: { preserveDrawingBuffer: false },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new maplibregl.ScaleControl({ maxWidth: 120 }), "bottom-left");
  map.getCanvas().setAttribute("aria-label", words.t("map.name"));
  map.on("styleimagemissing", (event) => {
    const image = imageFor(event.id, symbols);
    if (image && !map.hasImage(event.id)) map.addImage(event.id, image, { pixelRatio: 2 });
  });
  await once(map, "load");

  function draw() {
    state.drawn = null;
    const features = state.features.filter((one) => one.geometry);
    const source = map.getSource("incidents");
    source.setClusterOptions({ cluster: true, clusterRadius: features.length > MANY ? CLUSTER_RADIUS.many : CLUSTER_RADIUS.few });
    source.setData({ type: "FeatureCollection", features });
    drawMarks();
  }

  // Only what stands alone on the map has an ellipse: in a cluster they would say nothing.
  function drawEllipses() {
    const shown = new Set(map.queryRenderedFeatures({ layers: ["incidents"] }).map((one) => one.properties.number));
    const wanted = state.features.filter((one, number) => {
      if (!one.geometry || !one.properties.radius_m) return false;
      return shown.has(number) || (state.chosen && one.properties.reference === state.chosen);
    });
    const key = wanted.map((one) => one.properties.number).join(",");
    if (key === state.drawn) return;
    state.drawn = key;
    map.getSource("ellipses").setData({ type: "FeatureCollection", features: wanted.map(ellipseFrom) });
  }

  // What is chosen or new is drawn by itself, so that no cluster hides it.
  function drawMarks() {
    const marks = state.features
      .filter((one) => one.geometry && one.properties.reference)
      .map((one) => [one, roleOf(one.properties.reference)])
      .filter(([, role]) => role)
      .map(([one, role]) => ({ ...one, properties: { ...one.properties, role } }));
    map.getSource("marks").setData({ type: "FeatureCollection", features: marks });
  }

  function roleOf(reference) {
    if (reference === state.chosen) return "chosen";
    return state.fresh.includes(reference) ? "fresh" : "";
  }

  function frame(isAnimated) {
    const places = state.features.filter((one) => one.geometry).map((one) => one.geometry.coordinates);
    if (!places.length) return;
    map.fitBounds(frameOf(places), { padding: 56, maxZoom: 12, animate: isAnimated && !calm() });
  }

  map.on("idle", drawEllipses);
  map.on("moveend", (event) => {
    if (event.originalEvent || event.byHand) onMove(boxFrom(map.getBounds()));
  });
  map.on("click", "clusters", async (event) => {
    const [cluster] = event.features;
    const zoom = await map.getSource("incidents").getClusterExpansionZoom(cluster.properties.cluster_id);
    map.easeTo({ center: cluster.geometry.coordinates, zoom: zoom + 0.3, animate: !calm() }, { byHand: true });
  });
  map.on("click", "incidents", (event) => {
    const { reference } = event.features[0].properties;
    if (reference) onOpen(reference);
  });
  const popup = new maplibregl.Popup({ closeButton: false, closeOnClick: false, offset: 14, maxWidth: "280px" });
  for (const layer of ["incidents", "clusters"]) {
    map.on("mousemove", layer, (event) => {
      map.getCanvas().style.cursor = "pointer";
      const [one] = event.features;
      popup.setLngLat(one.geometry.coordinates).setText(tip(one.properties)).addTo(map);
    });
    map.on("mouseleave", layer, () => {
      map.getCanvas().style.cursor = "";
      popup.remove();
    });
  }

  return {
    shade(blind) {
      state.blind = blind;
      map.getSource("blind").setData(blind);
      // Where nobody looked anywhere the hatching has no edge to show: it stays in the back.
      const isSeen = blind.features.some((one) => one.geometry.type !== "Polygon" || one.geometry.coordinates.length > 1);
      map.setPaintProperty("blind", "fill-opacity", isSeen ? 0.45 : 0.25);
    },
    show(features) {
      features.forEach((one, number) => { one.properties.number = number; });
      state.features = features;
      draw();
      if (!state.isFramed) frame(false);
      state.isFramed = true;
    },
    choose(reference) {
      state.chosen = reference;
      drawMarks();
      drawEllipses();
      const one = state.features.find((feature) => feature.properties.reference === reference && feature.geometry);
      if (one && !map.getBounds().contains(one.geometry.coordinates)) {
        map.easeTo({ center: one.geometry.coordinates, animate: !calm() });
      }
    },
    freshen(references) {
      state.fresh = references;
      drawMarks();
      window.setTimeout(() => { state.fresh = []; drawMarks(); }, FRESH_MS);
    },
    repaint() {
      for (const id of map.listImages()) map.removeImage(id);
      map.setStyle(styleFrom(base), { diff: false });
      map.once("styledata", () => { draw(); this.shade(state.blind); this.choose(state.chosen); });
    },
    sources: base.attribution ?? base.source ?? "",
    resize: () => map.resize(),
    home: () => frame(true),
    zoomBy: (step) => map.easeTo({ zoom: map.getZoom() + step, animate: !calm() }, { byHand: true }),
    box: () => boxFrom(map.getBounds()),
    counts: () => ({ features: state.features.length, located: state.features.filter((one) => one.geometry).length }),
    project: (lon, lat) => map.project([lon, lat]),
    jump: (lon, lat, zoom) => map.jumpTo({ center: [lon, lat], zoom }),
    isIdle: () => map.loaded() && !map.isMoving(),
  };
}

function tip(properties) {
  if (properties.cluster) return words.t("map.cluster", { count: properties.point_count });
  const radius = properties.radius_m ? ` ± ${words.decimal(properties.radius_m / 1000, 1)} km` : "";
  return `${words.t(`kind.${properties.kind}`)} · ${words.state(properties.state)} · ${words.decimal(properties.probability, 2)}${radius}`;
}

async function loadBase(address) {
  return (await fetch(address)).json();
}

// Where the record's own countries are drawn the coarse world below must not look out
// from behind their coasts.
function clearedFor(base) {
  const features = base.features.filter((one) => one.properties.layer === "country");
  const corners = features.flatMap((one) => one.geometry.coordinates.flat(Infinity));
  const [lons, lats] = [0, 1].map((axis) => corners.filter((_, index) => index % 2 === axis));
  const edge = (all, pick) => all.reduce((a, b) => pick(a, b));
  if (!corners.length) return { type: "FeatureCollection", features: [] };
  const [west, east, south, north] = [edge(lons, Math.min), edge(lons, Math.max), edge(lats, Math.min), edge(lats, Math.max)];
  const ring = [[west, south], [east, south], [east, north], [west, north], [west, south]];
  return { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring] } };
}

// The corners around all places, or around nearly all where a few lie far away.
function frameOf(places) {
  const spans = [0, 1].map((axis) => {
    const all = places.map((one) => one[axis]).sort((a, b) => a - b);
    const stray = Math.floor(all.length * STRAY_SHARE);
    const [low, high] = [all[stray], all[all.length - 1 - stray]];
    return { whole: [all[0], all[all.length - 1]], most: [low, high] };
  });
  const isStretched = spans.some(({ whole, most }) => whole[1] - whole[0] > STRAY_RATIO * (most[1] - most[0]));
  const [lon, lat] = spans.map(({ whole, most }) => (isStretched ? most : whole));
  return [[lon[0], lat[0]], [lon[1], lat[1]]];
}

function imageFor(id, symbols) {
  const parts = id.split("|");
  if (parts[0] === "one") return symbolImage(symbols, parts[1], parts[2]);
  if (parts[0] === "blind") return blindImage();
  if (parts[0] === "many") return clusterImage(parts.slice(1).map(Number), STATES);
  return null;
}

function boxFrom(bounds) {
  const clip = (value, most) => Math.max(-most, Math.min(most, value));
  const corners = [clip(bounds.getWest(), 180), clip(bounds.getSouth(), 90), clip(bounds.getEast(), 180), clip(bounds.getNorth(), 90)];
  return corners.map((one) => one.toFixed(4)).join(",");
}

// A ring of positions at the 95 % ellipse, on a flat earth around its centre.
function ellipseFrom(feature) {
  const { semi_major_m: major, semi_minor_m: minor, bearing_deg: bearing, radius_m: radius } = feature.properties;
  const [lon, lat] = feature.geometry.coordinates;
  const turn = ((bearing ?? 0) * Math.PI) / 180;
  const ring = [];
  for (let step = 0; step <= ELLIPSE_POINTS; step += 1) {
    const angle = (2 * Math.PI * step) / ELLIPSE_POINTS;
    const along = (major ?? radius) * Math.cos(angle);
    const across = (minor ?? radius) * Math.sin(angle);
    const north = along * Math.cos(turn) - across * Math.sin(turn);
    const east = along * Math.sin(turn) + across * Math.cos(turn);
    const degree = 180 / Math.PI / EARTH_RADIUS_M;
    ring.push([lon + (east * degree) / Math.cos((lat * Math.PI) / 180), lat + north * degree]);
  }
  return { type: "Feature", properties: feature.properties, geometry: { type: "Polygon", coordinates: [ring] } };
}

function calm() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}

function once(map, event) {
  return new Promise((resolve) => map.once(event, resolve));
}

function byState() {
  return ["match", ["get", "state"], ...STATES.slice(0, 4).flatMap((one) => [one, token(`--${one}`)]), token("--none")];
}

function named() {
  const language = document.documentElement.lang;
  return ["coalesce", ["get", `name_${language}`], ["get", "name_en"], ["get", "name"], ""];
}

function styleFrom(base) {
  const is = (...layers) => ["in", ["get", "layer"], ["literal", layers]];
  const font = ["IBM Plex Sans"];
  return {
    version: 8,
    sources: {
      world: { type: "geojson", data: new URL("./base/world.geojson", import.meta.url).href },
      cleared: { type: "geojson", data: clearedFor(base) },
      base: { type: "geojson", data: base },
      marks: { type: "geojson", data: { type: "FeatureCollection", features: [] } },
      blind: { type: "geojson", data: { type: "FeatureCollection", features: [] }, tolerance: 0.1 },
      ellipses: { type: "geojson", data: { type: "FeatureCollection", features: [] } },
      incidents: {
        type: "geojson",
        data: { type: "FeatureCollection", features: [] },
        cluster: true,
        clusterRadius: CLUSTER_RADIUS.few,
        clusterMaxZoom: CLUSTER_ZOOM_MAX,
        clusterProperties: Object.fromEntries(STATES.map((one) => [one, ["+", ["case", ["==", ["get", "state"], one], 1, 0]]])),
      },
    },
    layers: [
      { id: "water", type: "background", paint: { "background-color": token("--water") } },
      { id: "world", type: "fill", source: "world", paint: { "fill-color": token("--land") } },
      { id: "cleared", type: "fill", source: "cleared", paint: { "fill-color": token("--water") } },
      { id: "land", type: "fill", source: "base", filter: is("land", "country"), paint: { "fill-color": token("--land") } },
      { id: "lake", type: "fill", source: "base", filter: is("lake", "water"), paint: { "fill-color": token("--water") } },
      { id: "province", type: "line", source: "base", filter: is("province", "province_border"), paint: { "line-color": token("--shore"), "line-width": 0.5, "line-opacity": 0.8 } },
      { id: "river", type: "line", source: "base", filter: is("river"), paint: { "line-color": token("--shore"), "line-width": 0.8, "line-opacity": 0.7 } },
      { id: "coast", type: "line", source: "base", filter: is("land", "coast", "border", "country_border"), paint: { "line-color": token("--shore"), "line-width": 1 } },
      { id: "road", type: "line", source: "base", minzoom: 7.5, filter: is("road"), paint: { "line-color": token("--shore"), "line-width": 0.7, "line-opacity": 0.6 } },
      { id: "zone", type: "line", source: "base", filter: is("zone"), paint: { "line-color": token("--soft"), "line-width": 1, "line-dasharray": [2, 2] } },
      { id: "line-case", type: "line", source: "base", filter: is("line", "line-of-contact"), paint: { "line-color": token("--land"), "line-width": 5 } },
      { id: "line", type: "line", source: "base", filter: is("line", "line-of-contact"), paint: { "line-color": token("--text"), "line-width": 1.6, "line-dasharray": [5, 2, 1, 2] } },
      { id: "blind", type: "fill", source: "blind", paint: { "fill-pattern": "blind", "fill-opacity": 0.45 } },
      { id: "ellipse", type: "fill", source: "ellipses", paint: { "fill-color": byState(), "fill-opacity": ["interpolate", ["linear"], ["zoom"], 8, 0.04, 11, 0.1] } },
      { id: "ellipse-edge", type: "line", source: "ellipses", paint: { "line-color": byState(), "line-width": 1, "line-opacity": ["*", 0.7, ["get", "probability"]] } },
      { id: "settlement-dot", type: "circle", source: "base", filter: SETTLED, paint: { "circle-radius": 2.2, "circle-color": token("--soft") } },
      { id: "province-name", type: "symbol", source: "base", minzoom: 5.5, maxzoom: 9.5, filter: is("province_label"), layout: { "text-field": named(), "text-font": font, "text-size": 11, "text-letter-spacing": 0.08, "text-max-width": 7 }, paint: { "text-color": token("--shore"), "text-halo-color": token("--land"), "text-halo-width": 1 } },
      { id: "country-name", type: "symbol", source: "base", maxzoom: 7.5, filter: is("country_label"), layout: { "text-field": named(), "text-font": font, "text-size": 13, "text-transform": "uppercase", "text-letter-spacing": 0.16 }, paint: { "text-color": token("--soft"), "text-halo-color": token("--land"), "text-halo-width": 1.2 } },
      { id: "site", type: "symbol", source: "base", minzoom: 9, filter: is("port", "bridge", "energy-site"), layout: { "text-field": named(), "text-font": font, "text-size": 11, "text-variable-anchor-offset": ANCHORS }, paint: { "text-color": token("--soft"), "text-halo-color": token("--land"), "text-halo-width": 1.2 } },
      { id: "settlement", type: "symbol", source: "base", filter: SETTLED, layout: { "symbol-sort-key": ["-", 0, ["coalesce", ["get", "population"], 0]], "text-field": named(), "text-font": font, "text-size": ["interpolate", ["linear"], ["zoom"], 5, 11, 11, 14], "text-variable-anchor-offset": ANCHORS, "text-padding": 2 }, paint: { "text-color": token("--soft"), "text-halo-color": token("--land"), "text-halo-width": 1.4 } },
      { id: "incidents", type: "symbol", source: "incidents", filter: ["!", ["has", "point_count"]], layout: { "icon-image": ["concat", "one|", ["get", "kind"], "|", ["get", "state"]], "icon-allow-overlap": true, "icon-ignore-placement": true, "icon-size": ["interpolate", ["linear"], ["zoom"], 6, 0.8, 12, 1.1], "symbol-sort-key": ["match", ["get", "state"], "breached", 3, "undetermined", 2, "none", 0, 1] }, paint: { "icon-opacity": ["interpolate", ["linear"], ["get", "probability"], 0, 0.25, 1, 1] } },
      { id: "clusters", type: "symbol", source: "incidents", filter: ["has", "point_count"], layout: { "icon-image": ["concat", "many", ...STATES.flatMap((one) => ["|", ["to-string", ["get", one]]])], "icon-allow-overlap": true, "icon-padding": 4, "symbol-sort-key": 9 } },
      { id: "chosen", type: "circle", source: "marks", filter: ["==", ["get", "role"], "chosen"], paint: { "circle-radius": 17, "circle-color": token("--raised"), "circle-opacity": 0.85, "circle-stroke-width": 2, "circle-stroke-color": token("--text") } },
      { id: "fresh", type: "circle", source: "marks", filter: ["==", ["get", "role"], "fresh"], paint: { "circle-radius": 22, "circle-color": token("--past"), "circle-opacity": 0.3, "circle-stroke-width": 1.5, "circle-stroke-color": token("--past") } },
      { id: "marked", type: "symbol", source: "marks", layout: { "icon-image": ["concat", "one|", ["get", "kind"], "|", ["get", "state"]], "icon-allow-overlap": true, "icon-ignore-placement": true } },
    ],
  };
}
