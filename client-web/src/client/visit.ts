// One visit, from a link to the end: joins the state machine to what happens in the world.

import type { Link } from "../protocol/link.ts";
import { type Cover, retryDelayMs } from "../protocol/pacer.ts";
import type { Survey } from "../protocol/record.ts";
import type { Language } from "../shared/text.ts";
import { Pulse } from "./clock.ts";
import { type Event, type State, type Status, step } from "./consultation.ts";
import { NEUTRAL_SITE } from "./exit.ts";
import { Later } from "./later.ts";
import { Meeting, type Met } from "./meeting.ts";
import { readLink } from "./read-link.ts";
import { Talk } from "./talk.ts";
import type { SubjectName } from "./triage.ts";
import type { World } from "./world.ts";

export class Visit {
  readonly #world: World;
  readonly #pulse: Pulse;
  #state: State = { status: "checking" };
  #exitSite = NEUTRAL_SITE;

  readonly #cardRetry: Later;
  #cardMissingSince: number | undefined;

  #link: Link | undefined;
  #reads: Language | undefined;
  #meeting: Meeting | undefined;
  #talk: Talk | undefined;

  constructor(world: World) {
    this.#world = world;
    this.#cardRetry = new Later(world, () => this.#lookUpService());
    this.#pulse = new Pulse(
      () => world.elapsedMilliseconds(),
      (hasSlept) => {
        if (this.#talk !== undefined) this.#talk.beat(hasSlept);
        else this.#meeting?.beat(hasSlept);
      },
    );
  }

  get status(): Status {
    return this.#state.status;
  }

  /** Where a quick exit leads. */
  get exitSite(): string {
    return this.#exitSite;
  }

  /** Takes the fragment of the address. */
  open(fragment: string): void {
    this.#world.show(this.#state);
    const link = readLink(fragment, this.#world.nowMilliseconds());
    if (typeof link === "string") {
      this.#tell({ type: "link-read", problem: link });
      return;
    }
    this.#link = link;
    this.#meeting = new Meeting(
      this.#world,
      link,
      (event) => this.#tell(event),
      (met) => this.#begin(met),
    );
    const { inApp } = this.#world;
    if (inApp === undefined) {
      this.#lookUpService();
      return;
    }
    // The app has seen it already, and its own "open in a browser" takes what stands there.
    this.#world.putInAddressBar(fragment);
    this.#tell({ type: "in-app", ...inApp });
  }

