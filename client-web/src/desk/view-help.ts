// Every key of the desk, on one page.

import { type Child, h } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import { keyCap, LETTERS } from "./keys.ts";

type Code = keyof typeof LETTERS;

/** In the order of a consultation. */
const ORDER: readonly Code[] = [
  "KeyA",
  "Digit0",
  "KeyN",
  "KeyJ",
  "KeyR",
  "KeyC",
  "KeyE",
  "KeyM",
  "KeyW",
  "KeyH",
  "KeyX",
  "KeyS",
  "KeyK",
  "KeyL",
];

export function viewHelp(text: Text): Child {
  return [
    h(
      "dl",
      { class: "desk-keys", "data-key": "keys" },
      viewKeys(["Enter"], text("key-enter")),
      viewKeys(["Shift", "Enter"], text("key-line")),
      viewKeys(["Alt", "1…8"], text("key-consultation")),
      ORDER.map((code) => viewKeys(["Alt", keyCap(code)], text(`key-${LETTERS[code]}`))),
      viewKeys(["/"], text("key-slash")),
      viewKeys(["Esc"], text("key-escape")),
      viewKeys(["Alt", "P", "P"], text("key-panic")),
    ),
    h("p", { class: "small soft", "data-key": "layout" }, text("keys-layout")),
  ];
}

function viewKeys(caps: readonly string[], words: string): HTMLElement {
  return h(
    "div",
    {},
    h(
      "dt",
      { dir: "ltr" },
      caps.map((cap, index) => [index > 0 && " + ", h("kbd", {}, cap)]),
    ),
    h("dd", {}, words),
  );
}
