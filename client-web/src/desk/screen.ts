// The page's live elements: brings them to a state and keeps what the worker sees in its place.

import { h } from "../shared/dom.ts";
import { createText, type Language, type Text } from "../shared/text.ts";
import { figure } from "./format.ts";
import { patch } from "./patch.ts";
import { sources } from "./sources.ts";
import { countForTitle, type DeskState, find } from "./state.ts";
import { viewDesk } from "./view.ts";
import { viewComposer } from "./view-conversation.ts";

/** A log counts as read to its end when less than this is below. */
const END_TOLERANCE_PIXELS = 40;

export class Screen {
  readonly #root: HTMLElement;
  readonly #texts = new Map<Language, Text>();
  /** Where each log that is not at its end was left; a hidden one forgets by itself. */
  readonly #left = new WeakMap<Element, number>();
  #revealed: number | null = null;

  constructor(root: HTMLElement) {
    this.#root = root;
    root.replaceChildren(h("div", { class: "desk" }));
    root.addEventListener("scroll", (event) => this.#scrolled(event.target), { capture: true });
  }

  show(state: DeskState): void {
    const text = this.#text(state.language);
    const { documentElement } = document;
    documentElement.lang = text.language;
    documentElement.dir = text.direction;
    const count = countForTitle(state);
    document.title = count === 0 ? text("title") : `(${figure(text.language, count)}) ${text("title")}`;
    const live = this.#root.firstElementChild;
    if (live !== null) patch(live, viewDesk(state, text));
    for (const log of this.#logs()) this.#settle(log);
    this.#reveal(state.selected);
  }

  /** After a keystroke: everything else is as it was. */
  showComposer(state: DeskState, id: number): void {
    const conversation = find(state, id);
    const live = this.#column(id)?.querySelector('[data-key="composer"]');
    if (conversation === undefined || live === null || live === undefined) return;
    patch(live, viewComposer(state, conversation, this.#text(state.language)));
  }

  /** What the worker says themselves is always shown. */
  followLog(id: number): void {
    const log = this.#column(id)?.querySelector("[data-log]");
    if (log !== null && log !== undefined) this.#left.delete(log);
  }

  focus(id: number, hook: "composer" | "end" | "end-cancel" | "forget"): void {
    const element = this.#column(id)?.querySelector(`[data-test="${hook}"]`);
    if (element instanceof HTMLElement) element.focus();
  }

  #column(id: number): Element | null {
    return this.#root.querySelector(`[data-consultation="${id}"]`);
  }

  #logs(): readonly Element[] {
    return [...this.#root.querySelectorAll("[data-log]")];
  }

  #scrolled(log: EventTarget | null): void {
    if (!(log instanceof HTMLElement) || log.dataset.log === undefined || log.clientHeight === 0) return;
    const below = log.scrollHeight - log.scrollTop - log.clientHeight;
    if (below < END_TOLERANCE_PIXELS) this.#left.delete(log);
    else this.#left.set(log, log.scrollTop);
  }

  #settle(log: Element): void {
    const top = this.#left.get(log) ?? log.scrollHeight;
    if (log.scrollTop !== top) log.scrollTop = top;
  }

  /** The switcher follows what is in front of the worker. */
  #reveal(selected: number | null): void {
    if (selected === this.#revealed) return;
    this.#revealed = selected;
    const tab = this.#root.querySelector('.desk-tab[aria-current="true"]');
    tab?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  #text(language: Language): Text {
    const known = this.#texts.get(language);
    if (known !== undefined) return known;
    const made = createText(language, sources);
    this.#texts.set(language, made);
    return made;
  }
}
