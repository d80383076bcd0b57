// Pieces that several screens share.

import type { CardText, ServiceCard } from "../protocol/card.ts";
import { inTurn } from "../protocol/languages.ts";
import type { Cover } from "../protocol/pacer.ts";
import type { Survey } from "../protocol/record.ts";
import { type Attributes, type Child, h, paragraphs } from "../shared/dom.ts";
import type { Language, Text } from "../shared/text.ts";
import type { State } from "./consultation.ts";
import type { SubjectName } from "./triage.ts";

/** What a person can do. */
export interface Actions {
  /** At once, from wherever it is. */
  exit(): void;
  /** Where the page came without a link. */
  paste(text: string): void;
  /** As soon as the page has the words of the language. */
  speak(language: Language): void;
  stayInApp(): void;
  pick(subject: SubjectName): void;
  /** Who answers is told which language the person reads. */
  start(language: Language): void;
  leave(): void;
  tryNow(): void;
  /** What the service gives to read. */
  read(language: Language): void;
  /** Says whether the words were taken. */
  say(text: string): boolean;
  /** It is cleaned first, and shown to the person. */
  chooseFile(file: Blob): void;
  offerFile(): void;
  /** Whether it was offered or not. */
  dropFile(): void;
  /** To speak instead of writing: what that tells is said first. */
  askVoice(): void;
  startVoice(): void;
  stopVoice(): void;
  /** Or not any more. */
  listenVoice(): void;
  dropVoice(): void;
  offerVoice(): void;
  answerHandOver(agrees: boolean): void;
  choose(cover: Cover): void;
  /** The advisor suggested to end. */
  declineEnd(): void;
  askEnd(): void;
  cancelEnd(): void;
  /** One question, once. */
  answerSurvey(survey: Survey): void;
  end(): void;
}

export interface View {
  readonly element: HTMLElement;
  /** Takes the next state of the same status without losing focus, scroll or a draft. */
  update?(state: State): void;
  /** Where the focus goes instead of the heading. */
  focus?(): void;
}

/** One screen: a heading that takes the focus when the screen appears, and what stands below it. */
export function screen(title: Child, ...children: readonly Child[]): HTMLElement {
  return h("div", { class: "screen stack" }, h("h1", { tabindex: -1 }, title), children);
}

export function button(name: string, label: string, press: () => void, kind = ""): HTMLButtonElement {
  return h("button", { type: "button", class: `button ${kind}`, "data-test": name, onclick: press }, label);
}

/** On every screen, in the same look. */
export function exitButton(text: Text, actions: Actions): HTMLButtonElement {
  return button("exit", text("exit"), actions.exit, "button-exit");
}

/** Words of the service, in the person's language if there are any. They may hold names in another script. */
export function cardText(words: CardText, text: Text): readonly HTMLElement[] {
  const language = writtenIn(words, text);
  return paragraphs(words[language] ?? words.en, { dir: "auto", ...foreign(language, text) });
}

export function serviceName({ name }: ServiceCard, text: Text): HTMLElement {
  const language = writtenIn(name, text);
  return h("bdi", foreign(language, text), name[language]);
}

function writtenIn(words: CardText, text: Text): Language {
  return inTurn(text.language).find((language) => words[language] !== undefined) ?? "en";
}

/** For a screen reader, which would read it as it reads the page. */
function foreign(language: Language, text: Text): Attributes {
  return language === text.language ? {} : { lang: language };
}

/** What to do in an overdose before anybody answers: no advisor is needed for this. */
export function dangerSteps(text: Text): HTMLElement {
  return h(
    "ol",
    { class: "steps" },
    h("li", {}, text("danger-call")),
    h("li", {}, text("danger-naloxone")),
    h("li", {}, text("danger-breathe")),
    h("li", {}, text("danger-side")),
    h("li", {}, text("danger-stay")),
  );
}

/** For screens that know no service: closed, so that it calms rather than alarms. */
export function dangerDetails(text: Text, card?: ServiceCard): HTMLElement {
  return h(
    "details",
    { class: "notice notice-care" },
    h("summary", {}, text("danger-title")),
    h(
      "div",
      { class: "stack-tight details-body" },
      card && cardText(card.emergency, text),
      h("p", {}, text("danger-signs")),
      dangerSteps(text),
    ),
  );
}

/** For screens that know the service: its own words first. */
export function emergency(card: ServiceCard, text: Text): HTMLElement {
  return h(
    "section",
    { class: "notice notice-care stack-tight", "data-test": "emergency" },
    h("h2", {}, text("emergency-title")),
    cardText(card.emergency, text),
    h(
      "details",
      {},
      h("summary", {}, text("danger-overdose")),
      h("div", { class: "stack-tight details-body" }, h("p", {}, text("danger-signs")), dangerSteps(text)),
    ),
  );
}

/** What this can and cannot do: before Start, and while there is time to read it. */
export function promises(text: Text): HTMLElement {
  return h(
    "div",
    { class: "promises" },
    h(
      "section",
      { class: "card stack-tight" },
      h("h2", {}, text("welcome-can-title")),
      h(
        "ul",
        { class: "points" },
        h("li", {}, text("welcome-can-name")),
        h("li", {}, text("welcome-can-encrypted")),
        h("li", {}, text("welcome-can-wiped")),
        h("li", {}, text("welcome-can-exit")),
      ),
    ),
    h(
      "section",
      { class: "card stack-tight" },
      h("h2", {}, text("welcome-cannot-title")),
      h(
        "ul",
        { class: "points" },
        h("li", {}, text("welcome-cannot-rescue")),
        h("li", {}, text("welcome-cannot-screen")),
        h("li", {}, text("welcome-cannot-memory")),
        h("li", {}, text("welcome-cannot-history")),
      ),
    ),
  );
}
