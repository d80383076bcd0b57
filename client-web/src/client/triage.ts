// What a person may choose before pressing Start, in the order of the page.

import type { ServiceCard } from "../protocol/card.ts";
import { SUBJECT } from "../protocol/triage.ts";

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

/** What this service offers. Nobody has to say what it is about. */
export function subjectsOf({ subjects: chosen }: ServiceCard): readonly SubjectName[] {
  if (chosen === undefined) return subjects;
  return [...chosen.flatMap((subject) => subjects.filter((name) => SUBJECT[name] === subject)), "notSaid"];
}
