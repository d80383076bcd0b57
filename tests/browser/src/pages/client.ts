// The page that a link opens, as a person uses it.

import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { newContext, type Watch, watch } from "../browser.ts";
import { type Language, textOf, type Variables } from "../texts.ts";
import { waitFor } from "../wait.ts";

/** The page's names of subjects, in the protocol's order. */
export const subjects = [
  "notSaid",
  "overdose",
  "saferUse",
  "health",
  "infections",
  "treatment",
  "feelings",
  "law",
  "somebodyClose",
  "other",
] as const;
export type Subject = (typeof subjects)[number];

export interface Said {
  readonly from: "you" | "advisor";
  readonly text: string;
}

/** How long a word may need: a slot to leave in, and a loaded machine. */
const WORD_MAX_MS = 30_000;

export type Line = "joined" | "offline" | "reconnecting" | "advisor-away";

export interface ClientOptions {
  readonly language?: Language;
  /** How far this device's clock is from the true time. */
  readonly clockAheadSeconds?: number;
  /** What the browser calls itself. */
  readonly userAgent?: string;
  /** How long the page may load. */
  readonly loadTimeoutMs?: number;
  /** Before the page is opened: something between the browser and the relay, say. */
  readonly prepare?: (page: Page) => Promise<void>;
}

export class ClientPage {
  readonly page: Page;
  readonly watched: Watch;
  readonly #language: Language;

  private constructor(page: Page, watched: Watch, language: Language) {
    this.page = page;
    this.watched = watched;
    this.#language = language;
  }

  static async open(browser: Browser, link: string, options: ClientOptions = {}): Promise<ClientPage> {
    const { userAgent, language = "en" } = options;
    const context = await newContext(browser, language, userAgent === undefined ? {} : { userAgent });
    return await ClientPage.openIn(context, link, options);
  }

  /** In the person's own browser, as it is. */
  static async openIn(
    context: BrowserContext,
    link: string,
    options: ClientOptions = {},
  ): Promise<ClientPage> {
    const { language = "en" } = options;
    const page = await context.newPage();
    const watched = await watch(page);
    const ahead = options.clockAheadSeconds;
    if (ahead !== undefined) await page.addInitScript(moveClock, ahead * 1_000);
    await options.prepare?.(page);
    await page.goto(link, { timeout: options.loadTimeoutMs ?? 30_000 });
    return new ClientPage(page, watched, language);
  }

  /** Its tab is closed, and everything of this browser with it. */
  async close(): Promise<void> {
    await this.page.context().close();
  }

  /** Into the page that is a file. */
  async pasteLink(text: string): Promise<void> {
    await this.#named("link").fill(text);
    await this.#named("open-link").click();
  }

  get main(): Locator {
    return this.page.locator("main[data-state]");
  }

  /** `talking`, or `ended by-you`, or `refused link-spent`. */
  async state(): Promise<string> {
    return await this.main.evaluate(({ dataset }) =>
      [dataset.state, dataset.reason].filter(Boolean).join(" "),
    );
  }

  async reaches(state: string, timeoutMs = 20_000): Promise<void> {
    let last = "";
    await waitFor(
      `the client's page to show ${state}`,
      async () => {
        last = await this.state();
        return last === state ? true : undefined;
      },
      timeoutMs,
      () => `it shows ${last}; ${this.watched.problems.join("; ")}`,
    );
  }

  /** The first of the states that it reaches. */
  async reachesOneOf(states: readonly string[], timeoutMs = 20_000): Promise<string> {
    return await waitFor(
      `the client's page to show one of ${states.join(", ")}`,
      async () => {
        const state = await this.state();
        return states.includes(state) ? state : undefined;
      },
      timeoutMs,
    );
  }

  /** What the page says about waiting: `now`, `soon`, `long`, `nobody`, `lost`. */
  async waits(wait: string, timeoutMs = 20_000): Promise<void> {
    await this.main.locator(`[data-wait="${wait}"]`).waitFor({ timeout: timeoutMs });
  }

  async heading(): Promise<string> {
    return (await this.main.locator("h1").textContent()) ?? "";
  }

  async words(): Promise<string> {
    return (await this.main.textContent()) ?? "";
  }

