// Which record about a file may be said when, and what crossed a decision on its way. Mirrors docs/protocol.md
// section 10 ("files").

import { SessionError } from "./errors.ts";
import { FILE_PART_BYTES, type FileOffer, paddedSize } from "./file.ts";
import type { ConsultationRecord, FileReply } from "./record.ts";

export type FileRecord = Extract<
  ConsultationRecord,
  { readonly type: "file_offer" | "file_reply" | "file_part" | "file_withdrawn" }
>;
/** `means_nothing`: it crossed what made it void. */
export type Verdict = "taken" | "means_nothing" | "wrong";

/** The client's file that a session is about, at either end. One at a time is open. */
export class Files {
  #newest = 0;
  #open: FileOffer | undefined;
  /** It may come. */
  #isMoving = false;
  /** At the worker: so many bytes have come. At the client: all of it is the session's to send. */
  #moved = 0;

  /** Both ends know that it may come, and neither waits for slots. */
  get isMoving(): boolean {
    return this.#isMoving;
  }

  /** Throws a SessionError unless this file, of this length, may be sent now. */
  send(file: number, size: number): void {
    const isDue = this.#isMoving && this.#moved === 0 && this.#open?.file === file;
    if (!isDue || this.#open?.size !== size) throw new SessionError("out_of_turn");
    this.#moved = size;
  }

  /** Takes the step, said or heard, if it may be taken. */
  take(record: FileRecord): Verdict {
    if (record.type === "file_offer") return this.#offered(record);
    if (record.file === 0 || record.file > this.#newest) return "wrong";
    const isOpen = this.#open?.file === record.file;
    switch (record.type) {
      case "file_reply":
        return isOpen ? this.#replied(record.reply) : "means_nothing";
      case "file_part":
        if (isOpen) return this.#came(record.data);
        return this.#open === undefined && record.file === this.#newest ? "means_nothing" : "wrong";
      case "file_withdrawn":
        if (record.file !== this.#newest) return "wrong";
        this.#close();
        return isOpen ? "taken" : "means_nothing";
    }
  }

  #offered({ file, kind, size }: FileOffer): Verdict {
    if (this.#open !== undefined || file !== this.#newest + 1) return "wrong";
    this.#newest = file;
    this.#open = { file, kind, size };
    this.#moved = 0;
    return "taken";
  }

  #replied(reply: FileReply): Verdict {
    if (reply === "refused") {
      this.#close();
      return "taken";
    }
    if (reply === "send") {
      if (this.#isMoving || this.#moved > 0) return "wrong";
      this.#isMoving = true;
      return "taken";
    }
    if (this.#moved === 0) return "wrong";
    this.#close();
    return "taken";
  }

  #came(data: Uint8Array): Verdict {
    if (this.#open === undefined || !this.#isMoving) return "wrong";
    const whole = paddedSize(this.#open.size);
    const padding = data.subarray(Math.max(this.#open.size - this.#moved, 0));
    const isPadding = padding.every((byte) => byte === 0);
    if (data.length !== Math.min(whole - this.#moved, FILE_PART_BYTES) || !isPadding) return "wrong";
    this.#moved += data.length;
    if (this.#moved === whole) this.#isMoving = false;
    return "taken";
  }

  #close(): void {
    this.#open = undefined;
    this.#isMoving = false;
  }
}
