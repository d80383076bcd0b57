// What was said in one consultation. Made anew only when something was said: eight long ones may be on the screen.

import { type Child, h, written } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import { isLookAt, isOpening, type Look } from "./files.ts";
import { timeOf } from "./format.ts";
import { looksIn } from "./looks-like.ts";
import type { Message, SentCard } from "./messages.ts";
import type { Conversation, DeskState } from "./model.ts";
import { laidOutFrom, newestFrom } from "./newest.ts";
import { lazily } from "./patch.ts";
import { viewFile } from "./view-files.ts";
import { dangerSign, separator, viewCardText } from "./view-parts.ts";

/** What a client's file shows besides itself. */
interface Around {
  readonly look: Look | null;
  readonly connected: boolean;
}

export function viewLog({ tools, connection }: DeskState, it: Conversation, text: Text): HTMLElement {
  const { consultation, messages, outgoing } = it;
  const { id, status } = consultation;
  const around = { look: tools.look, connected: connection === "connected" };
  const from = [text, id, status, messages, outgoing, it.laidOutFrom, around.look, around.connected];
  return lazily("log", from, () => makeLog(it, around, text));
}

function makeLog(it: Conversation, around: Around, text: Text): HTMLElement {
  const { messages, outgoing } = it;
  const { id, status } = it.consultation;
  const [from, newest] = [laidOutFrom(it), newestFrom(it)];
  const waitingForFirst = messages.length === 0 && outgoing.length === 0 && status !== "ended";
  return h(
    "div",
    {
      class: "desk-log",
      role: "log",
      tabindex: 0,
      "aria-label": text("log"),
      "aria-relevant": "additions",
      "data-focus": "log",
      "data-key": "log",
      "data-log": id,
    },
    waitingForFirst &&
      h(
        "p",
        { class: "desk-log-hint soft", "data-key": "hint" },
        status === "open" ? text("log-open") : text("log-connecting"),
      ),
    from > 0 && viewEarlierButton(id, text),
    // Asked for by the worker: not to be read out as if it had just been said.
    from < newest &&
      h(
        "div",
        { class: "desk-log-earlier", "aria-live": "off", "data-key": "earlier-messages" },
        viewMessages(messages.slice(from, newest), it, around, text),
      ),
    viewMessages(messages.slice(newest), it, around, text),
    status !== "ended" && outgoing.map((words, index) => viewEcho(words, index, text)),
  );
}

function viewEarlierButton(id: number, text: Text): HTMLElement {
  return h(
    "button",
    {
      type: "button",
      class: "button button-quiet desk-log-more",
      "data-action": "earlier",
      "data-id": id,
      "data-key": "earlier",
      "data-test": "earlier",
    },
    text("log-earlier"),
  );
}

function viewMessages(
  messages: readonly Message[],
  { consultation }: Conversation,
  { look, connected }: Around,
  text: Text,
): readonly HTMLElement[] {
  return messages.map((it) => {
    const key = `${it.from} ${it.number}`;
    const { file } = it;
    if (file === null) return lazily(key, [text, it], () => viewMessage(it, viewWhat(it, text), text));
    const { id, status } = consultation;
    const beside = {
      consultation: id,
      answerable: connected && status === "open",
      viewable: connected,
      isLookedAt: isLookAt(look, id, file.file),
      isOpening: isOpening(look),
      sound: isLookAt(look, id, file.file) ? (look?.sound ?? null) : null,
    };
    return lazily(key, [text, it, ...Object.values(beside)], () =>
      viewMessage(it, viewFile(file, beside, text), text),
    );
  });
}

function viewMessage(message: Message, what: Child, text: Text): HTMLElement {
  const { from, number, kind, at, delivered } = message;
  const own = from === "worker";
  return h(
    "div",
    {
      class: own ? "message message-own" : "message",
      "data-delivered": own ? String(delivered) : undefined,
      "data-from": from,
      "data-key": `${from} ${number}`,
      "data-kind": kind,
      "data-test": "message",
    },
    h("span", { class: "visually-hidden" }, own ? text("you") : text("client"), ": "),
    what,
    h(
      "span",
      { class: "message-state" },
      timeOf(text.language, at),
      own && [separator(), text(delivered ? "said-delivered" : "said-underway")],
    ),
  );
}

function viewWhat({ from, kind, text: words, card }: Message, text: Text): readonly HTMLElement[] {
  if (card !== null) return [viewCard(card, text)];
  if (kind !== "text") return [h("strong", { class: "message-text" }, text(`said-${kind}`))];
  const own = from === "worker";
  return [...(own ? [] : viewSigns(words, text)), written(words, { class: "message-text" })];
}

/** The beginning is enough: who wants all of it finds it in the list of cards. */
function viewCard({ kind, title, body }: SentCard, text: Text): HTMLElement {
  return h(
    "div",
    { class: "desk-sent-card" },
    h("span", { class: "small" }, text(`card-${kind}`)),
    h("strong", {}, written(title)),
    h("div", { class: "small desk-card-start", dir: "auto" }, viewCardText(body)),
  );
}

/** Words about what the client's text may hold; the text itself is never anything to press. */
function viewSigns(words: string, text: Text): readonly HTMLElement[] {
  return looksIn(words).map((look) =>
    h(
      "span",
      { class: "small desk-sign", "data-sign": look, "data-test": "sign" },
      dangerSign(),
      text(`looks-${look}`),
    ),
  );
}

/**
 * Handed to the console, which has not shown it back yet. It is not read aloud, because its message will be: a moment
 * later, in this same place.
 */
function viewEcho(words: string, index: number, text: Text): HTMLElement {
  return h(
    "div",
    {
      class: "message message-own",
      "aria-hidden": "true",
      "data-delivered": "false",
      "data-echo": "true",
      "data-from": "worker",
      "data-key": `echo ${index}`,
      "data-kind": "text",
      "data-test": "message",
    },
    written(words, { class: "message-text" }),
    h("span", { class: "message-state" }, text("said-underway")),
  );
}
