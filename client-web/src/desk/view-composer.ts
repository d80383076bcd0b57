// Where the worker writes to the client. While they write to a colleague this field is closed: a word for a
// colleague that reached the client could not be taken back.

import { h, written } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import { fits, TEXT_BYTES_MAX } from "./draft.ts";
import type { Conversation, DeskState } from "./model.ts";
import { isOpenToClient, sendable } from "./state.ts";

/** Apart, because a keystroke changes nothing else. */
export function viewComposer(state: DeskState, it: Conversation, text: Text): HTMLElement {
  const open = isOpenToClient(state, it);
  return h(
    "div",
    { class: "desk-foot", "data-key": "composer" },
    open ? viewOpen(state, it, text) : viewClosed(it, text),
  );
}

function viewOpen(state: DeskState, it: Conversation, text: Text): readonly HTMLElement[] {
  const { id } = it.consultation;
  const tooLong = !fits(it.draft, TEXT_BYTES_MAX);
  return [
    h(
      "p",
      { class: "small desk-care", role: "status", hidden: !tooLong, "data-key": "long" },
      text("too-long"),
    ),
    h(
      "label",
      { class: "label small", for: `composer-${id}`, hidden: !state.whispers.open, "data-key": "label" },
      text("composer-open"),
    ),
    h(
      "div",
      { class: "desk-helps", "data-key": "helps" },
      (["replies", "cards"] as const).map((of) => viewHelp(state, id, of, text)),
      h(
        "button",
        {
          type: "button",
          class: "desk-tool",
          title: "Alt+E",
          "aria-keyshortcuts": "Alt+E",
          "aria-expanded": state.tools.scriptIn === id ? "true" : "false",
          "data-action": state.tools.scriptIn === id ? "hide_script" : "show_script",
          "data-id": id,
          "data-test": "script-open",
        },
        text("script"),
      ),
    ),
    h(
      "div",
      { class: "desk-composer", "data-key": "row" },
      h(
        "textarea",
        {
          class: "field",
          id: `composer-${id}`,
          rows: 2,
          dir: "auto",
          "aria-label": text("composer"),
          placeholder: text("composer"),
          autocomplete: "off",
          enterkeyhint: "send",
          // A browser's spelling and writing services may send the text elsewhere.
          spellcheck: "false",
          writingsuggestions: "false",
          "data-composer": id,
          "data-test": "composer",
        },
        it.draft,
      ),
      h(
        "button",
        {
          type: "button",
          class: "button button-main",
          disabled: !sendable(state, it),
          "data-action": "send",
          "data-id": id,
          "data-test": "send",
        },
        text("send"),
      ),
    ),
  ];
}

function viewHelp(state: DeskState, id: number, of: "replies" | "cards", text: Text): HTMLElement {
  const { picker } = state.tools;
  const isOpen = picker?.consultation === id && picker.of === of;
  const key = of === "replies" ? "Alt+R" : "Alt+C";
  return h(
    "button",
    {
      type: "button",
      class: "desk-tool",
      title: key,
      "aria-expanded": isOpen ? "true" : "false",
      "aria-keyshortcuts": key,
      "data-action": isOpen ? "pick_close" : "pick",
      "data-id": id,
      "data-of": of,
      "data-test": `${of}-open`,
    },
    text(of),
  );
}

function viewClosed({ consultation, draft }: Conversation, text: Text): HTMLElement {
  return h(
    "button",
    {
      type: "button",
      class: "desk-closed",
      "data-action": "write_to_client",
      "data-id": consultation.id,
      "data-key": "closed",
      "data-test": "write-to-client",
    },
    h("strong", {}, text("composer")),
    draft === ""
      ? h("span", { class: "small soft", "data-key": "why" }, text("composer-closed"))
      : written(draft, { class: "small soft desk-closed-draft", "data-key": "draft" }),
  );
}
