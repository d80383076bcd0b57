// What the worker has to know about the console, and what the console has to tell.

import { type Child, h } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import type { Connection, DeskState } from "./model.ts";
import { viewProblem } from "./view-shift.ts";

/** A break that may pass: everything stays on the screen, nothing can be sent. */
export function viewConnection({ connection, online }: DeskState, text: Text): Child {
  if (connection === "connected" && online) return null;
  const broken = connection === "reconnecting" ? "reconnecting" : "connecting";
  return h(
    "p",
    {
      class: "notice notice-care desk-notice",
      role: "status",
      "data-key": "connection",
      "data-test": "connection",
    },
    connection === "connected" ? text("network-off") : text(`connection-${broken}`),
  );
}

/** One press of two that wipe everything. */
export function viewPanicArmed({ tools }: DeskState, text: Text): HTMLElement {
  return h(
    "div",
    { class: "desk-notices", role: "alert", "data-key": "panic-armed" },
    tools.panicArmed &&
      h("p", { class: "notice notice-alarm desk-notice", "data-test": "panic-armed" }, text("panic-again")),
  );
}

/** Texts that nobody at the service has vouched for, and a folder of them that could not be read. */
export function viewPackNotices({ pack, tools }: DeskState, text: Text): HTMLElement {
  const unreviewed = pack !== null && pack.reviewed_by === null && !tools.starterSeen;
  return h(
    "div",
    { class: "desk-notices", role: "status", "data-key": "pack" },
    unreviewed &&
      h(
        "div",
        { class: "notice desk-notice", "data-key": "unreviewed", "data-test": "pack-unreviewed" },
        h("p", {}, text(pack.starter ? "pack-starter" : "pack-unreviewed-notice")),
        h(
          "button",
          { type: "button", class: "button button-quiet", "data-action": "starter_seen" },
          text("dismiss"),
        ),
      ),
    tools.packProblem !== null &&
      tools.panel !== "shift" &&
      h(
        "div",
        { class: "desk-problem", "data-key": "problem" },
        viewProblem(tools.packProblem, text),
        h(
          "button",
          { type: "button", class: "button button-quiet", "data-action": "problem_seen" },
          text("dismiss"),
        ),
      ),
  );
}

export function viewNotices({ notices }: DeskState, text: Text): HTMLElement {
  return h(
    "div",
    { class: "desk-notices", role: "status", "data-key": "notices" },
    notices.map((notice) =>
      h(
        "div",
        { class: "notice desk-notice", "data-key": notice, "data-notice": notice, "data-test": "notice" },
        h("p", {}, text(`notice-${notice}`)),
        h(
          "button",
          { type: "button", class: "button button-quiet", "data-action": "dismiss", "data-notice": notice },
          text("dismiss"),
        ),
      ),
    ),
  );
}

/** The end of this page, and what to do now. */
export function viewOver(connection: Connection, text: Text): HTMLElement {
  return h(
    "main",
    { class: "desk-over", "data-key": "over" },
    h(
      "div",
      { class: "card stack", role: "alert", "data-connection": connection, "data-test": "connection" },
      h("h2", {}, text(`connection-${connection}`)),
      h("p", {}, text(`connection-${connection}-hint`)),
      h("code", { class: "desk-command", dir: "ltr", hidden: !needsStart(connection) }, "vestibule desk"),
      h(
        "button",
        { type: "button", class: "button", hidden: connection === "no_bearer", "data-action": "retry" },
        text("retry"),
      ),
    ),
  );
}

function needsStart(connection: Connection): boolean {
  return connection === "gone" || connection === "no_bearer" || connection === "bearer_refused";
}
