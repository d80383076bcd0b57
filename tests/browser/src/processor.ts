// How much processor time a program and all that it has started have used (Linux).

import { readdir, readFile } from "node:fs/promises";

/** What `/proc/PID/stat` counts in: `getconf CLK_TCK` is 100 on every Linux that Debian runs on. */
const TICKS_PER_SECOND = 100;

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
}

/** Of the program and its children that live. */
export async function processorSeconds(root: number): Promise<number> {
  const all = await processes();
  const family = new Set([root]);
  // A child may have a lower number than its parent, when numbers have come round.
  for (let known = 0; known < family.size; ) {
    known = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  return all.reduce((sum, { pid, ticks }) => sum + (family.has(pid) ? ticks : 0), 0) / TICKS_PER_SECOND;
}

/** The one program that this process starts while something is done. */
export async function startedMeanwhile<Result>(
  act: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly pid: number }> {
  const children = async () => (await processes()).filter(({ parent }) => parent === process.pid);
  const before = new Set((await children()).map(({ pid }) => pid));
  const result = await act();
  const [started, ...more] = (await children()).filter(({ pid }) => !before.has(pid));
  if (started === undefined || more.length > 0) throw new Error("not one program was started");
  return { result, pid: started.pid };
}

async function processes(): Promise<readonly Process[]> {
  const names = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const read = await Promise.all(names.map((name) => statusOf(Number(name))));
  return read.filter((one) => one !== undefined);
}

async function statusOf(pid: number): Promise<Process | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  // The program's name stands in parentheses and may hold anything: `state ppid … utime stime` come after the last.
  const fields = text?.slice(text.lastIndexOf(")") + 2).split(" ");
  if (fields === undefined) return undefined;
  return { pid, parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) };
}
