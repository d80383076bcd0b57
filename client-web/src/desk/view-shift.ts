// The shift so far, and how the worker likes the desk.

import { type Child, h, written } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import { LOCK_MINUTES, type Total } from "./content.ts";
import { figure } from "./format.ts";
import { groupName, labelName, plain } from "./indicator-words.ts";
import { type DeskState, onDuty } from "./model.ts";
import { wordsIn } from "./pack.ts";
import { separator, spokenBy, whyNobody } from "./view-parts.ts";

/** Sums of the shift that are no table of the catalogue. */
export const SHIFT_TOTALS = ["consultations", "hand_overs"] as const;
export const HAND_IN = ["handed_in", "going", "waiting"] as const;

export function viewShift(state: DeskState, text: Text): Child {
  return [
    viewPart("who", text("shift-who"), viewWho(state, text)),
    viewPart("totals", text("shift-totals"), viewTotals(state, text)),
    viewPart("desk", text("shift-desk"), viewDesk(state, text)),
    viewPart("pack", text("shift-pack"), viewPack(state, text)),
  ];
}

function viewPart(key: string, title: string, children: Child): HTMLElement {
  return h(
    "section",
    { class: "stack-tight desk-panel-part", "data-key": key },
    h("h3", {}, title),
    children,
  );
}

function viewWho(state: DeskState, text: Text): Child {
  const colleagues = onDuty(state);
  if (colleagues.length === 0) return h("p", {}, whyNobody(state, text));
  return h(
    "ul",
    { class: "desk-plain", "data-test": "on-duty" },
    colleagues.map((it) =>
      h(
        "li",
        { "data-key": it.id },
        written(it.alias, { class: "desk-alias" }),
        separator(),
        text(`role-${it.role}`),
        separator(),
        spokenBy(it, text),
      ),
    ),
  );
}

function viewTotals(state: DeskState, text: Text): Child {
  const { totals, handIn } = state;
  const given = HAND_IN.filter((it) => handIn[it] > 0);
  if (totals.length === 0 && given.length === 0) return h("p", { class: "soft" }, text("totals-none"));
  const groups = [...new Set(totals.map(({ group }) => group))];
  return [
    h(
      "table",
      { class: "desk-totals", "data-test": "shift-totals" },
      groups.map((group) =>
        h(
          "tbody",
          { "data-key": group },
          h("tr", {}, h("th", { scope: "rowgroup", colspan: 2 }, totalsTitle(group, text))),
          totals
            .filter((it) => it.group === group)
            .map((it) =>
              h(
                "tr",
                { "data-key": it.label, "data-group": group, "data-label": it.label },
                h("th", { scope: "row" }, totalName(state, it, text)),
                h("td", {}, figure(text.language, it.count)),
              ),
            ),
        ),
      ),
      given.length > 0 &&
        h(
          "tbody",
          { "data-key": "hand_in", "data-test": "hand-in" },
          h("tr", {}, h("th", { scope: "rowgroup", colspan: 2 }, text("report"))),
          given.map((it) =>
            h(
              "tr",
              { "data-key": it, "data-label": it },
              h("th", { scope: "row" }, text(`report-${it}`)),
              h("td", {}, figure(text.language, handIn[it])),
            ),
          ),
        ),
    ),
    h("p", { class: "small soft" }, text("totals-hint")),
  ];
}

function totalsTitle(group: string, text: Text): string {
  return group === "shift" ? text("totals-shift") : groupName(group, text);
}

function totalName(state: DeskState, { group, label }: Total, text: Text): Child {
  if (group === "shift") {
    const known = SHIFT_TOTALS.find((one) => one === label);
    return known === undefined ? plain(label) : text(`totals-${known}`);
  }
  const card = group === "material" ? state.pack?.cards.find((it) => it.id === label) : undefined;
  if (card === undefined) return labelName(state.coding, group, label, text);
  return written(wordsIn(card.title, text.language)?.text ?? label);
}

function viewDesk(state: DeskState, text: Text): Child {
  return [
    h(
      "div",
      { class: "row" },
      h(
        "button",
        {
          type: "button",
          class: "button",
          "aria-pressed": state.tools.sound ? "true" : "false",
          "data-action": "sound",
          "data-test": "sound",
        },
        text(state.tools.sound ? "sound-on" : "sound-off"),
      ),
      h("span", { class: "small soft" }, text("sound-hint")),
    ),
    h(
      "div",
      { class: "desk-codes", role: "group", "aria-label": text("lock-after") },
      h("span", { class: "small" }, text("lock-after")),
      LOCK_MINUTES.map((minutes) =>
        h(
          "button",
          {
            type: "button",
            class: "desk-code",
            "aria-pressed": state.lockMinutes === minutes ? "true" : "false",
            "data-action": "lock_minutes",
            "data-minutes": minutes,
            "data-test": "lock-minutes",
          },
          text("lock-minutes", { count: minutes }),
        ),
      ),
    ),
  ];
}

function viewPack({ pack, tools, connection }: DeskState, text: Text): Child {
  const { packProblem } = tools;
  return [
    pack === null
      ? h("p", { class: "soft", "data-key": "version" }, text("pack-none"))
      : h(
          "p",
          { "data-key": "version" },
          text("pack-version", { version: pack.version }),
          " ",
          pack.reviewed_by === null
            ? text("pack-unreviewed")
            : text("pack-reviewed", { by: pack.reviewed_by, on: pack.reviewed_on ?? "?" }),
        ),
    packProblem !== null && viewProblem(packProblem, text),
    h(
      "button",
      {
        type: "button",
        class: "button",
        disabled: connection !== "connected",
        "data-action": "reload_pack",
        "data-key": "reload",
        "data-test": "pack-reload",
      },
      text("pack-reload"),
    ),
  ];
}

/** The reason is the program's own sentence, in the program's language. */
export function viewProblem(
  { file, line, reason }: { readonly file: string; readonly line: number; readonly reason: string },
  text: Text,
): HTMLElement {
  return h(
    "div",
    {
      class: "notice notice-care stack-tight",
      role: "status",
      "data-key": "problem",
      "data-test": "pack-problem",
    },
    h("p", {}, text("pack-problem")),
    h("p", { class: "small", dir: "auto" }, `${file}:${line}: ${reason}`),
  );
}
