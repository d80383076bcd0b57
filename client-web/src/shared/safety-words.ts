// The words of a safety phrase, for eyes and voices (docs/protocol.md section 7).

import { h } from "./dom.ts";
import type { Text } from "./text.ts";

/** In a language that has the list `phrase.ftl`. */
export function viewSafetyWords(phrase: readonly number[], text: Text): HTMLElement {
  const { language, direction } = text;
  return h(
    "ol",
    { class: "safety-words", lang: language, dir: direction, "data-test": "safety-words" },
    phrase.map((place) => h("li", {}, text(`safety-${place}`))),
  );
}
