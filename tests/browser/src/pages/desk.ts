// The desk page, as a worker uses it.

import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { newContext, type Watch, watch } from "../browser.ts";
import { type Language, textOf, type Variables } from "../texts.ts";
import { waitFor } from "../wait.ts";

/** The desk's names of subjects, in the protocol's order, the same as the client's page. */
export const subjects = [
  "not_said",
  "danger",
  "safer_use",
  "wounds",
  "tests",
  "treatment",
  "feelings",
  "law",
  "somebody_close",
  "other",
] as const;
export type Subject = (typeof subjects)[number];

/** How long a word may need: a slot to leave in, one for its acknowledgement, and a loaded machine. */
const WORD_MAX_MS = 30_000;

export interface Said {
  readonly from: "client" | "worker";
  readonly text: string;
}

export class DeskPage {
  readonly page: Page;
  readonly watched: Watch;
  #language: Language;

  private constructor(page: Page, watched: Watch, language: Language) {
    this.page = page;
    this.watched = watched;
    this.#language = language;
  }

  /** The address is the one that the console prints. */
  static async open(browser: Browser, address: string, language: Language = "en"): Promise<DeskPage> {
    return await DeskPage.openIn(await newContext(browser, language), address, language);
  }

  /** In the worker's own browser. */
  static async openIn(
    context: BrowserContext,
    address: string,
    language: Language = "en",
  ): Promise<DeskPage> {
    const page = await context.newPage();
    const watched = await watch(page);
    await page.goto(address);
    return new DeskPage(page, watched, language);
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  text(id: string, variables?: Variables): string {
    return textOf("desk", this.#language, id, variables);
  }

  async words(): Promise<string> {
    return (await this.page.locator("body").textContent()) ?? "";
  }

  /** `no_bearer`, `bearer_refused`, `gone`: an end of the page that says why. */
  async isOver(connection: string): Promise<void> {
    await this.page.locator(`[data-test="connection"][data-connection="${connection}"]`).waitFor();
  }

  async chooseLanguage(language: Language): Promise<void> {
    await this.#named(`language-${language}`).click();
    this.#language = language;
  }

  async dutyIs(status: string, timeoutMs = 20_000): Promise<void> {
    await this.page
      .locator(`[data-test="duty-status"][data-status="${status}"]`)
      .waitFor({ timeout: timeoutMs });
  }

  /** The console may be on duty since an earlier page. */
  async goOnDuty(): Promise<void> {
    const status = this.page.locator('[data-test="duty-status"]');
    await status.and(this.page.locator('[data-status="off"], [data-status="on"]')).waitFor();
    if ((await status.getAttribute("data-status")) === "off") await this.#named("duty-toggle").click();
    await this.dutyIs("on");
  }

  async goOffDuty(): Promise<void> {
    await this.dutyIs("on");
    await this.#named("duty-toggle").click();
    await this.dutyIs("off");
  }

  /** What the system tells a browser when a cable is pulled or put back. Loopback goes on. */
  async networkIs(online: boolean): Promise<void> {
    await this.page.evaluate((online) => {
      Object.defineProperty(navigator, "onLine", { value: online, configurable: true });
      dispatchEvent(new Event(online ? "online" : "offline"));
    }, online);
  }

  /** How many consultations the worker wants at once. */
  async setCapacity(capacity: number): Promise<void> {
    await this.#named("capacity").selectOption(String(capacity));
  }

  get entries(): Locator {
    return this.#named("waiting-entry");
  }

  async waitingAre(count: number): Promise<void> {
    await waitFor(`${count} waiting`, async () =>
      (await this.entries.count()) === count ? true : undefined,
    );
  }

  entry(subject: Subject): Locator {
    return this.page.locator(`[data-test="waiting-entry"][data-subject="${subject}"]`);
  }

  /** Accepts the one that waits with this subject, and waits until the console opens it. */
  async accept(subject: Subject): Promise<DeskConsultation> {
    const before = await this.#consultationIds();
    await this.pressAccept(subject);
    return await waitFor("the accepted consultation", async () => {
      const fresh = (await this.#consultationIds()).find((id) => !before.includes(id));
      return fresh === undefined ? undefined : new DeskConsultation(this.page, fresh);
    });
  }

  async pressAccept(subject: Subject): Promise<void> {
    await this.entry(subject).locator('[data-test="accept"]').click();
  }

  /** Accept was pressed, and the console has not yet heard whether it was first. */
  async isAccepting(subject: Subject): Promise<void> {
    await this.entry(subject).locator('[data-test="accept"][disabled]').waitFor();
  }

  async consultationsAre(count: number): Promise<readonly DeskConsultation[]> {
    const ids = await waitFor(`${count} consultations`, async () => {
      const found = await this.#consultationIds();
      return found.length === count ? found : undefined;
    });
    return ids.map((id) => new DeskConsultation(this.page, id));
  }

  consultation(id: string): DeskConsultation {
    return new DeskConsultation(this.page, id);
  }

  /** Colleagues who ask this worker to take a consultation over. */
  get requests(): Locator {
    return this.#named("request");
  }

  /** Takes the only request, and waits for nothing more: the client is still to be asked. */
  async takeOver(): Promise<void> {
    await this.requests.locator('[data-test="take-over"]').click();
  }

  get whispers(): Whispers {
    return new Whispers(this.page);
  }

  notice(code: string): Locator {
    return this.page.locator(`[data-test="notice"][data-notice="${code}"]`);
  }

  async reload(): Promise<void> {
    await this.page.reload();
  }

  async #consultationIds(): Promise<readonly string[]> {
    return await this.#named("consultation").evaluateAll((columns) =>
      columns.map((column) => (column as HTMLElement).dataset.consultation ?? ""),
    );
  }

  #named(name: string): Locator {
    return this.page.locator(`[data-test="${name}"]`);
  }
}

