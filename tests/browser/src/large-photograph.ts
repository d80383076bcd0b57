// A photograph of some megabytes, as a PNG of noise: nothing about it can be packed.

import { randomFillSync } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { crc32, deflateSync } from "node:zlib";

/** Its place, in a folder of its own. */
export interface LargePhotograph {
  readonly file: string;
  readonly folder: string;
}

export function largePhotograph(width: number, height: number): LargePhotograph {
  const rows = Buffer.alloc(height * (1 + width * 3));
  randomFillSync(rows);
  for (let row = 0; row < height; row += 1) rows[row * (1 + width * 3)] = 0;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const parts = [
    chunk("IHDR", header),
    chunk("tEXt", Buffer.from("Comment\0taken at home")),
    chunk("IDAT", deflateSync(rows, { level: 1 })),
    chunk("IEND", Buffer.alloc(0)),
  ];
  const folder = mkdtempSync(path.join(tmpdir(), "vestibule-photograph-"));
  const file = path.join(folder, "photograph.png");
  writeFileSync(file, Buffer.concat([signature, ...parts]));
  return { file, folder };
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, checksum]);
}
