// How hosts are told from each other: by colour, and without colour by dash and mark. And how elements are made.

const DASHES = ["", "8 4", "2 3", "10 3 2 3", "5 2", "1 4"];
const MARKS = ["●", "■", "▲", "◆", "▼", "★", "○", "□"];
const COLOURS = 6;

/** The class that gives a host its colour. */
export function hostClass(host) {
  return host >= 0 ? `host-${host % COLOURS}` : "host-none";
}

export function dashOf(host) {
  return host >= 0 ? DASHES[host % DASHES.length] : "";
}

export function markOf(host) {
  return host >= 0 ? MARKS[host % MARKS.length] : "";
}

/** Text as it may stand in markup. */
export function escaped(text) {
  return String(text).replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);
}

/** An element with these attributes and children. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** What fits into so many letters. */
export function clipped(text, letters) {
  if (text.length <= letters) return text;
  return letters < 4 ? "" : `${text.slice(0, letters - 1)}…`;
}
