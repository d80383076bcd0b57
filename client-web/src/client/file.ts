// A photograph or a document that the person would like to send: what of it the page needs to know. Cleaning is in
// a script of its own (clean/), which is fetched when a file is chosen, and not before.

import type { Bytes } from "../protocol/bytes.ts";
import type { FileKind } from "../protocol/file.ts";
import type { CleanErrorCode, Cleaned, Removed } from "./clean/clean.ts";

export type { Cleaned, Removed } from "./clean/clean.ts";

/** `script_missing`: what cleans could not be fetched. `unreadable`: the device did not give the file. */
export type FileProblem = CleanErrorCode | "script_missing" | "unreadable";

export type CleanOutcome = { readonly cleaned: Cleaned } | { readonly problem: FileProblem };

/** Chosen, and not yet offered to the advisor. */
export type FileAsked =
  | { readonly stage: "cleaning" }
  | {
      readonly stage: "clean";
      readonly kind: FileKind;
      readonly size: number;
      readonly removed: readonly Removed[];
    }
  | { readonly stage: "problem"; readonly why: FileProblem };

/** Without anything that tells more than its content. */
export interface Sendable {
  readonly kind: FileKind;
  readonly bytes: Bytes;
}

export type FileStage = "offered" | "moving" | "received" | "refused" | "withdrawn";

/** On its way to the advisor, in the session that there is now. */
export interface FileUnderWay {
  /** The page's own number for it. */
  readonly id: number;
  readonly kind: FileKind;
  readonly content: Bytes;
  /** The session's. */
  readonly file: number;
}
