// A voice note that the person makes: what it tells of them, the recording, and whether it goes. One element through
// all of it, so that the seconds take no focus away.

import { VOICE_SECONDS_MAX } from "../protocol/file.ts";
import { h } from "../shared/dom.ts";
import { durationOf } from "../shared/size.ts";
import type { Text } from "../shared/text.ts";
import type { StateOf } from "./consultation.ts";
import { type FileView, isOpen } from "./view-file.ts";
import { type Actions, button } from "./view-parts.ts";
import type { VoiceShown } from "./voice.ts";

/** Under the field for words, where the browser can record. */
export function viewVoiceChoice(text: Text, actions: Actions): FileView {
  const element = h(
    "button",
    {
      type: "button",
      class: "file-choice voice-choice",
      "data-test": "voice-choose",
      onclick: actions.askVoice,
    },
    text("voice-choose"),
  );
  const update = ({ canRecord, file, voice, entries }: StateOf<"talking">): void => {
    element.hidden = !canRecord || file !== undefined || voice !== undefined || entries.some(isOpen);
  };
  return { element, update };
}

/** Before anybody hears of it. */
export function viewVoiceAsk(text: Text, actions: Actions): FileView {
  const heading = h("h2", { tabindex: -1 }, text("voice-title"));
  // The seconds are there to be looked at; said aloud they would be recorded.
  const time = h("p", { class: "voice-time", "aria-live": "off", "data-test": "voice-time" });
  const words = h("div", { class: "stack-tight", role: "status" });
  const ways = h("div", { class: "row" });
  const element = h(
    "section",
    {
      class: "notice stack-tight file-ask",
      "aria-label": text("voice-title"),
      "data-test": "voice-ask",
      hidden: true,
    },
    heading,
    time,
    words,
    ways,
  );
  const listen = button("voice-listen", "", actions.listenVoice);
  const send = button("voice-send", text("voice-send"), actions.offerVoice, "button-main");
  let shown: VoiceShown | undefined;
  const update = ({ voice, isFull, handOver }: StateOf<"talking">): void => {
    element.hidden = voice === undefined;
    // It stays until there is room for it, and somebody to hear it.
    send.disabled = isFull || handOver?.stage === "going";
    if (voice === shown) return;
    const isSame = shown?.stage === voice?.stage;
    const hadFocus = element.contains(document.activeElement);
    const isNew = shown === undefined;
    shown = voice;
    if (voice !== undefined) time.textContent = timeOf(voice, text);
    time.hidden = time.textContent === "";
    if (voice?.stage === "recorded")
      listen.textContent = text(voice.isPlaying ? "voice-hush" : "voice-listen");
    if (isSame) return;
    element.dataset.stage = voice?.stage;
    words.replaceChildren(...(voice === undefined ? [] : wordsOf(voice, text)));
    ways.replaceChildren(...(voice === undefined ? [] : waysOf(voice, listen, send, text, actions)));
    if (voice === undefined || !(isNew || hadFocus)) return;
    const next = voice.stage === "recording" ? ways.firstElementChild : heading;
    if (next instanceof HTMLElement) next.focus();
  };
  return { element, update };
}

function timeOf(voice: VoiceShown, text: Text): string {
  const time = (seconds: number): string => durationOf(text.language, seconds);
  if (voice.stage === "recording")
    return text("voice-recording", { time: time(voice.seconds), most: time(VOICE_SECONDS_MAX) });
  return voice.stage === "recorded" ? text("voice-recorded", { time: time(voice.seconds) }) : "";
}

function wordsOf(voice: VoiceShown, text: Text): readonly HTMLElement[] {
  switch (voice.stage) {
    case "about":
      return [
        h("p", {}, text("voice-about")),
        h("p", {}, text("voice-about-ask", { time: durationOf(text.language, VOICE_SECONDS_MAX) })),
      ];
    case "starting":
      return [h("p", {}, text("voice-starting"))];
    case "recording":
      return [h("p", { class: "visually-hidden" }, text("voice-records"))];
    case "recorded":
      return [
        h("p", {}, text(voice.isFull ? "voice-full" : "voice-kept")),
        h("p", { class: "soft small" }, text("file-shows")),
      ];
    case "problem":
      return [h("p", {}, text(`voice-problem-${voice.why}`))];
  }
}

function waysOf(
  voice: VoiceShown,
  listen: HTMLElement,
  send: HTMLElement,
  text: Text,
  actions: Actions,
): readonly HTMLElement[] {
  const start = (): HTMLElement =>
    button("voice-start", text("voice-start"), actions.startVoice, "button-main");
  const drop = (words: "voice-not-now" | "voice-delete" | "voice-go-on"): HTMLElement =>
    button("voice-drop", text(words), actions.dropVoice);
  switch (voice.stage) {
    case "about":
      return [start(), drop("voice-not-now")];
    case "starting":
      return [drop("voice-not-now")];
    case "recording":
      return [
        button("voice-stop", text("voice-stop"), actions.stopVoice, "button-main"),
        drop("voice-delete"),
      ];
    case "recorded":
      return [send, listen, drop("voice-delete")];
    case "problem":
      return [start(), drop("voice-go-on")];
  }
}
