// Texts that break chats: each must arrive as it was written and be shown as text.

export interface HardText {
  readonly name: string;
  readonly text: string;
  /** A piece that occurs nowhere else on the pages. */
  readonly trace: string;
}

export const hardTexts: readonly HardText[] = [
  {
    name: "Arabic with Latin drug names",
    text: "أخذت حبتين Tramadol 100 mg ثم Lyrica (pregabalin)، فهل هذا خطر؟ — 50/50",
    trace: "pregabalin",
  },
  {
    name: "Ukrainian and Russian letters, quotes and lines",
    text: "Ґанок, їжак, ’ъы’\n\n  «как быть?»\n\tтихо",
    trace: "їжак",
  },
  {
    name: "emoji of several characters",
    text: "👩🏽‍🔬 👨‍👩‍👧‍👦 🏳️‍🌈 🇺🇦 ❤️‍🩹 e\u0301\u0323 emojitrace",
    trace: "👩🏽‍🔬",
  },
  {
    name: "markup",
    text: `<img src=x onerror=alert(1)><script>alert(2)</script><b>markuptrace</b> &amp; {{x}} \${y} </textarea><svg onload=alert(3)>`,
    trace: "markuptrace",
  },
  {
    name: "bidirectional controls and characters without width",
    text: "bidi\u202Etrace\u202C \u2066isolated\u2069 \u200Fright\u200E zero\u200Bwidth\u2060joined \uFEFFend",
    trace: "bidi\u202Etrace",
  },
  // Two cells: in steady cover each takes a slot. desk.test.ts has the longest text.
  { name: "more characters of four bytes than a cell holds", text: `${"🫀".repeat(299)}🧭`, trace: "🫀🫀🧭" },
];
