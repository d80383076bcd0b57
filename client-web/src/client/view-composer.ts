// Where the person writes.

import { h } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import type { Actions } from "./view-parts.ts";

/** At most 4 bytes of UTF-8 each, so the protocol's 40,000 bytes are never passed. */
export const TEXT_MAX_CHARACTERS = 10_000;
const NEAR_MAX_CHARACTERS = 500;

export interface Composer {
  readonly element: HTMLElement;
  focus(): void;
  /** So much is under way that nothing more is taken. What is written stays. */
  setFull(isFull: boolean): void;
}

/** `more`: what else than words can be sent. */
export function viewComposer(text: Text, actions: Actions, more: readonly HTMLElement[]): Composer {
  let isFull = false;
  const full = h("p", { class: "small composer-limit", id: "composer-full", role: "status" });
  const limit = h("p", { class: "small composer-limit", id: "composer-limit", role: "status" });
  const send = h(
    "button",
    { type: "submit", class: "button button-main", "data-test": "send" },
    text("send"),
  );
  const area = h("textarea", {
    class: "field",
    id: "composer",
    rows: 1,
    dir: "auto",
    autocomplete: "off",
    // A browser's spelling and writing services may send the text elsewhere.
    spellcheck: "false",
    autocorrect: "off",
    writingsuggestions: "false",
    placeholder: text("composer-label"),
    "aria-label": text("composer-label"),
    "aria-describedby": "composer-full composer-limit composer-loses",
    "data-test": "composer",
    oninput: () => growToFit(),
    onkeydown: (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || !hasKeyboard()) return;
      event.preventDefault();
      submit();
    },
  });

  const growToFit = (): void => {
    const left = TEXT_MAX_CHARACTERS - [...area.value].length;
    limit.hidden = left > NEAR_MAX_CHARACTERS;
    limit.textContent = limit.hidden
      ? ""
      : left < 0
        ? text("text-too-long", { count: -left })
        : text("text-left", { count: left });
    limit.classList.toggle("composer-over", left < 0);
    send.disabled = left < 0 || isFull;
    area.style.blockSize = "auto";
    area.style.blockSize = `${area.scrollHeight + area.offsetHeight - area.clientHeight}px`;
  };
  const submit = (): void => {
    if (area.value.trim() === "" || send.disabled) return;
    if (!actions.say(area.value)) return;
    area.value = "";
    growToFit();
    area.focus();
  };

  const setFull = (next: boolean): void => {
    if (next === isFull) return;
    isFull = next;
    full.textContent = next ? text("composer-full") : "";
    full.hidden = !next;
    growToFit();
  };

  limit.hidden = true;
  full.hidden = true;
  const element = h(
    "form",
    {
      class: "composer",
      onsubmit: (event) => {
        event.preventDefault();
        submit();
      },
    },
    full,
    limit,
    h("div", { class: "composer-row" }, area, send),
    h(
      "div",
      { class: "composer-under" },
      more,
      h("p", { class: "soft small composer-loses", id: "composer-loses" }, text("composer-loses")),
    ),
  );
  // On a phone the focus would bring up the keyboard, over what there is to read first.
  const focus = (): void => {
    if (hasKeyboard()) area.focus();
  };
  return { element, focus, setFull };
}

function hasKeyboard(): boolean {
  return matchMedia("(hover: hover) and (pointer: fine)").matches;
}
