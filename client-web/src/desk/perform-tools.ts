// Does what the tools beside the conversations are pressed for.

import type { ToolAction } from "./actions.ts";
import { groupsFor } from "./codes.ts";
import { ANNOUNCEMENT_BYTES_MAX } from "./content.ts";
import { fits, textToSend } from "./draft.ts";
import { optionsOf } from "./pack.ts";
import type { Hands } from "./perform.ts";
import { areDays, reportDays } from "./report.ts";
import type { Panel, Tools } from "./tools.ts";

export function performTool(hands: Hands, action: ToolAction): void {
  const { state, dispatch, socket, screen } = hands;
  switch (action.type) {
    case "refuse_offer":
      socket.send({ type: action.type, offer: action.offer });
      break;
    case "withdraw_announcement":
    case "dismiss_announcement":
      socket.send({ type: action.type, announcement: action.announcement });
      break;
    case "lock_minutes":
      socket.send({ type: "set_lock_minutes", minutes: action.minutes });
      break;
    case "choose_script":
    case "problem_seen":
    case "starter_seen":
    case "open_group":
    case "picture_size":
      dispatch(action);
      break;
    case "sound":
      dispatch({ type: "sound", on: !state().tools.sound });
      break;
    case "toggle_code": {
      const group = groupsFor(state().coding, state().pack).find((it) => it.group === action.group);
      if (group !== undefined) dispatch({ ...action, group });
      break;
    }
    case "give_return_link": {
      const { type, consultation, wish } = action;
      if (!socket.send({ type, consultation, wish })) break;
      dispatch({ type: "keep", consultation });
      screen.followLog(consultation);
      screen.focus("composer", consultation);
      break;
    }
    case "print":
      print();
      break;
    default:
      performInPanel(hands, action);
  }
}

function performInPanel(hands: Hands, action: ToolAction): void {
  const { state, dispatch, socket, screen } = hands;
  switch (action.type) {
    case "panel":
      openPanel(hands, action.panel);
      break;
    case "close_panel":
      closePanel(hands);
      break;
    case "go_off_duty_anyway":
      socket.send({ type: "go_off_duty" });
      closePanel(hands);
      break;
    case "pick": {
      const { type, consultation, of } = action;
      dispatch({ type, consultation, of });
      screen.focus("picker", consultation);
      break;
    }
    case "pick_close":
      closePicker(hands);
      break;
    case "pick_option":
      choose(hands, action.option);
      break;
    case "hide_script": {
      const { scriptIn } = state().tools;
      dispatch(action);
      if (scriptIn !== null) screen.focus("composer", scriptIn);
      break;
    }
    case "reload_pack":
      socket.send({ type: "reload_pack" });
      break;
    case "announce":
      announce(hands);
      break;
    case "make_links":
      makeLinks(hands);
      break;
    case "make_report":
      makeReport(hands);
      break;
    case "report_opened":
      // The browser follows the link first; then it leads nowhere any more.
      setTimeout(() => dispatch(action), 0);
      break;
    case "copy_link":
      void copyLink(hands, action.at);
      break;
    default:
      performOnLock(hands, action);
  }
}

function performOnLock({ state, dispatch, socket, screen }: Hands, action: ToolAction): void {
  switch (action.type) {
    case "lock":
      // At once: the console's answer may take a moment, and somebody may be at the door.
      if (!socket.send({ type: "lock" })) break;
      dispatch({
        type: "console",
        message: { type: "locked", locked: true, wrong_passphrase: false, wait_seconds: 0 },
      });
      screen.focus("passphrase");
      break;
    case "unlock": {
      const lock = state().lock;
      // What is tried too early is not tried: the words stay in their field.
      if (lock === null || lock.checking || lock.wait_seconds > 0) break;
      const passphrase = screen.takePassphrase();
      if (passphrase !== "" && socket.send({ type: "unlock", passphrase })) dispatch({ type: "unlocking" });
      break;
    }
    case "panic":
      socket.send({ type: "panic" });
      socket.leave();
      dispatch({ type: "connection", connection: "gone" });
      break;
    default:
      break;
  }
}

export function openPanel({ state, dispatch, screen }: Hands, panel: Panel): void {
  if (state().tools.panel === null) screen.rememberFocus();
  dispatch({ type: "panel", panel });
  screen.focus("panel-first");
}

export function closePanel(hands: Hands): void {
  const { tools } = hands.state();
  hands.dispatch({ type: "panel", panel: null });
  backFrom(hands, tools);
}

/** To where the worker was. A file may have gone meanwhile with its button; its conversation is still there. */
export function backFrom({ screen }: Hands, { panel, look }: Pick<Tools, "panel" | "look">): void {
  if (!screen.focusBack() && panel === "pictures" && look !== null) screen.focus("log", look.consultation);
}

export function closePicker({ state, dispatch, screen }: Hands): void {
  const { picker } = state().tools;
  if (picker === null) return;
  dispatch({ type: "pick_close" });
  screen.focus("composer", picker.consultation);
}

/** A reply goes into the field, a card to the client. */
export function choose({ state, dispatch, socket, screen }: Hands, id: string): void {
  const { picker } = state().tools;
  const option = optionsOf(state()).find((it) => it.id === id);
  if (picker === null || option === undefined) return;
  const { consultation, of } = picker;
  if (of === "replies") dispatch({ type: "insert", consultation, text: option.body });
  else if (socket.send({ type: "send_card", consultation, card: id })) dispatch({ type: "pick_close" });
  screen.followLog(consultation);
  screen.focus("composer", consultation);
}

function announce({ state, socket }: Hands): void {
  const text = textToSend(state().tools.announcement);
  if (text !== "" && fits(text, ANNOUNCEMENT_BYTES_MAX)) socket.send({ type: "announce", text });
}

function makeLinks({ state, dispatch, socket }: Hands): void {
  const { count, channel, hours } = state().tools.order;
  if (!socket.send({ type: "make_links", count, channel, hours })) return;
  dispatch({ type: "links_asked" });
}

function makeReport({ state, dispatch, socket }: Hands): void {
  const { tools, now, language } = state();
  const { from, to } = reportDays(tools, now);
  if (tools.reporting || !areDays({ from, to })) return;
  if (socket.send({ type: "make_report", from, to, language })) dispatch({ type: "report_asked" });
}

/** Where a browser lets no page write to the clipboard, the address is marked, and copied by hand. */
async function copyLink({ state, dispatch, screen }: Hands, at: number): Promise<void> {
  const address = state().tools.sheet?.links[at]?.address;
  if (address === undefined) return;
  try {
    await navigator.clipboard.writeText(address);
    dispatch({ type: "link_copied", at });
  } catch {
    screen.select(`link ${at}`);
  }
}
