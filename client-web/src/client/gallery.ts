// Shows any state with made-up words, for looking at and for browser tests: gallery/?state=waiting-nobody&language=ar
// Built only by `node build.mjs --gallery`, and never a part of the page that links open.

import { createText, type Language, type Text } from "../shared/text.ts";
import { type Event, type State, step } from "./consultation.ts";
import { sampleLeaflets } from "./gallery-cards.ts";
import { gallery } from "./gallery-states.ts";
import { Page } from "./page.ts";
import type { Reading } from "./reading.ts";
import { fetchWords } from "./words-files.ts";

/** Renders a state by its name into an element, and lets what is pressed have its effect on the screen. */
export async function showGallery(root: HTMLElement, name: string, language: Language): Promise<void> {
  const sample = gallery[name];
  if (sample === undefined) throw new Error(`no state ${name}; there are ${Object.keys(gallery).join(", ")}`);
  let state = readIn(sample, language);
  let nextId = 1_000;
  const tell = (event: Event): void => {
    state = step(state, event);
    page.show(state);
  };
  const page = new Page(root, await textIn(language), {
    exit: () => page.cover(),
    paste: () => page.show({ status: "paste", problem: "paste-not-a-link" }),
    speak: (other) => void textIn(other).then((text) => page.speak(text)),
    stayInApp: () => tell({ type: "in-app-accepted" }),
    pick: (subject) => tell({ type: "subject-picked", subject }),
    start: () => tell({ type: "started" }),
    leave: () => tell({ type: "left" }),
    tryNow: () => undefined,
    read: (asked) => tell({ type: "reading", reading: sampleLeaflets(asked) }),
    say: (text) => {
      nextId += 1;
      tell({ type: "said", id: nextId, text });
      return true;
    },
    chooseFile: () => tell({ type: "file-chosen" }),
    offerFile: () => {
      nextId += 1;
      tell({ type: "file-offered", id: nextId, kind: "jpeg", size: 2_345_678 });
    },
    dropFile: () => tell({ type: "file-dropped" }),
    askVoice: () => tell({ type: "voice", voice: { stage: "about" } }),
    startVoice: () => tell({ type: "voice", voice: { stage: "recording", seconds: 0 } }),
    stopVoice: () =>
      tell({ type: "voice", voice: { stage: "recorded", seconds: 23, isFull: false, isPlaying: false } }),
    listenVoice: () => undefined,
    dropVoice: () => tell({ type: "voice", voice: undefined }),
    offerVoice: () => {
      nextId += 1;
      tell({ type: "file-offered", id: nextId, kind: "voice", size: 184_000 });
      tell({ type: "voice", voice: undefined });
    },
    answerHandOver: (agrees) => tell({ type: agrees ? "hand-over-agreed" : "hand-over-declined" }),
    choose: (cover) => tell({ type: "cover-chosen", cover }),
    declineEnd: () => tell({ type: "end-declined" }),
    askEnd: () => tell({ type: "end-asked" }),
    cancelEnd: () => tell({ type: "end-cancelled" }),
    answerSurvey: () => tell({ type: "survey-answered" }),
    end: () => tell({ type: "ended", how: "by-you" }),
  });
  page.show(state);
}

async function textIn(language: Language): Promise<Text> {
  const words = await fetchWords(language);
  if (words === undefined) throw new Error(`no words in ${language}`);
  return createText(language, words);
}

/** As if somebody who reads this language had asked for something to read. */
function readIn(state: State, language: Language): State {
  if (state.status !== "waiting" || state.reading === undefined) return state;
  const reading: Reading =
    state.reading.stage === "open" ? sampleLeaflets(language) : { ...state.reading, language };
  return { ...state, reading };
}

const root = document.getElementById("page");
const asked = new URLSearchParams(location.search);
if (root !== null) void showGallery(root, asked.get("state") ?? "welcome", asked.get("language") ?? "en");
