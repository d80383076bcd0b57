// What a person may choose before pressing Start, in the order of the page.

import type { SUBJECT } from "../protocol/triage.ts";

export type SubjectName = keyof typeof SUBJECT;

/** Danger first, for nobody should search for it; "rather not say" last, and chosen from the start. */
export const subjects: readonly SubjectName[] = [
  "overdose",
  "saferUse",
  "health",
  "infections",
  "treatment",
  "feelings",
  "law",
  "somebodyClose",
  "other",
  "notSaid",
];
