// What is counted of a consultation that has ended: answers to choose from, and no word of anybody's. Pure.

import type { CodeGroup, Codes, Pack } from "./content.ts";

/** Open from the beginning: most consultations need no more. */
export const OPEN_FROM_START = 3;
/** More answers to one question would need more noise on every sum: docs/indicators.md. */
export const LABELS_MAX = 3;

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
  const more = many ? [...before, label].slice(0, LABELS_MAX) : [label];
  const after = before.includes(label) ? without : more;
  const { [group]: _, ...others } = codes;
  return after.length === 0 ? others : { ...others, [group]: after };
}

/** Whether nothing more is taken until an answer is taken back. */
export function isFull(codes: Codes, { group, many }: CodeGroup): boolean {
  return many && (codes[group]?.length ?? 0) >= LABELS_MAX;
}

export function isEmpty(codes: Codes): boolean {
  return Object.keys(codes).length === 0;
}