  /** In spite of the app whose browser this is. */
  stayInApp(): void {
    if (this.#state.status !== "in-app") return;
    this.#world.putInAddressBar("");
    this.#tell({ type: "in-app-accepted" });
    this.#lookUpService();
  }

  pick(subject: SubjectName): void {
    this.#tell({ type: "subject-picked", subject });
  }

  start(language: Language): void {
    if (this.#tell({ type: "started" }) !== "waiting" || this.#state.status !== "waiting") return;
    this.#meeting?.start({ language, subject: this.#state.subject });
    this.#pulse.start();
  }

  /** Back to the welcome, from a state before the conversation. */
  leave(): void {
    if (this.#talk !== undefined) return;
    this.#pulse.stop();
    this.#meeting?.stop();
    this.#tell({ type: "left" });
  }

  tryNow(): void {
    if (this.#state.status === "waiting") this.#meeting?.tryNow();
    else if (this.#state.status === "unreachable") this.#lookUpService();
  }

  /** What the service gives to read in this language. */
  async read(language: Language): Promise<void> {
    const link = this.#link;
    if (link === undefined) return;
    this.#tell({ type: "reading", reading: { language, stage: "fetching" } });
    this.#reads = language;
    const reading = await this.#world.fetchLeaflets(link.authority, language);
    // The person may have gone on to a conversation, or asked in another language.
    if (this.#link === link && this.#reads === language) this.#tell({ type: "reading", reading });
  }

  comeOnline(): void {
    if (this.#talk !== undefined) this.#talk.comeOnline();
    else if (this.#state.status === "unreachable") this.tryNow();
    else this.#meeting?.comeOnline();
  }

  goOffline(): void {
    if (this.#talk !== undefined) this.#talk.goOffline();
    else this.#meeting?.goOffline();
  }

  /** The page came into view, or goes on after it was frozen. */
  wake(): void {
    this.#pulse.beat();
  }

  say(text: string): boolean {
    return this.#talk?.say(text) === true;
  }

  chooseFile(file: Blob): void {
    this.#talk?.chooseFile(file);
  }

  offerFile(): void {
    this.#talk?.offerFile();
  }

  dropFile(): void {
    this.#talk?.dropFile();
  }

  askVoice(): void {
    this.#talk?.askVoice();
  }

  startVoice(): void {
    this.#talk?.voice.start();
  }

  stopVoice(): void {
    this.#talk?.voice.stop();
  }

  listenVoice(): void {
    this.#talk?.voice.listen();
  }

  dropVoice(): void {
    this.#talk?.voice.drop();
  }

  offerVoice(): void {
    this.#talk?.offerVoice();
  }

  answerHandOver(agrees: boolean): void {
    this.#talk?.answerHandOver(agrees);
  }

  choose(cover: Cover): void {
    this.#talk?.choose(cover);
  }

  declineEnd(): void {
    this.#talk?.declineEnd();
  }

  askEnd(): void {
    this.#tell({ type: "end-asked" });
  }

  cancelEnd(): void {
    this.#tell({ type: "end-cancelled" });
  }

  answerSurvey(survey: Survey): void {
    this.#talk?.answerSurvey(survey);
  }

  end(): void {
    this.#talk?.end();
  }

  /** A quick exit: link, keys and words go, and nobody is told. What is left is a visit that never had a link. */
  exit(): void {
    this.#world.hush();
    this.#state = { status: "no-link" };
    this.#forget();
  }

  /** The tab is closing or going elsewhere: nothing may be there when somebody presses Back. */
  abandon(): void {
    this.end();
    this.leave();
    this.#forget();
  }

  async #lookUpService(): Promise<void> {
    const link = this.#link;
    if (link === undefined) return;
    this.#cardRetry.cancel();
    const outcome = await this.#world.fetchCard(link.authority);
    if ("card" in outcome) {
      this.#exitSite = outcome.card.exit ?? NEUTRAL_SITE;
      this.#tell({ type: "card-opened", card: outcome.card, isDoor: link.kind === "door" });
      return;
    }
    if (outcome.problem !== "unreachable") {
      this.#tell({ type: "card-missing", problem: outcome.problem });
      return;
    }
    if (this.#tell({ type: "unreachable", isApart: this.#world.isApart }) !== "unreachable") return;
    this.#cardRetry.cancel();
    const now = this.#world.elapsedMilliseconds();
    this.#cardMissingSince ??= now;
    const delay = retryDelayMs(now - this.#cardMissingSince, this.#world.chance());
    this.#cardRetry.in(delay);
  }

  /** The link is used up: from here on there is only the conversation. */
  #begin(met: Met): void {
    this.#forgetLink();
    this.#talk = new Talk(
      this.#world,
      met,
      (event) => this.#tell(event),
      () => this.#forget(),
    );
  }

  #forgetLink(): void {
    this.#cardRetry.cancel();
    this.#meeting?.wipe();
    this.#meeting = undefined;
    this.#link = undefined;
  }

  /** Keys, link and socket: after this the visit can do nothing more. */
  #forget(): void {
    this.#pulse.stop();
    this.#forgetLink();
    this.#talk?.wipe();
    this.#talk = undefined;
    this.#tell({ type: "wiped" });
  }

  #tell(event: Event): Status {
    const next = step(this.#state, event);
    if (next !== this.#state) {
      this.#state = next;
      this.#world.show(next);
      if (isFinal(next)) this.#forget();
    }
    return next.status;
  }
}

/** States before a conversation from which nothing leads on. The one after it says itself when it is over. */
function isFinal(state: State): boolean {
  switch (state.status) {
    case "no-link":
    case "link-damaged":
    case "link-unsupported":
    case "link-expired":
    case "service-unknown":
    case "service-unproven":
      return true;
    case "refused":
      return state.again === undefined;
    default:
      return false;
  }
}
