// Checks an inclusion proof in this browser: from the logged bytes to the signed root.
// Source: RFC 6962, section 2.1 (hashes); RFC 9162, section 2.1.3.2 (checking);
// C2SP tlog-checkpoint v1 (origin, size and root in three lines).

import { element, say, words } from "./page.js";

export function watchProofs(root) {
  for (const button of root.querySelectorAll("button.verify[hidden]")) button.hidden = false;
  if (root.dataset.watched) return;
  root.dataset.watched = "yes";
  root.addEventListener("click", (event) => {
    const button = event.target.closest("button.verify");
    if (button) verify(button);
  });
}

async function verify(button) {
  const panel = button.closest(".observation").querySelector(".proof");
  panel.hidden = false;
  panel.replaceChildren(element("p", { text: words.t("verify.working") }));
  if (!window.crypto?.subtle) {
    panel.replaceChildren(element("p", { classes: "answer-line fails", text: words.t("verify.insecure") }));
    return;
  }
  try {
    const response = await fetch(button.dataset.proof, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(String(response.status));
    show(panel, await check(await response.json()));
  } catch {
    panel.replaceChildren(element("p", { classes: "answer-line fails", text: words.t("verify.unavailable") }));
  }
}

export async function check(proof) {
  const steps = [];
  let hash;
  if (proof.entry === null) {
    hash = bytesFromHex(proof.leaf_hash);
    steps.push([words.t("verify.leaf.given"), hex(hash)]);
  } else {
    const entry = Uint8Array.from(atob(proof.entry), (letter) => letter.charCodeAt(0));
    hash = await sha256(Uint8Array.of(0), entry);
    steps.push([words.t("verify.leaf", { size: entry.length }), hex(hash)]);
  }
  const [leafSteps, reached] = await climb(hash, proof);
  steps.push(...leafSteps);
  const [origin, size, root] = proof.checkpoint.split("\n");
  const stated = hexOrNothing(root);
  const computed = reached === null ? "" : hex(reached);
  steps.push([words.t("verify.root"), computed || "—"], [words.t("verify.checkpoint"), stated || "—"]);
  const isOrigin = origin === proof.origin;
  const isSize = size === String(proof.tree_size);
  if (isOrigin) steps.push([words.t("verify.origin", { origin }), ""]);
  if (isSize) steps.push([words.t("verify.size", { size }), ""]);
  const holds = computed !== "" && computed === stated && isOrigin && isSize;
  return { steps, holds, number: proof.statement, size: proof.tree_size };
}

// The hashes from a leaf to the root; null where the proof has the wrong length.
async function climb(leaf, proof) {
  const steps = [];
  let [position, last, reached] = [proof.statement, proof.tree_size - 1, leaf];
  if (position > last) return [steps, null];
  for (const text of proof.hashes) {
    if (last === 0) return [steps, null];
    const sibling = bytesFromHex(text);
    const isLeft = position % 2 === 1 || position === last;
    reached = isLeft ? await sha256(Uint8Array.of(1), sibling, reached) : await sha256(Uint8Array.of(1), reached, sibling);
    steps.push([words.t("verify.step", { side: words.t(isLeft ? "verify.left" : "verify.right") }), hex(reached)]);
    if (isLeft) {
      while (position !== 0 && position % 2 === 0) [position, last] = [Math.floor(position / 2), Math.floor(last / 2)];
    }
    [position, last] = [Math.floor(position / 2), Math.floor(last / 2)];
  }
  return [steps, last === 0 ? reached : null];
}

function show(panel, { steps, holds, number, size }) {
  const verdict = words.t(holds ? "verify.holds" : "verify.fails", { number, size });
  const list = element("ol");
  steps.forEach(([text, code], index) => {
    const line = element("li", {}, element("i", { text: `${index + 1}` }), element("span", { text }));
    if (code) line.append(element("code", { text: code }));
    list.append(line);
  });
  panel.dataset.holds = String(holds);
  panel.replaceChildren(element("p", { classes: `answer-line ${holds ? "holds" : "fails"}`, text: verdict }), list);
  say(verdict);
}

async function sha256(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
}

function bytesFromHex(text) {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function hex(bytes) {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function hexOrNothing(base64) {
  try {
    return hex(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)));
  } catch {
    return "";
  }
}
