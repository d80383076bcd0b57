// The page's live elements: brings them to a state and keeps what the worker sees in its place.

import { h } from "../shared/dom.ts";
import { numberOf } from "./actions.ts";
import type { Field } from "./fields.ts";
import { figure } from "./format.ts";
import { type DeskState, find, threadWith } from "./model.ts";
import { patch } from "./patch.ts";
import { textIn } from "./sources.ts";
import { countForTitle } from "./state.ts";
import { viewDesk } from "./view.ts";
import { viewComposer } from "./view-composer.ts";
import { viewHandOver } from "./view-hand-over.ts";
import { viewWhisperComposer } from "./view-whispers.ts";

/** A log counts as read to its end when less than this is below. */
const END_TOLERANCE_PIXELS = 40;

export class Screen {
  readonly #root: HTMLElement;
  /** Where each log that is not at its end was left; a hidden one forgets by itself. */
  readonly #left = new WeakMap<Element, number>();
  readonly #tell: (consultation: number, atEnd: boolean) => void;
  #revealed: number | null = null;
  #before: Element | null = null;

  /** Tells when the worker leaves the end of a log, and when they come back to it. */
  constructor(root: HTMLElement, tell: (consultation: number, atEnd: boolean) => void) {
    this.#root = root;
    this.#tell = tell;
    root.replaceChildren(h("div", { class: "desk" }));
    root.addEventListener("scroll", (event) => this.#scrolled(event.target), { capture: true });
  }

  show(state: DeskState): void {
    const text = textIn(state.language);
    const { documentElement } = document;
    // Said again, even the same language makes a browser look at the style of everything.
    if (documentElement.lang !== text.language || documentElement.dir !== text.direction) {
      documentElement.lang = text.language;
      documentElement.dir = text.direction;
    }
    const count = countForTitle(state);
    document.title = count === 0 ? text("title") : `(${figure(text.language, count)}) ${text("title")}`;
    const live = this.#root.firstElementChild;
    if (live !== null) patch(live, viewDesk(state, text));
    // What has left the page is not kept: it may hold words.
    if (this.#before?.isConnected === false) this.#before = null;
    // Of all that is here, only a sheet of links may be printed.
    document.body.toggleAttribute("data-print", state.tools.sheet !== null);
    for (const log of this.#logs()) this.#settle(log);
    this.#reveal(state.selected);
  }

  /** After a keystroke: everything else is as it was. */
  showField(state: DeskState, field: Field): void {
    // Nothing else shows how many links or which days, and a field that is just being emptied is not to be filled again.
    if (field.of === "count" || field.of === "report") return;
    if (field.of === "query" || field.of === "announcement") {
      this.show(state);
      return;
    }
    const text = textIn(state.language);
    if (field.of === "colleague") {
      const thread = threadWith(state, field.id);
      this.#patchPart(this.#root, "whisper-composer", viewWhisperComposer(state, thread, text));
      return;
    }
    const column = this.#column(field.id);
    const conversation = find(state, field.id);
    if (conversation === undefined || column === null) return;
    if (field.of === "client") this.#patchPart(column, "composer", viewComposer(state, conversation, text));
    else this.#patchPart(column, "hand-over", viewHandOver(state, conversation, text));
  }

  /** What the worker says themselves is always shown. */
  followLog(id: number): void {
    const log = this.#log(id);
    if (log !== null && this.#left.delete(log)) this.#tell(id, true);
  }

  /** However much comes above it, what the worker reads in this log stays where it is. */
  keepPlace(id: number, change: () => void): void {
    const log = this.#log(id);
    const below = log === null ? 0 : log.scrollHeight - log.scrollTop;
    change();
    if (log === null) return;
    log.scrollTop = log.scrollHeight - below;
    if (!isAtEnd(log)) this.#left.set(log, log.scrollTop);
  }

  /** Which consultation an element belongs to. */
  consultationAround(target: EventTarget | null): number | null {
    const column = target instanceof Element ? target.closest("[data-consultation]") : null;
    return column instanceof HTMLElement ? numberOf(column.dataset.consultation) : null;
  }

  /**
   * To the first element with this hook, in a consultation or on the whole page; to the end of what is in it. Where it
   * cannot be focused, no field of another consultation keeps the keyboard.
   */
  focus(hook: string, consultation?: number): void {
    const within = consultation === undefined ? this.#root : this.#column(consultation);
    const element = within?.querySelector(`[data-test="${hook}"], [data-focus="${hook}"]`);
    if (element instanceof HTMLElement) element.focus();
    const { activeElement } = document;
    if (within?.contains(activeElement) === false && activeElement instanceof HTMLElement)
      activeElement.blur();
    if (element instanceof HTMLTextAreaElement) {
      element.setSelectionRange(element.value.length, element.value.length);
    }
  }

  /** Scrolls only what holds it. */
  reveal(hook: string): void {
    this.#root.querySelector(`[data-focus="${hook}"]`)?.scrollIntoView({ block: "nearest" });
  }

  /** To be copied. */
  select(hook: string): void {
    const element = this.#root.querySelector(`[data-focus="${hook}"]`);
    if (element !== null) getSelection()?.selectAllChildren(element);
  }

  /** Before a panel is opened over the desk. */
  rememberFocus(): void {
    this.#before = document.activeElement;
  }

  /** To where the worker was before the panel, if that can still be focused. */
  focusBack(): boolean {
    const before = this.#before;
    if (before instanceof HTMLElement) before.focus();
    this.#before = null;
    return before !== null && document.activeElement === before;
  }

  /** Read and emptied at once: it is nowhere else on this page. */
  takePassphrase(): string {
    const field = this.#root.querySelector("[data-passphrase]");
    if (!(field instanceof HTMLInputElement)) return "";
    const { value } = field;
    field.value = "";
    return value;
  }

  #patchPart(within: Element, key: string, next: HTMLElement | null): void {
    const live = within.querySelector(`[data-key="${key}"]`);
    if (live !== null && next !== null) patch(live, next);
  }

  #column(id: number): Element | null {
    return this.#root.querySelector(`[data-consultation="${id}"]`);
  }

  #logs(): readonly Element[] {
    return [...this.#root.querySelectorAll("[data-log]")];
  }

  #log(id: number): Element | null {
    return this.#column(id)?.querySelector("[data-log]") ?? null;
  }

  #scrolled(log: EventTarget | null): void {
    if (!(log instanceof HTMLElement) || log.dataset.log === undefined || log.clientHeight === 0) return;
    const [wasAtEnd, atEnd] = [!this.#left.has(log), isAtEnd(log)];
    if (atEnd) this.#left.delete(log);
    else this.#left.set(log, log.scrollTop);
    const id = numberOf(log.dataset.log);
    if (id !== null && wasAtEnd !== atEnd) this.#tell(id, atEnd);
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
    const column = selected === null ? null : this.#column(selected);
    for (const it of [column, tab]) it?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
}

function isAtEnd({ scrollHeight, scrollTop, clientHeight }: Element): boolean {
  return scrollHeight - scrollTop - clientHeight < END_TOLERANCE_PIXELS;
}
