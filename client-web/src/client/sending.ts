// One file at a time, from its choice to the advisor: cleaned by the page, shown to the person, offered, sent. What
// crosses the wire is the conversation's, which may become one with another worker on the way.

import { wipe } from "../protocol/bytes.ts";
import type { FileReply } from "../protocol/record.ts";
import type { Event } from "./consultation.ts";
import type { Conversation } from "./conversation.ts";
import type { Cleaned, CleanOutcome, FileUnderWay, Sendable } from "./file.ts";

/** So seldom is a screen reader told. */
const PERCENT_STEP = 10;

export class Sending {
  readonly #clean: (file: Blob) => Promise<CleanOutcome>;
  readonly #tell: (event: Event) => unknown;
  /** Waits for the person to say that it goes. */
  #chosen: Cleaned | undefined;
  /** The how-manieth choice: what was dropped meanwhile, or took another's place, is not shown any more. */
  #choice = 0;
  #percentTold = 0;

  constructor(clean: (file: Blob) => Promise<CleanOutcome>, tell: (event: Event) => unknown) {
    this.#clean = clean;
    this.#tell = tell;
  }

  /** Nobody but the person hears of it yet. */
  async choose(file: Blob): Promise<void> {
    this.forget();
    const choice = this.#choice;
    this.#tell({ type: "file-chosen" });
    const outcome = await this.#clean(file);
    if (this.#choice !== choice) {
      if ("cleaned" in outcome) wipe(outcome.cleaned.bytes);
      return;
    }
    if ("problem" in outcome) {
      this.#tell({ type: "file-problem", why: outcome.problem });
      return;
    }
    this.#chosen = outcome.cleaned;
    const { kind, bytes, removed } = outcome.cleaned;
    this.#tell({ type: "file-cleaned", kind, size: bytes.length, removed });
  }

  /** The advisor is asked, if there is room for the question. */
  offer(conversation: Conversation, takeId: () => number): void {
    const chosen = this.#chosen;
    if (chosen !== undefined && this.offerThis(chosen, conversation, takeId)) this.#chosen = undefined;
  }

  /** Says whether there was room; then the content is the conversation's. */
  offerThis(content: Sendable, conversation: Conversation, takeId: () => number): boolean {
    const id = takeId();
    const { kind } = content;
    const size = content.bytes.length;
    if (!conversation.offerFile(id, content)) return false;
    this.#percentTold = 0;
    this.#tell({ type: "file-offered", id, kind, size });
    return true;
  }

  /** What was chosen is not offered. */
  drop(): void {
    this.forget();
    this.#tell({ type: "file-dropped" });
  }

  /** What was offered does not go, or not to its end. */
  withdrawn({ id }: FileUnderWay): void {
    this.#tell({ type: "file-went", id, stage: "withdrawn", percent: 0 });
  }

  /** About the file that is open: the session has dropped what crossed a withdrawal. */
  hear(reply: FileReply, conversation: Conversation): void {
    const { file } = conversation;
    if (file === undefined) return;
    if (reply === "send") {
      conversation.sendFile();
      this.#tell({ type: "file-went", id: file.id, stage: "moving", percent: 0 });
      return;
    }
    conversation.forgetFile();
    const percent = reply === "received" ? 100 : 0;
    this.#tell({ type: "file-went", id: file.id, stage: reply, percent });
  }

  /** To whomever the person talks with now, if there was room for the question. */
  offeredAnew(before: FileUnderWay | undefined, conversation: Conversation): void {
    if (before === undefined) return;
    this.#percentTold = 0;
    const stage = conversation.file === undefined ? "withdrawn" : "offered";
    this.#tell({ type: "file-went", id: before.id, stage, percent: 0 });
  }

  /** Cells have arrived. */
  progress({ file, isMovingFile, fileShare }: Conversation): void {
    const percent = Math.floor((fileShare * 100) / PERCENT_STEP) * PERCENT_STEP;
    if (file === undefined || !isMovingFile || percent === this.#percentTold) return;
    this.#percentTold = percent;
    this.#tell({ type: "file-went", id: file.id, stage: "moving", percent });
  }

  /** What was chosen; the conversation forgets what it offered itself. */
  forget(): void {
    if (this.#chosen !== undefined) wipe(this.#chosen.bytes);
    this.#chosen = undefined;
    this.#choice += 1;
  }
}
