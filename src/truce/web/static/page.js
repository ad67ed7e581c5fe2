// What every script shares: the page's texts, its colours, and its voice.

const table = JSON.parse(document.getElementById("words").textContent);

export const words = {
  t(key, values = {}) {
    const text = table[key] ?? key;
    return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  },
  // Only the mechanism is given all there is; to others "none" means "none shown".
  state(name) {
    const isAll = document.documentElement.dataset.reader === "MECHANISM";
    return words.t(name === "none" && !isAll ? "state.none.shown" : `state.${name}`);
  },
  // Written as the server writes them: a narrow space parts thousands.
  number(value) {
    return String(value).replace(/\B(?=(\d{3})+$)/g, "\u202f");
  },
  decimal(value, digits) {
    const text = value.toFixed(digits);
    return document.documentElement.lang === "en" ? text : text.replace(".", ",");
  },
};

export function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

// For those who listen: one sentence, without moving the focus.
export function say(text) {
  const voice = document.getElementById("said");
  voice.textContent = "";
  window.setTimeout(() => { voice.textContent = text; }, 50);
}

export function element(name, { text = "", classes = "", ...attributes } = {}, ...children) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  if (classes) made.className = classes;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}
