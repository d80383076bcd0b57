import { expect, test } from "vitest";
import { linkExpiresAt, parseLink } from "../protocol/link.ts";
import { issueLinkText } from "../protocol/testing.ts";
import { returnLink } from "./return-link.ts";

test("leads to this page's own address, and holds as long as the link says", () => {
  const text = issueLinkText({ channel: 7 });
  const { address, expiresAt } = returnLink(text, "https://here.example");
  expect(address).toBe(`https://here.example/#${text}`);
  expect(expiresAt.getTime()).toBe(linkExpiresAt(parseLink(text)) * 1_000);
});
