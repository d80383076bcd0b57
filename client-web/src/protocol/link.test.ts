import { describe, expect, it } from "vitest";
import { concat, fromHex, toBase64url, toHex } from "./bytes.ts";
import { LinkError, linkChecksum, linkExpiresAt, parseLink, token } from "./link.ts";
import { AUTHORITY, damaged, EPOCH, issueLink, issueLinkText } from "./testing.ts";

function codeOf(text: string): string {
  try {
    parseLink(text);
  } catch (error) {
    return error instanceof LinkError ? error.code : String(error);
  }
  return "accepted";
}

const ANNOTATED = [
  "01", // kind: one-time
  "173d", // epoch 5949
  "05a0", // expiry: 1,440 minutes, a day
  "000102030405060708090a0b0c0d0e0f", // link_id
  "06", // channel: card or poster
  "11".repeat(32), // psk
  "22".repeat(32), // authority
  "33".repeat(64), // token_signature
].join("");

describe("a link", () => {
  it("is read field by field", () => {
    const body = fromHex(ANNOTATED);
    const text = toBase64url(concat(body, linkChecksum(body)));
    expect(text).toHaveLength(204);
    const link = parseLink(text);
    expect(link).toEqual({
      kind: "one_time",
      epoch: 5949,
      expiry: 1440,
      linkId: fromHex("000102030405060708090a0b0c0d0e0f"),
      channel: 6,
      psk: fromHex("11".repeat(32)),
      authority: fromHex("22".repeat(32)),
      tokenSignature: fromHex("33".repeat(64)),
    });
    expect(linkExpiresAt(link)).toBe(5949 * 302_400 + 86_400);
    expect(toHex(token(link))).toBe(`01173d05a0000102030405060708090a0b0c0d0e0f${"33".repeat(64)}`);
  });

  it("is taken with or without its #", () => {
    expect(parseLink(`#${issueLinkText()}`)).toEqual(parseLink(issueLinkText()));
    expect(parseLink(issueLinkText()).authority).toEqual(AUTHORITY);
    expect(parseLink(issueLinkText()).epoch).toBe(EPOCH);
    expect(codeOf(`##${issueLinkText()}`)).toBe("damaged");
  });

  it("is refused with any byte damaged", () => {
    for (const { at, bytes } of damaged(issueLink())) {
      expect(codeOf(toBase64url(bytes)), `byte ${at}`).toBe("damaged");
    }
  });

  it("is refused cut, lengthened, in another case, padded, or empty", () => {
    const text = issueLinkText();
    const texts = ["", "#", text.slice(1), text.slice(0, -1), `${text}A`, `${text}=`, ` ${text}`];
    for (const damagedText of [...texts, text.toLowerCase(), text.toUpperCase()]) {
      expect(codeOf(damagedText)).toBe("damaged");
    }
  });

  it("of another kind is unsupported, not damaged", () => {
    expect(codeOf(toBase64url(issueLink({ kind: 3 })))).toBe("unsupported");
    expect(codeOf(toBase64url(issueLink({ kind: 0 })))).toBe("unsupported");
  });

  it("holds for 1 to 10,080 minutes", () => {
    expect(codeOf(issueLinkText({ expiry: 1 }))).toBe("accepted");
    expect(codeOf(issueLinkText({ expiry: 10_080 }))).toBe("accepted");
    expect(codeOf(issueLinkText({ expiry: 0 }))).toBe("damaged");
    expect(codeOf(issueLinkText({ expiry: 10_081 }))).toBe("damaged");
  });

  it("that is a door holds for 1 to 17,520 hours", () => {
    const door = parseLink(issueLinkText({ kind: 2, expiry: 17_520 }));
    expect(door.kind).toBe("door");
    expect(linkExpiresAt(door)).toBe(EPOCH * 302_400 + 17_520 * 3600);
    expect(token(door)[0]).toBe(2);
    expect(codeOf(issueLinkText({ kind: 2, expiry: 0 }))).toBe("damaged");
    expect(codeOf(issueLinkText({ kind: 2, expiry: 17_521 }))).toBe("damaged");
  });

  it("from a channel of a later version says nothing of it", () => {
    expect(parseLink(issueLinkText({ channel: 6 })).channel).toBe(6);
    expect(parseLink(issueLinkText({ channel: 7 })).channel).toBe(7);
    expect(parseLink(issueLinkText({ channel: 8 })).channel).toBe(0);
    expect(parseLink(issueLinkText({ channel: 255 })).channel).toBe(0);
  });
});
