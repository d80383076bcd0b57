import { describe, expect, test } from "vitest";
import { issueLinkText, NOW } from "../protocol/testing.ts";
import { readPasted } from "./paste.ts";

const now = NOW * 1_000;
const fragment = `#${issueLinkText()}`;
const relay = "https://relay.example";
const good = { place: { relay, page: relay, isApart: true }, fragment };

describe("a link is found", () => {
  test.each([
    ["alone", `${relay}/${fragment}`],
    ["among words", `Here it is: ${relay}/${fragment}. Take care!`],
    ["between brackets", `<${relay}/${fragment}>`],
    ["behind what an app has appended", `${relay}/?fbclid=abc${fragment}`],
    ["with a capital letter from a keyboard", `Https://Relay.example/${fragment}`],
    ["broken over lines", ` ${relay}/${fragment.slice(0, 60)}\n  ${fragment.slice(60)}\n`],
    ["behind other addresses", `https://help.example/#top https://help.example\n${relay}/${fragment}`],
    [
      "broken over lines, behind another address",
      `Info: https://help.example\n${relay}/${fragment.slice(0, 60)}\n${fragment.slice(60)}`,
    ],
    ["with a mark of direction in it", `${relay}/${fragment.slice(0, 9)}\u200e${fragment.slice(9)}\u2069`],
  ])("%s", (_, text) => {
    expect(readPasted(text, now)).toEqual(good);
  });

  test("of an onion service, and of a relay with a port", () => {
    for (const origin of ["http://abcdefgh.onion", "https://relay.example:8443"]) {
      const place = { relay: origin, page: origin, isApart: true };
      expect(readPasted(`${origin}/${fragment}`, now)).toEqual({ place, fragment });
    }
  });
});

describe("what is not one is told apart", () => {
  test.each([
    ["nothing", " \n\t", "paste-empty"],
    ["words", "when are you there?", "paste-not-a-link"],
    ["an address without its secret", `${relay}/`, "paste-not-a-link"],
    ["the secret without its address", fragment, "paste-not-a-link"],
    ["another kind of address", `javascript:alert(1)//${fragment}`, "paste-not-a-link"],
    ["an address that is none", `https://relay example:x/${fragment}`, "paste-not-a-link"],
    ["too much", `${" ".repeat(10_000)}${relay}/${fragment}`, "paste-not-a-link"],
    ["a way that is not encrypted", `http://relay.example/${fragment}`, "paste-unencrypted"],
    ["a host that only sounds like Tor", `http://abc.onion.example/${fragment}`, "paste-unencrypted"],
    ["half of it", `${relay}/${fragment.slice(0, 120)}`, "link-damaged"],
    ["one that was copied wrongly", `${relay}/${fragment.slice(0, -1)}_`, "link-damaged"],
    ["other links", `${relay}/#section-2`, "link-damaged"],
  ])("%s", (_, text, problem) => {
    expect(readPasted(text, now)).toBe(problem);
  });

  test("one that holds no longer", () => {
    expect(readPasted(`${relay}/${fragment}`, now + 30 * 86_400_000)).toBe("link-expired");
  });
});
