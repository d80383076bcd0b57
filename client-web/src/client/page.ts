// The page around the view: language, direction, focus, and nothing left over from the view before.

import { factsOf } from "../protocol/languages.ts";
import { h, replaceChildren } from "../shared/dom.ts";
import type { Language, Text } from "../shared/text.ts";
import type { State } from "./consultation.ts";
import { view } from "./view.ts";
import { type Actions, exitButton, type View } from "./view-parts.ts";
import { readable } from "./words-files.ts";

export class Page {
  readonly #root: HTMLElement;
  readonly #actions: Actions;
  readonly #exit = h("div", { class: "exit" });
  readonly #main = h("main", { id: "main" });
  readonly #languages = h("nav", { class: "languages" });
  /** Stays in the page, so that screen readers say what comes into it. */
  readonly #late = h("p", { class: "soft small language-late", role: "status" });
  #text: Text;
  #state: State | undefined;
  #view: View | undefined;

  constructor(root: HTMLElement, text: Text, actions: Actions) {
    this.#root = root;
    this.#actions = actions;
    this.#text = text;
    replaceChildren(this.#root, this.#exit, this.#languages, this.#main);
    this.speak(text);
    visualViewport?.addEventListener("resize", () => fitAboveKeyboard());
  }

  speak(text: Text): void {
    this.#text = text;
    document.documentElement.lang = text.language;
    document.documentElement.dir = text.direction;
    document.title = text("page-title");
    replaceChildren(this.#exit, exitButton(text, this.#actions));
    this.#late.textContent = "";
    this.#showLanguages();
    if (this.#state !== undefined) this.#mount(this.#state);
  }

  show(state: State): void {
    const before = this.#state;
    this.#state = state;
    if (before?.status === state.status && this.#view?.update) {
      this.#view.update(state);
      return;
    }
    this.#mount(state);
    // Nothing was there before the first screen: to move the focus would only disturb.
    if (before === undefined || before.status === "checking") return;
    scrollTo(0, 0);
    if (this.#view?.focus) this.#view.focus();
    else this.#main.querySelector("h1")?.focus();
  }

  /** A language that was chosen, and whose words did not come yet. */
  sayLate(language: Language): void {
    this.#late.textContent = this.#text("language-late", { language: factsOf(language).name });
  }

  /** Nothing of what was shown is there any more when the browser paints next. */
  cover(): void {
    this.#state = undefined;
    this.#view = undefined;
    this.#main.replaceChildren();
    document.body.replaceChildren();
  }

  #mount(state: State): void {
    this.#view = view(state, this.#text, this.#actions);
    this.#main.dataset.state = state.status;
    delete this.#main.dataset.reason;
    if (state.status === "ended") this.#main.dataset.reason = state.how;
    if (state.status === "refused") this.#main.dataset.reason = state.why;
    this.#languages.hidden = isLanguageChosen(state);
    if (this.#languages.hidden) this.#late.textContent = "";
    // A conversation has it in its head, where it takes no room from what is said.
    this.#exit.hidden = state.status === "talking";
    this.#root.classList.toggle("is-talking", state.status === "talking");
    this.#root.classList.toggle("is-below-exit", this.#languages.hidden && !this.#exit.hidden);
    replaceChildren(this.#main, this.#view.element);
  }

  #showLanguages(): void {
    this.#languages.setAttribute("aria-label", this.#text("language-label"));
    const hadFocus = this.#languages.contains(document.activeElement);
    replaceChildren(
      this.#languages,
      readable.map((language) =>
        h(
          "button",
          {
            type: "button",
            class: "language",
            lang: language,
            "aria-pressed": String(language === this.#text.language),
            "data-test": `language-${language}`,
            onclick: () => this.#actions.speak(language),
          },
          factsOf(language).name,
        ),
      ),
      this.#late,
    );
    if (hadFocus) this.#languages.querySelector<HTMLElement>("[aria-pressed=true]")?.focus();
  }
}

/**
 * From Start on. Who answers has been told which language the person reads, and shows safety words in it; and in a
 * conversation a change would lose what is being written.
 */
export function isLanguageChosen({ status }: State): boolean {
  return status === "waiting" || status === "securing" || status === "talking";
}

/** On iOS a keyboard covers the page without resizing it, and would hide what is being written. */
function fitAboveKeyboard(): void {
  if (visualViewport === null || visualViewport.scale > 1) return;
  document.documentElement.style.setProperty("--visible-height", `${visualViewport.height}px`);
}
