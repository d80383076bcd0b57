// A process of the product, started by a test and always ended by it.

import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { waitFor } from "./wait.ts";

const running = new Set<Child>();
process.on("exit", () => {
  for (const child of running) child.killNow();
});

export interface Start {
  readonly command: string;
  readonly args: readonly string[];
  /** No variable of the person's own reaches the product, so that no test passes only at one desk. */
  readonly environment?: Readonly<Record<string, string>>;
  /** In a terminal of its own, at which a person types. */
  readonly atTerminal?: boolean;
}

export class Child {
  readonly #start: Start;
  readonly #process: ChildProcessByStdio<Writable | null, Readable, Readable>;
  #output = "";
  #failure: string | undefined;

  constructor(start: Start) {
    this.#start = start;
    const env = { PATH: process.env.PATH ?? "", LANG: "C.UTF-8", ...start.environment };
    // `script` is in every Debian, and gives what it starts a terminal.
    this.#process = start.atTerminal
      ? spawn("script", ["-qec", lineOf(start), "/dev/null"], { stdio: ["pipe", "pipe", "pipe"], env })
      : spawn(start.command, start.args, { stdio: ["ignore", "pipe", "pipe"], env });
    running.add(this);
    const said = saidFile(start, this.#process.pid);
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        this.#output += text;
        if (said !== undefined) appendFileSync(said, text);
      });
    }
    this.#process.on("error", (error) => {
      this.#failure = error.message;
      running.delete(this);
    });
    this.#process.on("exit", () => running.delete(this));
  }

  /** Everything that it printed, both streams. */
  get output(): string {
    return this.#output;
  }

  get pid(): number {
    if (this.#process.pid === undefined) throw new Error(`${this.#name} has not started`);
    return this.#process.pid;
  }

  get exitCode(): number | null {
    return this.#process.exitCode;
  }

  get isRunning(): boolean {
    return running.has(this);
  }

  /** For a process that nothing has asked to end. */
  expectRunning(): void {
    if (!this.isRunning) throw new Error(`${this.#name} ended by itself: ${this.#ending}`);
  }

  /** The first match in what it prints. */
  async printed(pattern: RegExp, timeoutMs = 20_000): Promise<RegExpExecArray> {
    return await waitFor(
      `${this.#name} to print ${pattern}`,
      () => {
        const match = pattern.exec(this.#output);
        if (match !== null) return match;
        if (!this.isRunning) throw new Error(`${this.#name} ended: ${this.#ending}`);
        return undefined;
      },
      timeoutMs,
      () => this.#output,
    );
  }

  /** A line at its terminal. */
  types(line: string): void {
    this.#process.stdin?.write(`${line}\n`);
  }

  /** Waits for its own end. */
  async ended(timeoutMs = 30_000): Promise<void> {
    await waitFor(
      `${this.#name} to end`,
      () => (this.isRunning ? undefined : true),
      timeoutMs,
      () => this.#output,
    );
    if (this.#failure !== undefined) throw new Error(`${this.#name}: ${this.#failure}`);
  }

  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    if (!this.isRunning) return;
    const exited = once(this.#process, "exit");
    this.#process.kill(signal);
    await exited;
  }

  killNow(): void {
    this.#process.kill("SIGKILL");
  }

  get #name(): string {
    return [this.#start.command.split("/").at(-1), this.#start.args[0]].join(" ");
  }

  get #ending(): string {
    const { exitCode, signalCode } = this.#process;
    return this.#failure ?? `exit code ${exitCode}, signal ${signalCode}\n${this.#output}`;
  }
}

/** Where what a relay says is kept for whoever runs all tests and looks at all of it at the end. */
function saidFile({ command }: Start, pid: number | undefined): string | undefined {
  const folder = process.env.VESTIBULE_SAID;
  return folder === undefined || !command.endsWith("/vestibule-relay")
    ? undefined
    : join(folder, `browser-${pid}.log`);
}

/** As a shell reads it. */
function lineOf({ command, args }: Start): string {
  return [command, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
}

/** Runs a command to its end and returns what it printed. */
export async function run(start: Start): Promise<string> {
  const child = new Child(start);
  try {
    await child.ended(60_000);
  } finally {
    await child.kill();
  }
  if (child.exitCode !== 0) {
    throw new Error(`${start.command} ${start.args.join(" ")}: exit code ${child.exitCode}\n${child.output}`);
  }
  return child.output;
}
