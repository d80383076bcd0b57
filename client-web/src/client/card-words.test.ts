import { expect, test } from "vitest";
import { cardWords } from "./card-words.ts";

test("a copied card reads well where no markup is known", () => {
  const body = "First this.\n\n## Look\n- red\n- warm\n\nThen https://example.org/a";
  expect(cardWords({ kind: "checklist", title: "Abscess", body })).toBe(
    "Abscess\n\nFirst this.\n\nLook\n\n• red\n• warm\n\nThen https://example.org/a",
  );
});
