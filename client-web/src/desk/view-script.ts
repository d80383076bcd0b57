// What the worker reads in an emergency, step by step, beside the conversation or over the desk.

import { factsOf } from "../protocol/languages.ts";
import { type Child, h, written } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import type { Script } from "./content.ts";
import type { Conversation, DeskState } from "./model.ts";
import { wordsIn } from "./pack.ts";
import { dangerSign, viewCardText } from "./view-parts.ts";

export function viewScriptBeside(state: DeskState, { consultation }: Conversation, text: Text): Child {
  if (state.tools.scriptIn !== consultation.id) return null;
  return h(
    "section",
    { class: "desk-script", "aria-label": text("scripts"), "data-key": "script", "data-test": "script" },
    h(
      "div",
      { class: "desk-script-head", "data-key": "hide" },
      h("h3", { class: "small" }, text("scripts")),
      h("button", { type: "button", class: "desk-tool", "data-action": "hide_script" }, text("dismiss")),
    ),
    viewScripts(state, "script-first", text),
  );
}

/** `focus` is the hook of the first thing that can be pressed or scrolled. */
export function viewScripts(state: DeskState, focus: string, text: Text): Child {
  const scripts = state.pack?.scripts ?? [];
  const chosen = scripts.find((it) => it.id === state.tools.script) ?? scripts[0];
  if (chosen === undefined) {
    return h("p", { tabindex: -1, "data-focus": focus, "data-key": "none" }, text("scripts-none"));
  }
  return [
    h(
      "div",
      { class: "desk-script-choice", role: "group", "aria-label": text("scripts"), "data-key": "choice" },
      scripts.map((it) => viewChoice(it, it === chosen, focus, text)),
    ),
    viewSteps(chosen, text),
  ];
}

function viewChoice(it: Script, chosen: boolean, focus: string, text: Text): HTMLElement {
  return h(
    "button",
    {
      type: "button",
      class: "desk-code",
      "aria-pressed": chosen ? "true" : "false",
      "data-action": "choose_script",
      "data-focus": chosen ? focus : undefined,
      "data-key": it.id,
      "data-script": it.id,
      "data-test": "script-choice",
    },
    chosen && dangerSign(),
    written(wordsIn(it.title, text.language)?.text ?? it.id),
  );
}

function viewSteps({ steps }: Script, text: Text): Child {
  const words = wordsIn(steps, text.language);
  if (words === null) return null;
  return h(
    "div",
    {
      class: "desk-steps",
      role: "group",
      tabindex: 0,
      "aria-label": text("script-steps"),
      lang: words.language,
      dir: factsOf(words.language).direction,
      "data-key": "steps",
    },
    viewCardText(words.text),
  );
}
