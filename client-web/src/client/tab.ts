// The browser's tab: its page, the visit that it is on, and what the browser tells of both.

import { chooseLanguage } from "../shared/text.ts";
import { clean } from "./cleaning.ts";
import { createElapsed } from "./clock.ts";
import { EscapePresses, NEUTRAL_SITE } from "./exit.ts";
import type { InApp } from "./in-app.ts";
import { Page } from "./page.ts";
import type { Place } from "./place.ts";
import { fetchCard, fetchLeaflets, fetchNodes } from "./service.ts";
import { hush, openSocket, socketUrl } from "./socket.ts";
import { Visit } from "./visit.ts";
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
  readonly page: Page;
  readonly #entrance: Entrance;
  #visit: Visit | undefined;
  #hasExited = false;

  constructor(entrance: Entrance) {
    const root = document.getElementById("page");
    if (root === null) throw new Error("there is no #page");
    this.#entrance = entrance;
    this.page = this.#makePage(root);
    this.#listen();
  }

  /** A visit begins with a link. */
  open(place: Place, fragment: string): void {
    this.#visit = new Visit({
      ...worldAt(place),
      inApp: this.#entrance.inApp,
      putInAddressBar: (other) => this.#entrance.putInAddressBar(other),
      show: (state) => this.page.show(state),
    });
    this.#visit.open(fragment);
  }

  #makePage(root: HTMLElement): Page {
    const page: Page = new Page(root, chooseLanguage(navigator.languages), {
      exit: () => this.#exit(),
      paste: (text) => this.#entrance.paste(text),
      stayInApp: () => this.#visit?.stayInApp(),
      pick: (subject) => this.#visit?.pick(subject),
      start: () => this.#visit?.start(page.language),
      leave: () => this.#visit?.leave(),
      tryNow: () => this.#visit?.tryNow(),
      read: () => void this.#visit?.read(page.language),
      say: (text) => this.#visit?.say(text) === true,
      chooseFile: (file) => this.#visit?.chooseFile(file),
      offerFile: () => this.#visit?.offerFile(),
      dropFile: () => this.#visit?.dropFile(),
      answerHandOver: (agrees) => this.#visit?.answerHandOver(agrees),
      choose: (cover) => this.#visit?.choose(cover),
      declineEnd: () => this.#visit?.declineEnd(),
      askEnd: () => this.#visit?.askEnd(),
      cancelEnd: () => this.#visit?.cancelEnd(),
      answerSurvey: (survey) => this.#visit?.answerSurvey(survey),
      end: () => this.#visit?.end(),
    });
    return page;
  }

  /** Covered first. Whatever goes wrong then, the page is left; and Back leads to what was there before it. */
  #exit(): void {
    this.#hasExited = true;
    try {
      this.page.cover();
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
    addEventListener("online", () => this.#visit?.comeOnline());
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

function worldAt({ relay, page, isApart }: Place) {
  return {
    origin: relay,
    pageOrigin: page,
    isApart,
    random: (length: number) => crypto.getRandomValues(new Uint8Array(length)),
    soon: actSoon(),
    chance: () => Math.random(),
    nowMilliseconds: () => Date.now(),
    elapsedMilliseconds: createElapsed(
      () => performance.now(),
      () => Date.now(),
    ),
    isOnline: () => navigator.onLine,
    savesData: () => network?.saveData === true,
    fetchCard: (authority) => fetchCard(relay, authority),
    fetchLeaflets: (authority, language) => fetchLeaflets(relay, authority, language),
    clean,
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
