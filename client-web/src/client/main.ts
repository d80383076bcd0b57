// The page that a link opens.

import "./address.ts";
import "../shared/old-browsers.ts";
import { chooseLanguage, type Text } from "../shared/text.ts";
import { fragment, putInAddressBar } from "./address.ts";
import { clean } from "./cleaning.ts";
import { createElapsed } from "./clock.ts";
import type { State } from "./consultation.ts";
import { EscapePresses } from "./exit.ts";
import { inApp } from "./in-app.ts";
import { Page } from "./page.ts";
import { fetchCard, fetchLeaflets, fetchNodes } from "./service.ts";
import { hush, openSocket, socketUrl } from "./socket.ts";
import type { Actions } from "./view-parts.ts";
import { Visit } from "./visit.ts";
import { Words } from "./words.ts";
import { fetchWords, readable } from "./words-files.ts";

const root = pageElement();

const actions: Actions = {
  exit,
  speak: (language) => words.want(language),
  stayInApp: () => visit.stayInApp(),
  pick: (subject) => visit.pick(subject),
  start: (language) => visit.start(language),
  leave: () => visit.leave(),
  tryNow: () => visit.tryNow(),
  read: (language) => visit.read(language),
  say: (text) => visit.say(text),
  chooseFile: (file) => visit.chooseFile(file),
  offerFile: () => visit.offerFile(),
  dropFile: () => visit.dropFile(),
  answerHandOver: (agrees) => visit.answerHandOver(agrees),
  choose: (cover) => visit.choose(cover),
  declineEnd: () => visit.declineEnd(),
  askEnd: () => visit.askEnd(),
  cancelEnd: () => visit.cancelEnd(),
  answerSurvey: (survey) => visit.answerSurvey(survey),
  end: () => visit.end(),
};

/** There is none before there are words for it: until then what index.html says stands there. */
let page: Page | undefined;
/** What it will show first. */
let early: State | undefined;

/** Since any fixed moment; goes on while the device sleeps. */
const elapsedMilliseconds = createElapsed(
  () => performance.now(),
  () => Date.now(),
);

const words = new Words({
  elapsedMilliseconds,
  isOnline: () => navigator.onLine,
  fetchWords,
  arrived: (text) => {
    if (page === undefined) openPage(text);
    else page.speak(text);
  },
  late: (language) => page?.sayLate(language),
});

function openPage(text: Text): void {
  page = new Page(root, text, actions);
  if (early !== undefined) page.show(early);
  early = undefined;
}

/** A timer would wait too long: browsers hold those back, of a page out of sight to one in a second. */
const turns = new MessageChannel();
const acts: (() => void)[] = [];
turns.port1.onmessage = () => acts.shift()?.();

/** Not every browser tells it. */
const network = (navigator as { readonly connection?: { readonly saveData?: boolean } }).connection;

const visit = new Visit({
  origin: location.origin,
  inApp: inApp(navigator.userAgent, location.origin + location.pathname + fragment),
  random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  soon: (act) => {
    acts.push(act);
    turns.port2.postMessage(undefined);
  },
  chance: () => Math.random(),
  nowMilliseconds: () => Date.now(),
  elapsedMilliseconds,
  isOnline: () => navigator.onLine,
  savesData: () => network?.saveData === true,
  fetchCard: (authority) => fetchCard(location.origin, authority),
  fetchLeaflets: (authority, language) => fetchLeaflets(location.origin, authority, language),
  clean,
  fetchNodes: () => fetchNodes(location.origin),
  openSocket: (address, listener) => openSocket(socketUrl(location.origin, address), listener),
  hush,
  putInAddressBar,
  show,
});

function pageElement(): HTMLElement {
  const element = document.getElementById("page");
  if (element === null) throw new Error("index.html has no #page");
  return element;
}

function show(state: State): void {
  // Other words would make the screen anew, and lose what is being written.
  if (state.status === "talking") words.forget();
  if (page === undefined) early = state;
  else page.show(state);
}

let hasExited = false;

/** Covered first. Whatever goes wrong then, the page is left; and Back leads to what was there before it. */
function exit(): void {
  hasExited = true;
  try {
    words.forget();
    early = undefined;
    page?.cover();
    document.body.replaceChildren();
    visit.exit();
  } finally {
    location.replace(visit.exitSite);
  }
}

const escapes = new EscapePresses();
addEventListener(
  "keydown",
  ({ key, repeat, timeStamp }) => {
    if (key === "Escape" && !repeat && escapes.press(timeStamp)) exit();
  },
  true,
);

// The way out that is there before the page has words. It would leave this page behind for Back.
root.querySelector(".button-exit")?.addEventListener("click", (event) => {
  event.preventDefault();
  exit();
});

addEventListener("online", () => {
  words.tryNow();
  visit.comeOnline();
});
addEventListener("offline", () => visit.goOffline());
// A page that was out of sight may have been frozen, and its socket may be dead.
document.addEventListener("visibilitychange", () => visit.wake());
document.addEventListener("resume", () => visit.wake());
addEventListener("pagehide", () => visit.abandon());
// Back from the browser's memory of pages: that visit has forgotten its link, so a new one begins, unless the
// person had reason to be gone.
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  if (hasExited) exit();
  else location.reload();
});
addEventListener("beforeunload", (event) => {
  if (visit.status !== "talking") return;
  event.preventDefault();
  event.returnValue = true; // what older browsers go by
});
// Somebody may paste another link into this tab: a link is read only by a page that starts.
addEventListener("hashchange", () => location.reload());

words.want(chooseLanguage(navigator.languages, readable));
visit.open(fragment);
