// What is counted of a consultation that has ended: answers to choose from, and no word of anybody's. Pure.

import type { CodeGroup, Codes, Pack } from "./content.ts";

/** The groups that this page has words for. Another console may have more; those are shown by their names. */
export const KNOWN_GROUPS = [
  "need",
  "result",
  "referral",
  "kit",
  "emergency",
  "substance",
  "contact",
  "visit",
  "not_counselling",
  "age",
  "gender",
  "material",
  "shift",
] as const;

export const KNOWN_LABELS = [
  "minor_injection",
  "severe_injection",
  "overdose",
  "information",
  "psychological",
  "medical",
  "social",
  "legal",
  "harm_reduction",
  "testing",
  "solved",
  "partly",
  "not_solved",
  "treatment",
  "hospital_or_ambulance",
  "psychologist",
  "harm_reduction_site",
  "shelter",
  "naloxone",
  "syringes",
  "self_test",
  "condoms",
  "suicide_risk",
  "violence",
  "ambulance_called",
  "opioids",
  "stimulants",
  "cathinones",
  "cannabinoids",
  "depressants",
  "alcohol",
  "psychedelics",
  "unknown",
  "self",
  "relative_or_friend",
  "professional",
  "first",
  "again",
  "silent",
  "abusive",
  "thanks",
  "service_question",
  "under_18",
  "18_24",
  "25_34",
  "35_49",
  "50_up",
  "not_asked",
  "woman",
  "man",
  "other",
  "consultations",
  "hand_overs",
] as const;

/** Open from the beginning: most consultations need no more. */
export const OPEN_FROM_START = 3;

/** The console's questions, with the service's own choice of needs. */
export function groupsFor(coding: readonly CodeGroup[], pack: Pack | null): readonly CodeGroup[] {
  const needs = pack?.needs ?? [];
  return coding.map((it) => {
    const chosen = it.group === "need" ? needs.filter((need) => it.labels.includes(need)) : [];
    return chosen.length === 0 ? it : { ...it, labels: chosen };
  });
}

/** Pressed once it is an answer, pressed again it is none. */
export function toggled(codes: Codes, { group, many }: CodeGroup, label: string): Codes {
  const before = codes[group] ?? [];
  const without = before.filter((it) => it !== label);
  const after = before.includes(label) ? without : many ? [...before, label] : [label];
  const { [group]: _, ...others } = codes;
  return after.length === 0 ? others : { ...others, [group]: after };
}

export function isEmpty(codes: Codes): boolean {
  return Object.keys(codes).length === 0;
}
