// Symbols drawn once for the map: shape says the kind, colour and pattern the state.

import { token } from "./page.js";

const SCALE = 2;
const SIZE = 30;

export async function loadSymbols(address) {
  const text = await (await fetch(address)).text();
  const sprite = new DOMParser().parseFromString(text, "image/svg+xml");
  const shapes = new Map();
  for (const symbol of sprite.querySelectorAll("symbol")) {
    const paths = [...symbol.querySelectorAll("path")].map((path) => path.getAttribute("d"));
    shapes.set(symbol.id, new Path2D(paths.join(" ")));
  }
  return shapes;
}

export function symbolImage(shapes, kind, state) {
  const shape = shapes.get(`kind-${kind.replaceAll(".", "-")}`) ?? shapes.get("kind-undetermined");
  const pen = sheet(SIZE);
  // Gravity is size and weight as well as colour.
  const side = state === "breached" ? 22 : state === "none" ? 15 : 18;
  pen.translate((SIZE - side) / 2, (SIZE - side) / 2);
  pen.scale(side / 24, side / 24);
  pen.lineJoin = "round";
  pen.strokeStyle = token("--water");
  pen.lineWidth = 5;
  pen.stroke(shape);
  const colour = token(`--${state}`);
  if (state === "pending") {
    pen.fillStyle = token("--water");
    pen.fill(shape, "evenodd");
    pen.strokeStyle = colour;
    pen.lineWidth = 2.6;
    pen.stroke(shape);
  } else if (state === "undetermined") {
    pen.fillStyle = token("--water");
    pen.fill(shape, "evenodd");
    pen.save();
    pen.clip(shape, "evenodd");
    hatch(pen, colour, 24, 4.6, 2);
    pen.restore();
    pen.strokeStyle = colour;
    pen.lineWidth = 1.8;
    pen.stroke(shape);
  } else {
    pen.fillStyle = colour;
    pen.fill(shape, "evenodd");
  }
  return pixels(pen);
}

// The hatching of what nobody watched; its edges meet when it is laid side by side.
export function blindImage() {
  const pen = sheet(10);
  pen.strokeStyle = token("--blind");
  pen.globalAlpha = 0.42;
  pen.lineWidth = 0.8;
  pen.beginPath();
  for (const offset of [-10, 0, 10]) {
    pen.moveTo(offset - 1, -1);
    pen.lineTo(offset + 11, 11);
  }
  pen.stroke();
  return pixels(pen);
}

// A ring whose parts are the states, with the count inside.
export function clusterImage(counts, states) {
  const total = counts.reduce((sum, one) => sum + one, 0);
  const radius = 13 + Math.min(11, Math.log2(total) * 1.5);
  const size = Math.ceil(radius * 2 + 6);
  const pen = sheet(size);
  pen.translate(size / 2, size / 2);
  disc(pen, radius + 2, token("--water"));
  disc(pen, radius, token("--raised"));
  let from = -Math.PI / 2;
  counts.forEach((count, index) => {
    if (!count) return;
    const to = from + (count / total) * Math.PI * 2;
    pen.save();
    pen.beginPath();
    pen.arc(0, 0, radius, from, to);
    pen.arc(0, 0, radius - 5, to, from, true);
    pen.closePath();
    const state = states[index];
    if (state === "undetermined") {
      pen.clip();
      pen.translate(-radius, -radius);
      hatch(pen, token("--undetermined"), radius * 2, 3.6, 1.7);
    } else {
      pen.globalAlpha = state === "none" ? 0.55 : 1;
      pen.fillStyle = token(`--${state}`);
      pen.fill();
    }
    pen.restore();
    from = to;
  });
  pen.fillStyle = token("--text");
  pen.font = `600 ${total > 999 ? 10 : 12}px "IBM Plex Sans"`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(String(total), 0, 0.5);
  return pixels(pen);
}

function sheet(size) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size * SCALE;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.scale(SCALE, SCALE);
  return pen;
}

function pixels(pen) {
  return pen.getImageData(0, 0, pen.canvas.width, pen.canvas.height);
}

function disc(pen, radius, colour) {
  pen.beginPath();
  pen.arc(0, 0, radius, 0, Math.PI * 2);
  pen.fillStyle = colour;
  pen.fill();
}

function hatch(pen, colour, size, gap, width) {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  for (let offset = -size; offset < size; offset += gap) {
    pen.moveTo(offset, size);
    pen.lineTo(offset + size, 0);
  }
  pen.stroke();
}
