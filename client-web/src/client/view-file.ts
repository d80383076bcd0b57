// A file that the person has chosen: what was taken out of it, and whether it goes; then, among the messages, how far
// it is.

import { VOICE_BYTES_PER_SECOND } from "../protocol/file.ts";
import { h } from "../shared/dom.ts";
import { durationOf, sizeOf } from "../shared/size.ts";
import type { Text } from "../shared/text.ts";
import type { Entry, OwnFile, StateOf } from "./consultation.ts";
import type { FileAsked } from "./file.ts";
import type { EntryView } from "./view-message.ts";
import { type Actions, button } from "./view-parts.ts";

/** What the page can clean. A phone that keeps photographs in another form gives one of these when it is asked to. */
const KINDS = "image/jpeg,image/png,image/webp,application/pdf";

export interface FileView {
  readonly element: HTMLElement;
  update(state: StateOf<"talking">): void;
}

/** Under the field for words: opens the device's own way to choose. */
export function viewFileChoice(text: Text, actions: Actions): FileView {
  const input = h("input", {
    type: "file",
    class: "visually-hidden",
    accept: KINDS,
    "data-test": "file-input",
    onchange: () => {
      const file = input.files?.[0];
      // The same one may be chosen again.
      if (file !== undefined) actions.chooseFile(file);
      input.value = "";
    },
  });
  const element = h("label", { class: "file-choice" }, input, h("span", {}, text("file-choose")));
  const update = ({ file, voice, entries }: StateOf<"talking">): void => {
    const isFree = file === undefined && voice === undefined && !entries.some(isOpen);
    input.disabled = !isFree;
    element.hidden = !isFree;
  };
  return { element, update };
}

/** Before anybody hears of it. */
export function viewFileAsk(text: Text, actions: Actions): FileView {
  const element = h("section", {
    class: "notice stack-tight file-ask",
    "aria-label": text("file-choose"),
    "data-test": "file-ask",
    hidden: true,
  });
  let shown: FileAsked | undefined;
  const update = ({ file: asked }: StateOf<"talking">): void => {
    element.hidden = asked === undefined;
    if (asked === shown) return;
    shown = asked;
    // Later the person may be writing.
    const takesFocus = asked?.stage === "cleaning" || element.contains(document.activeElement);
    element.replaceChildren();
    if (asked === undefined) return;
    element.dataset.stage = asked.stage;
    const heading = h("h2", { tabindex: -1 }, headingOf(asked, text));
    element.append(heading, ...bodyOf(asked, text), waysOf(asked, text, actions));
    if (takesFocus) heading.focus();
  };
  return { element, update };
}

/** Among the messages. */
export function viewOwnFile(own: OwnFile, alias: string, text: Text, actions: Actions): EntryView {
  const state = h("span", { class: "message-state", "data-test": "file-state", "aria-relevant": "all" });
  const progress = h("progress", { max: 100, "aria-label": text("file-progress") });
  const stop = button("file-stop", text("file-stop"), actions.dropFile);
  const element = h(
    "div",
    { class: "message message-own file-own", role: "article", "data-test": "file", "data-from": "you" },
    h("span", { class: "visually-hidden" }, text("from-you")),
    h("span", { class: "message-text" }, nameOf(own, text)),
    progress,
    state,
    stop,
  );
  const update = (entry: Entry): void => {
    if (entry.from !== "your-file") return;
    const { stage, percent } = entry;
    element.dataset.stage = stage;
    progress.hidden = stage !== "moving";
    progress.value = percent;
    stop.hidden = !isOpen(entry);
    const words = text(`file-${stage}`, { alias, percent });
    // What became of it is said; each percent would only disturb.
    state.setAttribute("aria-live", stage === "moving" ? "off" : "polite");
    if (state.textContent !== words) state.textContent = words;
  };
  update(own);
  return { element, update };
}

/** The advisor has not had it, and may. */
export function isOpen(entry: Entry): boolean {
  return entry.from === "your-file" && (entry.stage === "offered" || entry.stage === "moving");
}

function headingOf(asked: FileAsked, text: Text): string {
  if (asked.stage === "clean") return nameOf(asked, text);
  return text(asked.stage === "cleaning" ? "file-cleaning" : "file-problem");
}

function bodyOf(asked: FileAsked, text: Text): readonly HTMLElement[] {
  switch (asked.stage) {
    case "cleaning":
      return [h("p", {}, text("file-cleaning-about"))];
    case "problem":
      return [h("p", { role: "alert" }, text(`file-problem-${asked.why}`))];
    case "clean": {
      const removed = asked.removed.map((what) => h("li", {}, text(`file-removed-${what}`)));
      const list =
        removed.length === 0
          ? [h("p", {}, text("file-removed-nothing"))]
          : [h("p", {}, text("file-removed")), h("ul", { class: "points", "data-test": "removed" }, removed)];
      return [...list, h("p", {}, text("file-stays")), h("p", { class: "soft small" }, text("file-shows"))];
    }
  }
}

function waysOf(asked: FileAsked, text: Text, actions: Actions): HTMLElement {
  const drop = button(
    "file-drop",
    text(asked.stage === "problem" ? "file-understood" : "file-drop"),
    actions.dropFile,
  );
  const send = button("file-send", text("file-send"), actions.offerFile, "button-main");
  return h("div", { class: "row" }, asked.stage === "clean" && send, drop);
}

function nameOf({ kind, size }: Pick<OwnFile, "kind" | "size">, text: Text): string {
  if (kind === "voice")
    return text("file-voice", { time: durationOf(text.language, size / VOICE_BYTES_PER_SECOND) });
  return text(kind === "pdf" ? "file-pdf" : "file-photo", { size: sizeOf(text.language, size) });
}
