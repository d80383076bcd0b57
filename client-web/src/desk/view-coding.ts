// A consultation that has ended: why, and what of it is counted before its words are wiped.

import { type Child, h } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import { groupsFor, isFull, OPEN_FROM_START } from "./codes.ts";
import type { CodeGroup } from "./content.ts";
import { groupName, labelName } from "./indicator-words.ts";
import type { Conversation, DeskState } from "./model.ts";
import { colleagueName } from "./view-parts.ts";

export function viewEnded(state: DeskState, it: Conversation, text: Text): HTMLElement {
  const { ended, hand_over } = it.consultation;
  const successor = ended === "handed_over" ? hand_over?.colleague : undefined;
  const alarming = ended === "broken" || ended === "lost";
  // Who goes on with the client answers for the whole of it.
  const counted = ended !== "handed_over" && state.coding.length > 0;
  return h(
    "div",
    { class: "desk-foot desk-ended", "data-key": "ended", "data-uncounted": !counted },
    h(
      "p",
      {
        class: alarming ? "notice notice-care" : "notice",
        role: "status",
        "data-ended": ended ?? undefined,
        "data-key": "why",
      },
      successor === undefined
        ? text(`ended-${ended ?? "lost"}`)
        : text("handed-over-to", { name: colleagueName(state, successor, text) }),
    ),
    counted && viewGroups(state, it, text),
    viewDone(state, it, counted, text),
  );
}

function viewGroups(state: DeskState, it: Conversation, text: Text): HTMLElement {
  return h(
    "div",
    {
      class: "desk-coding",
      role: "group",
      "aria-label": text("coding"),
      "data-key": "coding",
      "data-test": "coding",
    },
    h("p", { class: "small", "data-key": "hint" }, text("coding-hint")),
    groupsFor(state.coding, state.pack).map((group, index) => viewGroup(it, group, index, text)),
  );
}

function viewGroup(it: Conversation, group: CodeGroup, index: number, text: Text): HTMLElement {
  const chosen = it.codes[group.group] ?? [];
  const open = index < OPEN_FROM_START || it.openGroups.includes(group.group);
  const title = groupName(group.group, text);
  const names = chosen.map((label) => labelName([group], group.group, label, text));
  return h(
    "div",
    { class: "desk-code-group", role: "group", "aria-label": title, "data-key": group.group },
    index < OPEN_FROM_START
      ? h("p", { class: "small desk-code-title", "data-key": "title" }, title)
      : h(
          "button",
          {
            type: "button",
            class: "desk-code-title small",
            "aria-expanded": open ? "true" : "false",
            "data-action": "open_group",
            "data-group": group.group,
            "data-id": it.consultation.id,
            "data-key": "title",
            "data-test": "code-group",
          },
          title,
          !open && names.length > 0 && [": ", names.join(", ")],
        ),
    open && viewLabels(it, group, index === 0, text),
  );
}

function viewLabels(it: Conversation, group: CodeGroup, isFirst: boolean, text: Text): HTMLElement {
  const chosen = it.codes[group.group] ?? [];
  const full = isFull(it.codes, group);
  return h(
    "div",
    { class: "desk-codes", "data-key": "codes" },
    group.labels.map((label, at) =>
      h(
        "button",
        {
          type: "button",
          class: "desk-code",
          "aria-pressed": chosen.includes(label) ? "true" : "false",
          disabled: full && !chosen.includes(label),
          "data-action": "toggle_code",
          "data-focus": isFirst && at === 0 ? "ended-first" : undefined,
          "data-group": group.group,
          "data-id": it.consultation.id,
          "data-key": label,
          "data-label": label,
          "data-test": "code",
        },
        labelName([group], group.group, label, text),
      ),
    ),
    full && h("span", { class: "small", role: "status", "data-key": "full" }, text("coding-full")),
  );
}

function viewDone(state: DeskState, it: Conversation, counted: boolean, text: Text): HTMLElement {
  const { id } = it.consultation;
  const button = (action: string, hook: string, look: string, words: Child): HTMLElement =>
    h(
      "button",
      {
        type: "button",
        class: `button ${look}`,
        disabled: state.connection !== "connected",
        "data-action": action,
        "data-focus": counted ? undefined : "ended-first",
        "data-id": id,
        "data-key": hook,
        "data-test": hook,
      },
      words,
    );
  return h(
    "div",
    { class: "desk-done", "data-key": "done" },
    !counted && h("p", { class: "small" }, text("forget-hint")),
    h(
      "div",
      { class: "row" },
      counted && button("done", "coding-done", "button-main", text("coding-done")),
      button("forget", "forget", counted ? "button-quiet" : "", text(counted ? "coding-skip" : "forget")),
    ),
  );
}
