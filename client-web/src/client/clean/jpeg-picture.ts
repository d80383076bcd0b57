// The frame, tables and scans of a JPEG. A table is copied when a scan uses it, so that no unused one carries bytes.

import { type Bytes, concat, equal, uint16 } from "../../protocol/bytes.ts";
import { CleanError, check } from "./errors.ts";
import { Input } from "./input.ts";
import { scanData } from "./jpeg-scan.ts";
import { segment } from "./jpeg-segment.ts";

const DHT = 0xc4;
const SOS = 0xda;
const DQT = 0xdb;
const DRI = 0xdd;
/** Baseline, extended and progressive, with Huffman codes: what browsers and phones write and show. */
const SOF_PROGRESSIVE = 0xc2;
const FRAMES = [0xc0, 0xc1, SOF_PROGRESSIVE];
const AC_CLASS = 0x10;

interface Component {
  readonly id: number;
  readonly quantisation: number;
  /** Decoders read the table at a component's first scan and never again. */
  isQuantised: boolean;
}

export class JpegPicture {
  readonly #parts: Bytes[] = [];
  /** By marker and name: as last read, and as last written. */
  readonly #tables = new Map<number, Uint8Array>();
  readonly #written = new Map<number, Uint8Array>();
  #components: readonly Component[] = [];
  #isProgressive = false;
  #interval = 0;
  #writtenInterval = 0;
  #scans = 0;

  segment(marker: number, body: Uint8Array): void {
    if (marker === DQT) this.#quantisation(new Input(body));
    else if (marker === DHT) this.#huffman(new Input(body));
    else if (marker === DRI) this.#restart(new Input(body));
    else if (FRAMES.includes(marker)) this.#frame(marker, body);
    else throw new CleanError(marker >= 0xc0 && marker <= 0xcf ? "unknown_kind" : "damaged");
  }

  #quantisation(input: Input): void {
    while (input.left > 0) {
      const head = input.uint8();
      check((head & 0x0f) <= 3 && head >> 4 <= 1);
      this.#tables.set(
        (DQT << 8) | (head & 0x0f),
        concat(Uint8Array.of(head), input.take(head >> 4 === 0 ? 64 : 128)),
      );
    }
  }

  #huffman(input: Input): void {
    while (input.left > 0) {
      const head = input.uint8();
      check((head & 0x0f) <= 3 && head >> 4 <= 1);
      const counts = input.take(16);
      const size = counts.reduce((sum, count) => sum + count, 0);
      check(size <= 256);
      this.#tables.set((DHT << 8) | head, concat(Uint8Array.of(head), counts, input.take(size)));
    }
  }

  #restart(input: Input): void {
    this.#interval = input.uint16();
    check(input.left === 0);
  }

  #frame(marker: number, body: Uint8Array): void {
    const input = new Input(body);
    const precision = input.uint8();
    const height = input.uint16();
    const width = input.uint16();
    const count = input.uint8();
    check(this.#components.length === 0 && width > 0 && height > 0 && count >= 1 && count <= 4);
    check(precision === 8 && input.left === 3 * count);
    this.#components = Array.from({ length: count }, () => {
      const id = input.uint8();
      const sampling = input.uint8();
      check(sampling >> 4 >= 1 && sampling >> 4 <= 4 && (sampling & 15) >= 1 && (sampling & 15) <= 4);
      return { id, quantisation: input.uint8(), isQuantised: false };
    });
    this.#isProgressive = marker === SOF_PROGRESSIVE;
    this.#parts.push(segment(marker, body));
  }

  /** Copies a scan's head, the tables that it uses, and its data, which follow in the input. */
  scan(body: Uint8Array, input: Input): void {
    const head = new Input(body);
    const count = head.uint8();
    check(count >= 1 && count <= 4 && head.left === 2 * count + 3);
    const chosen = Array.from({ length: count }, () => [head.uint8(), head.uint8()] as const);
    const [start, end, bits] = [head.uint8(), head.uint8(), head.uint8()];
    const isDc = start === 0;
    const isAc = this.#isProgressive ? start > 0 : true;
    check(!this.#isProgressive || (start <= end && end <= 63 && isDc === (end === 0)));
    const selectors = chosen.map(([id, tables]) => {
      const component = this.#components.find((one) => one.id === id);
      check(component !== undefined);
      this.#useQuantisation(component);
      const dc = isDc && bits >> 4 === 0 ? tables >> 4 : undefined;
      const ac = isAc ? tables & 15 : undefined;
      if (dc !== undefined) this.#use(DHT, dc);
      if (ac !== undefined) this.#use(DHT, AC_CLASS | ac);
      return [id, ((dc ?? 0) << 4) | (ac ?? 0)];
    });
    if (this.#interval !== this.#writtenInterval) this.#parts.push(segment(DRI, uint16(this.#interval)));
    this.#writtenInterval = this.#interval;
    const spectrum = this.#isProgressive ? [start, end, bits] : [0, 63, 0];
    this.#parts.push(segment(SOS, Uint8Array.of(count, ...selectors.flat(), ...spectrum)));
    this.#parts.push(scanData(input, this.#interval));
    this.#scans += 1;
  }

  #useQuantisation(component: Component): void {
    if (!component.isQuantised) this.#use(DQT, component.quantisation);
    component.isQuantised = true;
  }

  #use(marker: number, name: number): void {
    const key = (marker << 8) | name;
    const table = this.#tables.get(key);
    check(table !== undefined);
    const written = this.#written.get(key);
    if (written !== undefined && equal(written, table)) return;
    this.#parts.push(segment(marker, table));
    this.#written.set(key, table);
  }

  write(): readonly Bytes[] {
    check(this.#scans > 0);
    return this.#parts;
  }
}
