import { describe, expect, it } from "vitest";
import {
  fits,
  roomIn,
  SUMMARY_BYTES_MAX,
  TEXT_BYTES_MAX,
  textToSend,
  WHISPER_BYTES_MAX,
  wellFormed,
} from "./draft.ts";
import { encodePageMessage } from "./messages.ts";

describe("a text to send", () => {
  it.each([TEXT_BYTES_MAX, WHISPER_BYTES_MAX, SUMMARY_BYTES_MAX])(
    "may have %i bytes of UTF-8 and no more",
    (most) => {
      expect(fits("a".repeat(most), most)).toBe(true);
      expect(fits("a".repeat(most + 1), most)).toBe(false);
      expect(fits("я".repeat(most / 2), most)).toBe(true);
      expect(fits("я".repeat(most / 2 + 1), most)).toBe(false);
    },
  );

  it("fits into a message of 262,144 bytes, even when every character is escaped", () => {
    const text = "\u0001".repeat(TEXT_BYTES_MAX);
    expect(fits(text, TEXT_BYTES_MAX)).toBe(true);
    const message = encodePageMessage({ type: "send", consultation: Number.MAX_SAFE_INTEGER, text });
    expect(message.length).toBeLessThanOrEqual(262_144);
  });

  it("loses half surrogate pairs and the empty lines around it, and nothing else", () => {
    expect(wellFormed("a\ud83d")).toBe("a\ufffd");
    expect(wellFormed("\ufeff😀 я ع")).toBe("\ufeff😀 я ع");
    expect(textToSend("\n a\n\nb \n")).toBe("a\n\nb");
  });
});

describe("the room for a text", () => {
  it("is told in characters like those already written", () => {
    expect(roomIn("я".repeat(900), 2_000)).toEqual({ characters: 100, isScarce: true });
    expect(roomIn("a".repeat(1_900), 2_000)).toEqual({ characters: 100, isScarce: true });
    expect(roomIn("", 2_000)).toEqual({ characters: 2_000, isScarce: false });
    expect(roomIn("я".repeat(800), 2_000).isScarce).toBe(false);
  });

  it("is less than none exactly when the text does not fit", () => {
    for (const letter of ["a", "я", "ع", "€", "😀"]) {
      const most = Math.floor(SUMMARY_BYTES_MAX / new TextEncoder().encode(letter).length);
      expect(roomIn(letter.repeat(most), SUMMARY_BYTES_MAX).characters).toBeGreaterThanOrEqual(0);
      expect(roomIn(letter.repeat(most + 1), SUMMARY_BYTES_MAX).characters).toBeLessThan(0);
    }
  });
});
