// The frame, tables and scans of a JPEG. A table is copied when a scan uses it, so that no unused one carries bytes.

import { type Bytes, concat, equal, uint16 } from "../../protocol/bytes.ts";
import { CleanError, check } from "./errors.ts";
import { Input } from "./input.ts";
import { type Codes, codesOf } from "./jpeg-bits.ts";
import { type Grid, scanData } from "./jpeg-scan.ts";
import { segment } from "./jpeg-segment.ts";
import type { Report } from "./removed.ts";

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
  readonly across: number;
  readonly down: number;
  /** Decoders read the table at a component's first scan and never again. */
  isQuantised: boolean;
  isScanned: boolean;
}

/** Only of a progressive picture must be known where its values are. They take 64 bytes a block. */
const VALUES_MAX_BYTES = 128 * 1024 * 1024;

export class JpegPicture {
  readonly #report: Report;
  readonly #parts: Bytes[] = [];
  /** By marker and name: as last read, and as last written. */
  readonly #tables = new Map<number, Uint8Array>();
  readonly #written = new Map<number, Uint8Array>();
  readonly #grids = new Map<Component, Grid>();
  #components: readonly Component[] = [];
  #unitsAcross = 0;
  #unitsDown = 0;
  #isProgressive = false;
  #interval = 0;
  #writtenInterval = 0;
  #scans = 0;

  constructor(report: Report) {
    this.#report = report;
  }

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
    this.#components = Array.from({ length: count }, () => componentOf(input));
    this.#isProgressive = marker === SOF_PROGRESSIVE;
    this.#measure(width, height);
    this.#parts.push(segment(marker, body));
  }

  #measure(width: number, height: number): void {
    const acrossMax = Math.max(...this.#components.map((component) => component.across));
    const downMax = Math.max(...this.#components.map((component) => component.down));
    this.#unitsAcross = Math.ceil(width / (8 * acrossMax));
    this.#unitsDown = Math.ceil(height / (8 * downMax));
    let size = 0;
    for (const component of this.#components) {
      const stride = this.#unitsAcross * component.across;
      const own = this.#isProgressive ? 64 * stride * this.#unitsDown * component.down : 0;
      size += own;
      if (size > VALUES_MAX_BYTES) throw new CleanError("too_large");
      this.#grids.set(component, {
        across: Math.ceil(Math.ceil((width * component.across) / acrossMax) / 8),
        down: Math.ceil(Math.ceil((height * component.down) / downMax) / 8),
        unitAcross: component.across,
        unitDown: component.down,
        stride,
        values: new Uint8Array(own),
      });
    }
  }

  /** Copies a scan's head, the tables that it uses, and its data, which follow in the input. */
  scan(body: Uint8Array, input: Input): void {
    const head = new Input(body);
    const count = head.uint8();
    check(count >= 1 && count <= 4 && head.left === 2 * count + 3);
    const chosen = Array.from({ length: count }, () => [head.uint8(), head.uint8()] as const);
    const [start, end, bits] = [head.uint8(), head.uint8(), head.uint8()];
    check(!this.#isProgressive || (start <= end && end <= 63 && (start === 0) === (end === 0)));
    check(!this.#isProgressive || start === 0 || count === 1);
    const spectrum = this.#isProgressive ? [start, end, bits] : [0, 63, 0];
    const isFiner = this.#isProgressive && bits >> 4 > 0;
    const used = chosen.map(([id, tables]) => {
      const component = this.#components.find((one) => one.id === id);
      const grid = component && this.#grids.get(component);
      check(component !== undefined && grid !== undefined && (this.#isProgressive || !component.isScanned));
      component.isScanned = true;
      this.#useQuantisation(component);
      const dc = spectrum[0] === 0 && !isFiner ? tables >> 4 : undefined;
      const ac = !this.#isProgressive || start > 0 ? tables & 15 : undefined;
      const selector = ((dc ?? 0) << 4) | (ac ?? 0);
      return { grid, codes: { dc: this.#codes(dc), ac: this.#codes(ac, AC_CLASS) }, head: [id, selector] };
    });
    if (this.#interval !== this.#writtenInterval) this.#parts.push(segment(DRI, uint16(this.#interval)));
    this.#writtenInterval = this.#interval;
    this.#parts.push(segment(SOS, Uint8Array.of(count, ...used.flatMap((one) => one.head), ...spectrum)));
    const scan = {
      components: used,
      isProgressive: this.#isProgressive,
      start: spectrum[0] ?? 0,
      end: spectrum[1] ?? 0,
      isFiner,
      unitsAcross: this.#unitsAcross,
      unitsDown: this.#unitsDown,
      interval: this.#interval,
    };
    this.#parts.push(scanData(input, scan, this.#report));
    this.#scans += 1;
  }

  #codes(name: number | undefined, of = 0): Codes | undefined {
    return name === undefined ? undefined : codesOf(this.#use(DHT, of | name).subarray(1));
  }

  #useQuantisation(component: Component): void {
    if (!component.isQuantised) this.#use(DQT, component.quantisation);
    component.isQuantised = true;
  }

  #use(marker: number, name: number): Uint8Array {
    const key = (marker << 8) | name;
    const table = this.#tables.get(key);
    check(table !== undefined);
    const written = this.#written.get(key);
    if (written !== undefined && equal(written, table)) return table;
    this.#parts.push(segment(marker, table));
    this.#written.set(key, table);
    return table;
  }

  write(): readonly Bytes[] {
    check(this.#scans > 0);
    return this.#parts;
  }
}

function componentOf(input: Input): Component {
  const id = input.uint8();
  const sampling = input.uint8();
  const [across, down] = [sampling >> 4, sampling & 15];
  check(across >= 1 && across <= 4 && down >= 1 && down <= 4);
  return { id, across, down, quantisation: input.uint8(), isQuantised: false, isScanned: false };
}
