// Links made on the desk: how many, for where, for how long; then each with its QR code, for copying and printing.

import { type Child, h } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import { LINK_HOURS, LINKS_MAX, type LinkSheet, type SheetLink } from "./content.ts";
import { clockOf } from "./format.ts";
import { CHANNELS } from "./messages.ts";
import type { DeskState } from "./model.ts";

const SVG = "http://www.w3.org/2000/svg";

export function viewLinks(state: DeskState, text: Text): Child {
  const { order, making, sheet } = state.tools;
  return [
    h("p", { class: "small desk-no-print", "data-key": "hint" }, text("links-hint")),
    h(
      "div",
      { class: "desk-order desk-no-print", "data-key": "order" },
      h(
        "label",
        { class: "stack-tight" },
        h("span", { class: "label" }, text("links-count")),
        h("input", {
          class: "field",
          type: "number",
          min: 1,
          max: LINKS_MAX,
          value: order.count,
          autocomplete: "off",
          "data-count": "",
          "data-test": "links-count",
        }),
      ),
      viewSelect(
        "links-channel",
        "channel",
        CHANNELS.filter((it) => it !== "return").map((it) => ({
          value: it,
          words: it === "not_said" ? text("links-channel-none") : text(`channel-${it}`),
          selected: it === order.channel,
        })),
        text,
      ),
      viewSelect(
        "links-hours",
        "hours",
        LINK_HOURS.map((it) => ({
          value: String(it),
          words: text("hours", { count: it }),
          selected: it === order.hours,
        })),
        text,
      ),
      h(
        "button",
        {
          type: "button",
          class: "button button-main",
          disabled: making || state.connection !== "connected",
          "data-action": "make_links",
          "data-test": "links-make",
        },
        text("links-make"),
      ),
    ),
    sheet !== null && viewSheet(state, sheet, text),
  ];
}

function viewSelect(
  id: "links-channel" | "links-hours",
  select: string,
  choices: readonly { readonly value: string; readonly words: string; readonly selected: boolean }[],
  text: Text,
): HTMLElement {
  return h(
    "label",
    { class: "stack-tight" },
    h("span", { class: "label" }, text(id)),
    h(
      "select",
      { class: "field", "data-select": select, "data-test": id },
      choices.map(({ value, words, selected }) => h("option", { value, selected }, words)),
    ),
  );
}

function viewSheet(state: DeskState, { links, expires_at }: LinkSheet, text: Text): HTMLElement {
  const { time, day } = clockOf(text.language, expires_at, state.now);
  const until = day === null ? time : `${day}, ${time}`;
  return h(
    "div",
    { class: "stack-tight", "data-key": "sheet" },
    h(
      "div",
      { class: "row desk-no-print" },
      h(
        "p",
        { role: "status" },
        text("links-made", { count: links.length }),
        " ",
        text("links-once", { until }),
      ),
      h(
        "button",
        { type: "button", class: "button", "data-action": "print", "data-test": "links-print" },
        text("links-print"),
      ),
    ),
    h(
      "ol",
      { class: "desk-sheet", "data-test": "links-sheet" },
      links.map((it, index) => viewLink(it, index, state.tools.copied === index, until, text)),
    ),
  );
}

function viewLink(
  { address, qr }: SheetLink,
  index: number,
  copied: boolean,
  until: string,
  text: Text,
): HTMLElement {
  return h(
    "li",
    { class: "desk-link", "data-key": index },
    viewCode(qr, text),
    h(
      "code",
      {
        class: "desk-address",
        dir: "ltr",
        tabindex: 0,
        "data-focus": `link ${index}`,
        "data-test": "link-made",
      },
      address,
    ),
    h("p", { class: "small" }, text("links-once", { until })),
    h(
      "div",
      { class: "row desk-no-print" },
      h(
        "button",
        {
          type: "button",
          class: "button",
          "data-action": "copy_link",
          "data-at": index,
          "data-test": "link-copy",
        },
        text("links-copy"),
      ),
      h("span", { class: "small soft", role: "status" }, copied && text("links-copied")),
    ),
  );
}

function viewCode({ size, path }: SheetLink["qr"], text: Text): Node {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.setAttribute("class", "desk-qr");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", text("links-qr"));
  const modules = document.createElementNS(SVG, "path");
  modules.setAttribute("d", path);
  svg.append(modules);
  return svg;
}
