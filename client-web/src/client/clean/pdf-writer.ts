// Writes a PDF of numbered objects, the same bytes for the same objects.

import { type Bytes, concat } from "../../protocol/bytes.ts";
import { deflate } from "./deflate.ts";
import { fromLatin1 } from "./input.ts";
import { type Dict, Name, Ref, type Value, write } from "./pdf-values.ts";

/** The second line tells programs that this is no text. */
const HEAD = "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n";

export class PdfWriter {
  readonly #parts: Uint8Array[] = [fromLatin1(HEAD)];
  readonly #places: number[] = [];
  #length = HEAD.length;
  #count = 0;

  /** For an object that is written later. */
  number(): number {
    this.#count += 1;
    return this.#count;
  }

  object(number: number, value: Value): void {
    this.#write(number, fromLatin1(write(value)));
  }

  async stream(number: number, dict: Dict, bytes: Uint8Array): Promise<void> {
    const filter = ["Filter", new Name("FlateDecode")] as const;
    this.packed(number, new Map([...dict, filter]), await deflate(new Uint8Array(bytes)));
  }

  packed(number: number, dict: Dict, bytes: Uint8Array): void {
    const head = write(new Map([...dict, ["Length", bytes.length]]));
    this.#write(number, fromLatin1(`${head}\nstream\n`), bytes, fromLatin1("\nendstream"));
  }

  #write(number: number, ...body: readonly Uint8Array[]): void {
    this.#places[number] = this.#length;
    for (const part of [fromLatin1(`${number} 0 obj\n`), ...body, fromLatin1("\nendobj\n")]) {
      this.#parts.push(part);
      this.#length += part.length;
    }
  }

  finish(root: number): Bytes {
    const size = this.#count + 1;
    const rows = Array.from({ length: this.#count }, (_, i) => row(this.#places[i + 1] ?? 0, "00000 n"));
    const trailer = write(
      new Map<string, Value>([
        ["Size", size],
        ["Root", new Ref(root)],
      ]),
    );
    const tail = `xref\n0 ${size}\n${row(0, "65535 f")}${rows.join("")}trailer\n${trailer}\nstartxref\n${this.#length}\n%%EOF\n`;
    return concat(...this.#parts, fromLatin1(tail));
  }
}

function row(at: number, rest: string): string {
  return `${String(at).padStart(10, "0")} ${rest} \n`;
}
