// What lies in a process's writable memory, as somebody finds it who may read it (Linux).

import { open, readFile } from "node:fs/promises";
import type { Needle } from "./search.ts";

const BLOCK_BYTES = 4 * 1024 * 1024;

/** The names of those that are there. */
export async function foundInMemory(pid: number, needles: readonly Needle[]): Promise<readonly string[]> {
  const overlap = Math.max(...needles.map(({ bytes }) => bytes.length));
  const maps = (await readFile(`/proc/${pid}/maps`, "utf8")).split("\n").filter((line) => / rw/.test(line));
  const memory = await open(`/proc/${pid}/mem`);
  const found = new Set<string>();
  try {
    for (const line of maps) {
      const [from, to] = (line.split(" ", 1)[0] ?? "").split("-").map((text) => Number.parseInt(text, 16));
      if (from === undefined || to === undefined) continue;
      for (let at = from; at < to; at += BLOCK_BYTES) {
        const bytes = Buffer.alloc(Math.min(BLOCK_BYTES + overlap, to - at));
        // Some regions cannot be read, by nobody.
        const read = await memory.read(bytes, 0, bytes.length, at).catch(() => undefined);
        const content = bytes.subarray(0, read?.bytesRead ?? 0);
        for (const { name, bytes: needle } of needles) if (content.includes(needle)) found.add(name);
      }
    }
  } finally {
    await memory.close();
  }
  return [...found];
}
