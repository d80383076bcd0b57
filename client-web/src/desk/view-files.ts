// A photograph, a document or a voice note of a client's, in the conversation. It may be distressing, so nothing of it
// is shown or heard by itself: the worker decides whether it comes, and whether to look or listen.

import { VOICE_BYTES_PER_SECOND } from "../protocol/file.ts";
import { type Child, h } from "../shared/dom.ts";
import { durationOf, sizeOf } from "../shared/size.ts";
import type { Text } from "../shared/text.ts";
import { type ClientFile, sortOf } from "./files.ts";
import { percentOf } from "./format.ts";

/** What is known besides the file itself. */
interface Beside {
  readonly consultation: number;
  /** Whether the client can be told yes or no. */
  readonly answerable: boolean;
  /** Whether the console can be asked to open it. */
  readonly viewable: boolean;
  readonly isLookedAt: boolean;
  /** Whether the console is opening a file, this one or another. */
  readonly isOpening: boolean;
  /** Of a voice note that the worker has asked to hear. */
  readonly sound: string | null;
}

/** A new element for each status: it is read out like a new message, and a second press of a button hits nothing. */
export function viewFile(file: ClientFile, beside: Beside, text: Text): HTMLElement {
  const { status } = file;
  const isOver = status === "refused" || status === "withdrawn" || status === "gone";
  return h(
    "div",
    {
      class: "desk-file",
      "aria-live": status === "coming" ? "off" : undefined,
      "data-key": `file ${status}`,
      "data-status": status,
      "data-test": "file",
    },
    h(
      "p",
      { class: isOver ? "soft" : "", "data-test": "file-line" },
      text(`file-${status}`, {
        sort: sortOf(file.kind),
        size: lengthOf(file, text),
        percent: percentOf(text.language, file.came, file.size),
      }),
    ),
    viewWays(file, beside, text),
  );
}

function viewWays(file: ClientFile, beside: Beside, text: Text): Child {
  const { answerable } = beside;
  switch (file.status) {
    case "offered":
      return viewButtons(
        viewButton("accept_file", file, beside, !answerable, text("file-accept")),
        viewButton("refuse_file", file, beside, !answerable, text("file-refuse")),
      );
    case "coming":
      return [
        // The line says the same in words.
        h("progress", { max: Math.max(1, file.size), value: file.came, "aria-hidden": "true" }),
        viewButtons(viewButton("refuse_file", file, beside, !answerable, text("file-stop"))),
      ];
    case "here":
      return beside.sound === null
        ? viewButtons(viewLookButton(file, beside, text))
        : viewSound(beside.sound, file, text);
    case "refused":
    case "withdrawn":
    case "gone":
      return null;
  }
}

/** The browser's own player: a keyboard, a screen reader and a worker know it. */
function viewSound(path: string, file: ClientFile, text: Text): HTMLElement {
  return h("audio", {
    controls: true,
    // The browser's menu for it offers to save what it plays.
    controlslist: "nodownload",
    src: path,
    "aria-label": text("file-sound", { size: lengthOf(file, text) }),
    "data-focus": "file-sound",
    "data-key": path,
    "data-test": "file-sound",
  });
}

function lengthOf({ kind, size }: ClientFile, text: Text): string {
  return kind === "voice"
    ? durationOf(text.language, size / VOICE_BYTES_PER_SECOND)
    : sizeOf(text.language, size);
}

function viewLookButton(file: ClientFile, beside: Beside, text: Text): HTMLElement {
  const { isLookedAt, isOpening, viewable } = beside;
  const words = isLookedAt
    ? text(isOpening ? "file-opening" : "file-show")
    : text(file.kind === "voice" ? "file-listen" : "file-look");
  const button = viewButton("look_at_file", file, beside, !viewable, words);
  // Not `disabled`, which would take the keyboard away from where the worker pressed.
  if (isOpening) button.setAttribute("aria-disabled", "true");
  return button;
}

function viewButtons(...buttons: readonly HTMLElement[]): HTMLElement {
  return h("div", { class: "desk-file-buttons" }, buttons);
}

function viewButton(
  action: "accept_file" | "refuse_file" | "look_at_file",
  { file, status }: ClientFile,
  { consultation }: Beside,
  disabled: boolean,
  words: string,
): HTMLElement {
  const names = {
    accept_file: "file-accept",
    refuse_file: "file-refuse",
    look_at_file: "file-look",
  } as const;
  return h(
    "button",
    {
      type: "button",
      class: "button",
      disabled,
      "data-action": action,
      "data-file": file,
      "data-id": consultation,
      "data-test": status === "coming" ? "file-stop" : names[action],
    },
    words,
  );
}