/** One consultation on the desk page. */
export class DeskConsultation {
  readonly id: string;
  readonly column: Locator;

  constructor(page: Page, id: string) {
    this.id = id;
    this.column = page.locator(`[data-test="consultation"][data-consultation="${id}"]`);
  }

  async statusIs(status: "connecting" | "open" | "ended"): Promise<void> {
    await this.column.and(this.column.page().locator(`[data-status="${status}"]`)).waitFor();
  }

  async words(): Promise<string> {
    return (await this.column.textContent()) ?? "";
  }

  get composer(): Locator {
    return this.#named("composer");
  }

  async say(text: string): Promise<void> {
    const closed = this.#named("write-to-client");
    if ((await closed.count()) > 0) await closed.click();
    await this.composer.fill(text);
    await this.#named("send").click();
  }

  /** What becomes of the client's newest file. */
  async fileIs(
    status: "offered" | "coming" | "here" | "refused" | "withdrawn",
    timeoutMs = 60_000,
  ): Promise<void> {
    const page = this.column.page();
    await this.#named("file")
      .last()
      .and(page.locator(`[data-status="${status}"]`))
      .waitFor({ timeout: timeoutMs });
  }

  async answerFile(answer: "accept" | "refuse"): Promise<void> {
    await this.#named(`file-${answer}`).last().click();
  }

  /** Looks at the newest file; returns the sizes in pixels of what is shown. */
  async lookAtFile(timeoutMs = 60_000): Promise<readonly (readonly [number, number])[]> {
    await this.#named("file-look").last().click();
    const panel = this.column.page().locator('[data-test="panel-pictures"]');
    await panel.waitFor({ timeout: timeoutMs });
    const pictures = panel.locator("img");
    return await waitFor("pictures of the client's file", async () => {
      const sizes = await pictures.evaluateAll((images) =>
        (images as HTMLImageElement[]).map((image) => [image.naturalWidth, image.naturalHeight] as const),
      );
      return sizes.length > 0 && sizes.every(([width]) => width > 0) ? sizes : undefined;
    });
  }

  /** Asks for the sound of the newest file; its player, once it knows how long it is. */
  async listenToFile(timeoutMs = 60_000): Promise<Locator> {
    await this.#named("file-look").last().click();
    const player = this.#named("file-sound");
    await player.waitFor({ timeout: timeoutMs });
    await waitFor("the length of the sound", () =>
      player.evaluate((audio) => (audio as HTMLAudioElement).readyState > 0 || undefined),
    );
    return player;
  }

  async closePictures(): Promise<void> {
    await this.column.page().locator('[data-test="panel-close"]').click();
  }

