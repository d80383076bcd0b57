// Tor's control port, as far as these tests need it: a question, an answer, and events.

import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";

export class TorControl {
  readonly #socket: Socket;
  /** What it told without being asked, oldest first. */
  readonly events: string[] = [];
  #answer: string[] = [];
  /** Between `250+…` and a dot stands what may look like anything. */
  #isData = false;
  #settle: ((lines: readonly string[]) => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    createInterface({ input: socket }).on("line", (line) => this.#read(line));
  }

  /** A socket in a folder that belongs to us alone needs no password. */
  static async open(path: string): Promise<TorControl> {
    const socket = connect(path);
    await once(socket, "connect");
    const control = new TorControl(socket);
    await control.ask("AUTHENTICATE");
    return control;
  }

  /** One question at a time. Returns the lines of the answer. */
  async ask(question: string): Promise<readonly string[]> {
    const answered = new Promise<readonly string[]>((settle) => {
      this.#settle = settle;
    });
    this.#socket.write(`${question}\r\n`);
    const lines = await answered;
    if (lines.at(-1)?.startsWith("250 ") !== true)
      throw new Error(`tor answers ${question} with ${lines.join("; ")}`);
    return lines;
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(line: string): void {
    if (line.startsWith("650")) {
      this.events.push(line);
      return;
    }
    this.#answer.push(line);
    if (this.#isData) this.#isData = line !== ".";
    else if (/^\d{3}\+/.test(line)) this.#isData = true;
    else if (/^\d{3} /.test(line)) this.#settle?.(this.#answer.splice(0));
  }
}
