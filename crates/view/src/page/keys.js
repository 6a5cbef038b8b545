// What the keys do.

import { element } from "./look.js";

/** The keys, what they are called, and what they do: a name of an action. */
export const KEYS = [
  [["ArrowRight", "j", "l"], "→ or j", "forward", "forward to what happens next"],
  [["ArrowLeft", "k", "h"], "← or k", "back", "back"],
  [["ArrowDown"], "↓", "forward", "forward"],
  [["ArrowUp"], "↑", "back", "back"],
  [[" "], "space bar", "play", "play or pause"],
  [["Home"], "Home", "first", "to the first"],
  [["End"], "End", "last", "to the last"],
  [["PageDown", "]"], "Page Down", "nextPhase", "to the next phase"],
  [["PageUp", "["], "Page Up", "lastPhase", "to the phase before"],
  [["c"], "c", "cause", "to the cause"],
  [["a"], "a", "answer", "to the answer"],
  [["b"], "b", "return", "to where the last jump began"],
  [["/"], "/", "search", "search"],
  [["n"], "n", "nextFound", "to the next that was found"],
  [["N"], "N", "lastFound", "to the one before"],
  [["t"], "t", "time", "type a time"],
  [["f"], "f", "fold", "fold or unfold this phase"],
  [["s"], "s", "scale", "time to scale, or by order"],
  [["+", "="], "+", "closer", "to scale: more room for each millisecond"],
  [["-"], "-", "farther", "to scale: less"],
  [["m", "Escape"], "m", "larger", "the map larger, and small again"],
  [["1", "2", "3"], "1, 2, 3", "run", "which of several runs"],
  [["d"], "d", "theme", "light or dark"],
  [["?"], "?", "help", "these keys"],
];

export function listenToKeys(actions) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { target } = event;
    if (document.getElementById("help").open) return;
    const isText = target.matches("input:not([type=range]):not([type=checkbox]), select, textarea");
    if (isText) {
      if (event.key === "Escape") document.getElementById("ladder").focus();
      return;
    }
    // A button or a menu obeys the space bar itself.
    if (event.key === " " && target.matches("button, summary, input")) return;
    if (target.matches("[role=tab]") && event.key.startsWith("Arrow")) return;
    const found = KEYS.find(([keys]) => keys.includes(event.key));
    if (!found) return;
    event.preventDefault();
    actions[found[2]](event.key);
  });
}

/** Fills the list of keys. */
export function describeKeys() {
  const rows = KEYS.flatMap(([, name, , does]) => [element("dt", {}, element("kbd", {}, name)), element("dd", {}, does)]);
  document.getElementById("help-keys").replaceChildren(...rows);
}
