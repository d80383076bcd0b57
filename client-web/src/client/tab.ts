// The browser's tab: the words of its page, the visit that it is on, and what the browser tells of both.

import { chooseLanguage, type Text } from "../shared/text.ts";
import { clean } from "./cleaning.ts";
import { createElapsed } from "./clock.ts";
import type { State } from "./consultation.ts";
import { EscapePresses, NEUTRAL_SITE } from "./exit.ts";
import type { InApp } from "./in-app.ts";
import { record } from "./microphone.ts";
import { isLanguageChosen, Page } from "./page.ts";
import type { Place } from "./place.ts";
import { fetchCard, fetchLeaflets, fetchNodes } from "./service.ts";
import { hush, openSocket, socketUrl } from "./socket.ts";
import type { Actions } from "./view-parts.ts";
import { Visit } from "./visit.ts";
import { Words } from "./words.ts";
import { fetchWords, readable } from "./words-files.ts";
import type { World } from "./world.ts";

/** In which way the page was come to. */
export interface Entrance {
  readonly inApp: InApp | undefined;
  /** A fragment, or nothing. */
  putInAddressBar(fragment: string): void;
  /** Somebody gave the page a link. */
  paste(text: string): void;
}

export class Tab {
  readonly #entrance: Entrance;
  readonly #root: HTMLElement;
  readonly #words: Words;
  /** There is none before there are words for it: until then what index.html says stands there. */
  #page: Page | undefined;
  /** What it will show first. */
  #early: State | undefined;
  #visit: Visit | undefined;
  #hasExited = false;

  constructor(entrance: Entrance) {
    const root = document.getElementById("page");
    if (root === null) throw new Error("there is no #page");
    this.#entrance = entrance;
    this.#root = root;
    this.#words = new Words({
      elapsedMilliseconds,
      isOnline: () => navigator.onLine,
      fetchWords,
      arrived: (text) => this.#speak(text),
      late: (language) => this.#page?.sayLate(language),
    });
    this.#listen();
    this.#words.want(chooseLanguage(navigator.languages, readable));
  }

  show(state: State): void {
    if (isLanguageChosen(state)) this.#words.forget();
    if (this.#page === undefined) this.#early = state;
    else this.#page.show(state);
  }

  /** A visit begins with a link. */
  open(place: Place, fragment: string): void {
    this.#visit = new Visit({
      ...worldAt(place),
      inApp: this.#entrance.inApp,
      putInAddressBar: (other) => this.#entrance.putInAddressBar(other),
      show: (state) => this.show(state),
    });
    this.#visit.open(fragment);
  }

  #speak(text: Text): void {
    if (this.#page !== undefined) {
      this.#page.speak(text);
      return;
    }
    this.#page = new Page(this.#root, text, this.#actions());
    if (this.#early !== undefined) this.#page.show(this.#early);
    this.#early = undefined;
  }

  #actions(): Actions {
    return {
      exit: () => this.#exit(),
      paste: (text) => this.#entrance.paste(text),
      speak: (language) => this.#words.want(language),
      stayInApp: () => this.#visit?.stayInApp(),
      pick: (subject) => this.#visit?.pick(subject),
      start: (language) => this.#visit?.start(language),
      leave: () => this.#visit?.leave(),
      tryNow: () => this.#visit?.tryNow(),
      read: (language) => void this.#visit?.read(language),
      say: (text) => this.#visit?.say(text) === true,
      chooseFile: (file) => this.#visit?.chooseFile(file),
      offerFile: () => this.#visit?.offerFile(),
      dropFile: () => this.#visit?.dropFile(),
      askVoice: () => this.#visit?.askVoice(),
      startVoice: () => this.#visit?.startVoice(),
      stopVoice: () => this.#visit?.stopVoice(),
      listenVoice: () => this.#visit?.listenVoice(),
      dropVoice: () => this.#visit?.dropVoice(),
      offerVoice: () => this.#visit?.offerVoice(),
      answerHandOver: (agrees) => this.#visit?.answerHandOver(agrees),
      choose: (cover) => this.#visit?.choose(cover),
      declineEnd: () => this.#visit?.declineEnd(),
      askEnd: () => this.#visit?.askEnd(),
      cancelEnd: () => this.#visit?.cancelEnd(),
      answerSurvey: (survey) => this.#visit?.answerSurvey(survey),
      end: () => this.#visit?.end(),
    };
  }

  /** Covered first. Whatever goes wrong then, the page is left; and Back leads to what was there before it. */
  #exit(): void {
    this.#hasExited = true;
    try {
      this.#words.forget();
      this.#early = undefined;
      if (this.#page === undefined) document.body.replaceChildren();
      else this.#page.cover();
      this.#visit?.exit();
    } finally {
      location.replace(this.#visit?.exitSite ?? NEUTRAL_SITE);
    }
  }

  #listen(): void {
    const escapes = new EscapePresses();
    addEventListener(
      "keydown",
      ({ key, repeat, timeStamp }) => {
        if (key === "Escape" && !repeat && escapes.press(timeStamp)) this.#exit();
      },
      true,
    );
    // The way out that is there before the page has words. It would leave this page behind for Back.
    this.#root.querySelector(".button-exit")?.addEventListener("click", (event) => {
      event.preventDefault();
      this.#exit();
    });
    addEventListener("online", () => {
      this.#words.tryNow();
      this.#visit?.comeOnline();
    });
    addEventListener("offline", () => this.#visit?.goOffline());
    // A page that was out of sight may have been frozen, and its socket may be dead.
    document.addEventListener("visibilitychange", () => this.#visit?.wake());
    document.addEventListener("resume", () => this.#visit?.wake());
    addEventListener("pagehide", () => this.#visit?.abandon());
    // Back from the browser's memory of pages: that visit has forgotten its link, so a new one begins, unless the
    // person had reason to be gone.
    addEventListener("pageshow", ({ persisted }) => {
      if (!persisted) return;
      if (this.#hasExited) this.#exit();
      else location.reload();
    });
    addEventListener("beforeunload", (event) => {
      if (this.#visit?.status !== "talking") return;
      event.preventDefault();
      event.returnValue = true; // what older browsers go by
    });
  }
}

/** Not every browser tells it. */
const network = (navigator as { readonly connection?: { readonly saveData?: boolean } }).connection;

/** Since any fixed moment; goes on while the device sleeps. */
const elapsedMilliseconds = createElapsed(
  () => performance.now(),
  () => Date.now(),
);

function worldAt({ relay, page, isApart }: Place) {
  return {
    origin: relay,
    pageOrigin: page,
    isApart,
    random: (length: number) => crypto.getRandomValues(new Uint8Array(length)),
    soon: actSoon(),
    chance: () => Math.random(),
    nowMilliseconds: () => Date.now(),
    elapsedMilliseconds,
    isOnline: () => navigator.onLine,
    savesData: () => network?.saveData === true,
    fetchCard: (authority) => fetchCard(relay, authority),
    fetchLeaflets: (authority, language) => fetchLeaflets(relay, authority, language),
    clean,
    record,
    fetchNodes: () => fetchNodes(relay),
    openSocket: (address, listener) => openSocket(socketUrl(relay, address), listener),
    hush,
  } satisfies Omit<World, "inApp" | "putInAddressBar" | "show">;
}

/** A timer would wait too long: browsers hold those back, of a page out of sight to one in a second. */
function actSoon(): (act: () => void) => void {
  const turns = new MessageChannel();
  const acts: (() => void)[] = [];
  turns.port1.onmessage = () => acts.shift()?.();
  return (act) => {
    acts.push(act);
    turns.port2.postMessage(undefined);
  };
}