  /** What is laid out: of a long consultation, the newest. */
  async said(): Promise<readonly Said[]> {
    return await this.#named("message").evaluateAll((elements) =>
      elements.map((element) => ({
        from: (element as HTMLElement).dataset.from as "client" | "worker",
        text: element.querySelector(".message-text")?.textContent ?? "",
      })),
    );
  }

  /** From the first word on: asks for earlier messages until there are no more. */
  async allSaid(): Promise<readonly Said[]> {
    while ((await this.earlier.count()) > 0) await this.earlier.click();
    return await this.said();
  }

  get earlier(): Locator {
    return this.#named("earlier");
  }

  get log(): Locator {
    return this.column.locator("[data-log]");
  }

  async hears(text: string, timeoutMs = WORD_MAX_MS): Promise<void> {
    await waitFor(
      "the desk page to show the client's message",
      async () =>
        (await this.said()).some((one) => one.from === "client" && one.text === text) ? true : undefined,
      timeoutMs,
    );
  }

  /** Every message of the worker is marked as delivered, and there are so many. */
  async deliveredAre(count: number, timeoutMs = WORD_MAX_MS): Promise<void> {
    await waitFor(
      `${count} delivered messages`,
      async () => {
        const delivered = await this.column.locator('[data-test="message"][data-delivered="true"]').count();
        const underway = await this.column.locator('[data-test="message"][data-delivered="false"]').count();
        return delivered === count && underway === 0 ? true : undefined;
      },
      timeoutMs,
    );
  }

  /** Returns what the reply says, with its places filled. */
  async sendFirstReply(): Promise<string> {
    await this.#named("replies-open").click();
    await this.#named("reply").first().click();
    const words = await this.composer.inputValue();
    await this.#named("send").click();
    return words;
  }

  async sendFirstCard(): Promise<void> {
    await this.#named("cards-open").click();
    await this.#named("card").first().click();
  }

  /** What the worker would read to the client. */
  async safetyWords(): Promise<readonly string[]> {
    await this.#named("more").click();
    const words = await this.#named("safety-words").locator("li").allInnerTexts();
    await this.#named("more-close").click();
    return words;
  }

  /** With a wish to come back to this worker. */
  async giveReturnLink(): Promise<void> {
    await this.#named("more").click();
    await this.#named("return-link-wish").click();
  }

  async lineIs(line: "joined" | "client_away" | "reconnecting", timeoutMs = 30_000): Promise<void> {
    await this.column
      .and(this.column.page().locator(`[data-line="${line}"]`))
      .waitFor({ timeout: timeoutMs });
  }

  /** Asks the colleague of this alias to go on. */
  async handOver(alias: string, summary: string): Promise<void> {
    await this.#named("hand-over").click();
    await this.#named("hand-over-choice").filter({ hasText: alias }).locator("input").check();
    await this.#named("hand-over-summary").fill(summary);
    await this.#named("hand-over-ask").click();
  }

  async stageIs(stage: "asking_colleague" | "asking_client" | "moving", timeoutMs = 20_000): Promise<void> {
    await this.column
      .locator(`[data-test="hand-over-stage"][data-stage="${stage}"]`)
      .waitFor({ timeout: timeoutMs });
  }

  /** No hand-over is under way. */
  async stageIsOver(): Promise<void> {
    await this.#named("hand-over-stage").waitFor({ state: "detached" });
  }

  /** How it ended, as a code, with the words for it. */
  async endedAs(ended: string): Promise<string> {
    const element = this.column.locator(`[data-ended="${ended}"]`);
    await element.waitFor({ timeout: WORD_MAX_MS });
    return (await element.textContent()) ?? "";
  }

  /** What stands at the top of a consultation that a colleague handed over. */
  async takenOver(): Promise<{ readonly words: string; readonly summary: string }> {
    return {
      words: (await this.#named("taken-over").textContent()) ?? "",
      summary: (await this.#named("summary").locator(".message-text").textContent()) ?? "",
    };
  }

  get closedComposer(): Locator {
    return this.#named("write-to-client");
  }

  /** The mark beside the heading; its words are for screen readers, its figure for the eye. */
  async unreadAre(count: number): Promise<void> {
    await waitFor(`${count} unread`, async () => {
      const marks = await this.column.locator("header .desk-mark [aria-hidden]").allTextContents();
      return marks.join() === (count === 0 ? "" : String(count)) ? true : undefined;
    });
  }

  async end(): Promise<void> {
    await this.#named("end").click();
    await this.#named("end-confirm").click();
  }

  async forget(): Promise<void> {
    await this.#named("forget").click();
    await this.column.waitFor({ state: "detached" });
  }

  #named(name: string): Locator {
    return this.column.locator(`[data-test="${name}"]`);
  }
}

/** The place for colleagues. */
export class Whispers {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get field(): Locator {
    return this.#named("whisper-composer");
  }

  /** Opens the place if it is not open, and the thread with this colleague. */
  async writeTo(alias: string): Promise<void> {
    if ((await this.#named("whispers").count()) === 0) await this.#named("whispers-open").click();
    await this.#named("thread").filter({ hasText: alias }).click();
    await this.field.waitFor();
  }

  async say(text: string): Promise<void> {
    await this.field.fill(text);
    await this.#named("whisper").click();
  }

  async said(): Promise<readonly { readonly from: "me" | "colleague"; readonly text: string }[]> {
    return await this.#named("whisper-message").evaluateAll((elements) =>
      elements.map((element) => ({
        from: (element as HTMLElement).dataset.from as "me" | "colleague",
        text: element.querySelector(".message-text")?.textContent ?? "",
      })),
    );
  }

  async hears(text: string): Promise<void> {
    await waitFor("the desk page to show the colleague's whisper", async () =>
      (await this.said()).some((one) => one.from === "colleague" && one.text === text) ? true : undefined,
    );
  }

  async isDelivered(text: string): Promise<void> {
    await this.#page
      .locator('[data-test="whisper-message"][data-delivered="true"]')
      .filter({ has: this.#page.getByText(text, { exact: true }) })
      .waitFor();
  }

  async forget(): Promise<void> {
    await this.#named("whispers-forget").click();
    await this.#named("whisper-message").first().waitFor({ state: "detached" });
  }

  #named(name: string): Locator {
    return this.#page.locator(`[data-test="${name}"]`);
  }
}