  /** What the page is to say for an id of its texts. */
  text(id: string, variables?: Variables): string {
    return textOf("client", this.#language, id, variables);
  }

  async chooseLanguage(language: Language): Promise<void> {
    await this.#named(`language-${language}`).click();
    // Its words are fetched first.
    await this.page.locator(`html[lang="${language}"]`).waitFor({ state: "attached" });
  }

  async chooseSubject(subject: Subject): Promise<void> {
    await this.#named(`subject-${subject}`).check();
  }

  async start(): Promise<void> {
    await this.#named("start").click();
  }

  /** There is one on every screen; one of them is in sight. */
  get exit(): Locator {
    return this.#named("exit").filter({ visible: true });
  }

  /** In spite of the app whose browser this is. */
  async stayInApp(): Promise<void> {
    await this.#named("in-app-risks").locator("summary").click();
    await this.#named("stay-in-app").click();
  }

  async tryAgain(): Promise<void> {
    await this.#named("try-again").click();
  }

  /** From a fresh link to the waiting room. */
  async startWaiting(subject: Subject = "notSaid"): Promise<void> {
    await this.reaches("welcome");
    await this.chooseSubject(subject);
    await this.start();
    await this.reaches("waiting");
    await this.main.locator('[data-wait="now"], [data-wait="soon"], [data-wait="nobody"]').waitFor();
  }

  async alias(): Promise<string> {
    return (await this.#named("alias").textContent()) ?? "";
  }

  async role(): Promise<string> {
    return (await this.#named("role").textContent()) ?? "";
  }

  async say(text: string): Promise<void> {
    await this.#named("composer").fill(text);
    await this.#named("send").click();
  }

  async said(): Promise<readonly Said[]> {
    return await this.page.locator('[data-test="message"]').evaluateAll((elements) =>
      elements.map((element) => ({
        from: (element as HTMLElement).dataset.from as "you" | "advisor",
        text: element.querySelector(".message-text")?.textContent ?? "",
      })),
    );
  }

  async hears(text: string, timeoutMs = WORD_MAX_MS): Promise<void> {
    await waitFor(
      "the client's page to show the advisor's message",
      async () =>
        (await this.said()).some((one) => one.from === "advisor" && one.text === text) ? true : undefined,
      timeoutMs,
    );
  }

  /** Every message of its own is marked as delivered, and there are so many. */
  async deliveredAre(count: number, timeoutMs = WORD_MAX_MS): Promise<void> {
    await waitFor(
      `${count} delivered messages`,
      async () => {
        const delivered = await this.#named("delivered").count();
        const underway = await this.#named("underway").count();
        return delivered === count && underway === 0 ? true : undefined;
      },
      timeoutMs,
    );
  }

  /** As somebody chooses who was shown the device's files. */
  async chooseFile(file: string): Promise<void> {
    await this.#named("file-input").setInputFiles(file);
  }

  /** What the page says of the file, once it has looked into it. */
  async fileAsked(stage: "clean" | "problem", timeoutMs = 60_000): Promise<string> {
    const asked = this.page.locator(`[data-test="file-ask"][data-stage="${stage}"]`);
    await asked.waitFor({ timeout: timeoutMs });
    return (await asked.textContent()) ?? "";
  }

  async sendFile(): Promise<void> {
    await this.#named("file-send").click();
  }

  async dropFile(): Promise<void> {
    await this.#named("file-drop").click();
  }

  /** The newest file among the messages. */
  async fileIs(stage: "offered" | "moving" | "received" | "refused" | "withdrawn", timeoutMs = 60_000) {
    await this.#named("file")
      .last()
      .and(this.page.locator(`[data-stage="${stage}"]`))
      .waitFor({ timeout: timeoutMs });
  }

  get voiceChoice(): Locator {
    return this.#named("voice-choose");
  }

  /** One press of somebody who makes a voice note. */
  async voice(press: "choose" | "start" | "stop" | "listen" | "send" | "drop"): Promise<void> {
    await this.#named(`voice-${press}`).click();
  }

  async voiceIs(
    stage: "about" | "starting" | "recording" | "recorded" | "problem",
    timeoutMs = 30_000,
  ): Promise<string> {
    const asked = this.page.locator(`[data-test="voice-ask"][data-stage="${stage}"]`);
    await asked.waitFor({ timeout: timeoutMs });
    return (await asked.textContent()) ?? "";
  }

  async lineIs(line: Line, timeoutMs = 30_000): Promise<void> {
    await this.page.locator(`.talk[data-line="${line}"]`).waitFor({ timeout: timeoutMs });
  }

  /** What the page says in words about the line. */
  async lineWords(): Promise<string> {
    return (await this.#named("line").textContent()) ?? "";
  }

  /** What the person would read to the worker. */
  async safetyWords(): Promise<readonly string[]> {
    const summary = this.#named("connection").locator("> summary");
    await summary.click();
    const safety = this.#named("safety").locator("summary");
    await safety.click();
    const words = await this.#named("safety-words").locator("li").allInnerTexts();
    await safety.click();
    await summary.click();
    return words;
  }

  /** Words leave at once in sparing cover: for tests of something else than time. */
  async chooseCover(cover: "steady" | "sparing"): Promise<void> {
    const summary = this.#named("connection").locator("> summary");
    await summary.click();
    await this.#named(`cover-${cover}`).check();
    await summary.click();
    await this.page.locator(`.talk[data-cover="${cover}"]`).waitFor();
  }

  /** Another worker is proposed; returns what the page says about it. */
  async handOverIsAsked(timeoutMs = WORD_MAX_MS): Promise<string> {
    await this.page.locator('.talk[data-hand-over="asked"]').waitFor({ timeout: timeoutMs });
    return (await this.#named("hand-over").textContent()) ?? "";
  }

  async answerHandOver(answer: "go" | "stay"): Promise<void> {
    await this.#named(`hand-over-${answer}`).click();
  }

  /** What the page itself says among the messages. */
  note(note: "came" | "withdrawn" | "did-not-come"): Locator {
    return this.page.locator(`[data-test="note"][data-note="${note}"]`);
  }

  /** What the worker gave to read. */
  get card(): Locator {
    return this.#named("card");
  }

  get returnLink(): Locator {
    return this.#named("return-link");
  }

  /** The worker has asked whether it is over. */
  async answerEnd(answer: "agree" | "decline"): Promise<void> {
    await this.#named("end-proposal").waitFor({ timeout: WORD_MAX_MS });
    await this.#named(`end-${answer}`).click();
  }

  /** Keys, words and socket are gone, and the page says so. */
  async isWiped(timeoutMs = 25_000): Promise<void> {
    await this.#named("wiped").waitFor({ timeout: timeoutMs });
  }

  async end(): Promise<void> {
    await this.askEnd();
    await this.confirmEnd();
  }

  async confirmEnd(): Promise<void> {
    await this.#named("end-confirm").click();
  }

  /** As if to end: the page asks whether that is meant. */
  async askEnd(): Promise<void> {
    await this.#named("end").click();
  }

  async cancelEnd(): Promise<void> {
    await this.#named("end-cancel").click();
  }

  /** The questions of the survey, where they are in sight. */
  get survey(): Locator {
    return this.#named("survey").filter({ visible: true });
  }

  surveyAnswer(answer: "yes" | "partly" | "no"): Locator {
    return this.survey.locator(`[data-test="survey-${answer}"]`);
  }

  /** The whole document, form fields included: what somebody could find who sits down at this screen. */
  async everything(): Promise<string> {
    return await this.page.evaluate(() =>
      [
        document.documentElement.outerHTML,
        document.title,
        ...[...document.querySelectorAll("textarea, input")].map(
          (field) => (field as HTMLInputElement).value,
        ),
      ].join("\n"),
    );
  }

  async historyLengths(): Promise<{ readonly atStart: number; readonly now: number }> {
    return await this.page.evaluate(() => ({
      atStart: (globalThis as unknown as { historyLengthAtStart: number }).historyLengthAtStart,
      now: history.length,
    }));
  }

  #named(name: string): Locator {
    return this.page.locator(`[data-test="${name}"]`);
  }
}

/** Runs in the page, before its scripts. */
function moveClock(aheadMs: number): void {
  const True = Date;
  const now = () => True.now() + aheadMs;
  globalThis.Date = new Proxy(True, {
    construct: (target, given) => Reflect.construct(target, given.length === 0 ? [now()] : given) as Date,
    get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
  });
}
