// The forms in which a word may lie in bytes.

export interface Needle {
  readonly name: string;
  readonly bytes: Buffer;
}

/** UTF-8, UTF-16 in both orders, hex, percent, JSON escapes, and base64 at each of its three alignments. */
export function needlesOf(word: string): readonly Needle[] {
  const utf8 = Buffer.from(word);
  const utf16 = Buffer.from(word, "utf16le");
  const hex = utf8.toString("hex");
  const json = word.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const needle = (name: string, text: string) => ({ name: `${word} as ${name}`, bytes: Buffer.from(text) });
  return [
    needle("UTF-8 encoded twice", utf8.toString("latin1")),
    { name: `${word} as UTF-8`, bytes: utf8 },
    { name: `${word} as UTF-16LE`, bytes: utf16 },
    { name: `${word} as UTF-16BE`, bytes: Buffer.from(utf16).swap16() },
    needle("hex", hex),
    needle("HEX", hex.toUpperCase()),
    needle("percent", encodeURIComponent(word)),
    needle("JSON", json),
    ...[0, 1, 2].flatMap((shift) => [
      needle("base64", base64At(utf8, shift, "base64")),
      needle("base64url", base64At(utf8, shift, "base64url")),
    ]),
  ];
}

/** The characters that do not depend on what stands around the word. */
function base64At(bytes: Buffer, shift: number, alphabet: "base64" | "base64url"): string {
  const text = Buffer.concat([Buffer.alloc(shift), bytes])
    .toString(alphabet)
    .replace(/=+$/, "");
  const whole = Math.floor(((shift + bytes.length) * 8) / 6);
  return text.slice(Math.ceil((shift * 8) / 6), whole);
}
