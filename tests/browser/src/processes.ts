// The product as an operator, a coordinator and a worker start it: real programs, real files, real ports.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { Child, run } from "./child.ts";
import { binary, pageDirectory } from "./paths.ts";
import { Recorder } from "./recorder.ts";
import { type Language, languages } from "./texts.ts";

export interface Service {
  readonly name: string;
  readonly file: string;
  readonly authority: string;
  /** The lines of relay.toml that `service new` printed. */
  readonly relayLines: string;
}

export interface Terms {
  readonly alias: string;
  readonly role: string;
  readonly languages: readonly Language[];
}

export interface Worker extends Terms {
  readonly service: Service;
  readonly file: string;
}

export interface Desk {
  readonly child: Child;
  /** `http://127.0.0.1:PORT/#bearer=…` */
  readonly address: string;
}

/** Of every file that these tests make. */
export const passphrase = "five words for these tests";

/** One relay behind a recorder, with its services and their workers, in a folder of its own. */
export class Scene {
  readonly directory: string;
  readonly recorder: Recorder;
  readonly #children: Child[] = [];
  readonly #passphraseFile: string;
  readonly #otherOrigins: string[] = [];
  readonly #relaySays: string[] = [];
  #pageOrigin: string | undefined;
  #files = 0;
  #relay: Child | undefined;
  #relayPort: number | undefined;

  private constructor(directory: string, recorder: Recorder) {
    this.directory = directory;
    this.recorder = recorder;
    this.#passphraseFile = path.join(directory, "passphrase");
  }

  static async create(): Promise<Scene> {
    const directory = await mkdtemp(path.join(tmpdir(), "vestibule-browser-"));
    const scene = new Scene(directory, await Recorder.start());
    await writeFile(scene.#passphraseFile, `${passphrase}\n`, { mode: 0o600 });
    return scene;
  }

  /** What browsers and consoles know as the relay. It is the recorder's; the relay listens elsewhere. */
  get origin(): string {
    return this.recorder.origin;
  }

  /** From now on services and relays know this address as well. */
  alsoAt(origin: string): void {
    this.#otherOrigins.push(origin);
  }

  /** From now on new services' links begin with this address. */
  pageIsAt(origin: string): void {
    this.#pageOrigin = origin;
  }

  /** Lines that the next relay has in its configuration; in place of what was said before. */
  relaySays(...lines: readonly string[]): void {
    this.#relaySays.splice(0, Infinity, ...lines);
  }

  /** The page as the relay writes it for another web server: a folder. */
  async writePage(): Promise<string> {
    const folder = this.#fresh("apart");
    await run({
      command: binary("vestibule-relay"),
      args: ["--config", path.join(this.directory, "relay.toml"), "--write-page", folder],
    });
    return folder;
  }

  get relay(): Child {
    if (this.#relay === undefined) throw new Error("no relay was started");
    return this.#relay;
  }

  async newService(name: string): Promise<Service> {
    const folder = this.#fresh("service");
    const printed = await this.vestibule([
      "service",
      "new",
      ...["--name", name],
      ...this.#origins.flatMap((origin) => ["--relay", origin]),
      ...(this.#pageOrigin === undefined ? [] : ["--page", this.#pageOrigin]),
      ...["--out", folder],
      ...["--passphrase-file", this.#passphraseFile],
    ]);
    const relayLines = /\[\[service\]\][\s\S]*?authority *= *"([0-9a-f]{64})"[\s\S]*?card *= *"[^"\n]+"/.exec(
      printed,
    );
    if (relayLines?.[1] === undefined)
      throw new Error(`"service new" printed no lines for relay.toml:\n${printed}`);
    return {
      name,
      file: path.join(folder, "service.age"),
      authority: relayLines[1],
      relayLines: relayLines[0],
    };
  }

  async newWorker(service: Service, terms: Terms): Promise<Worker> {
    const file = this.#fresh("worker");
    await this.vestibule([
      "worker",
      "enrol",
      ...this.#bothPassphrases(service),
      ...["--alias", terms.alias],
      ...["--role", terms.role],
      ...["--languages", terms.languages.join(",")],
      ...["--days", "2"],
      ...["--out", file],
    ]);
    return { ...terms, service, file };
  }

  /** A new file for somebody who has one. */
  async renew(worker: Worker): Promise<Worker> {
    const file = this.#fresh("worker");
    await this.vestibule([
      "worker",
      "renew",
      ...this.#bothPassphrases(worker.service),
      ...["--alias", worker.alias],
      ...["--out", file],
    ]);
    return { ...worker, file };
  }

  /** Whose file is lost, and whose links are to be refused. */
  async revoke(worker: Worker): Promise<void> {
    await this.vestibule([
      "worker",
      "revoke",
      ...this.#ofService(worker.service),
      ...["--alias", worker.alias],
      "--refuse-links",
    ]);
  }

  /** An open address of the service. */
  async newDoor(service: Service): Promise<string> {
    const printed = await this.vestibule(["door", "new", ...this.#ofService(service), ...["--days", "30"]]);
    return linksIn(printed, 1)[0] ?? "";
  }

  async revokeDoor(service: Service, number: number): Promise<void> {
    const which = ["--number", String(number)];
    await this.vestibule(["door", "revoke", ...this.#ofService(service), ...which]);
  }

  /** The service with the starter pack's leaflets, and a card of its own: `HOURS in uk`, say. */
  async withLeaflets(service: Service, hours: string, emergency: string): Promise<Service> {
    const [pack, served] = [this.#fresh("pack"), this.#fresh("served")];
    await this.vestibule(["pack", "new", pack]);
    const inAll = (words: string) => languages.map((it) => `${it} = "${words} in ${it}"`).join("\n");
    const settings = path.join(pack, "pack.toml");
    const text = await readFile(settings, "utf8");
    await writeFile(settings, `${text.slice(0, text.indexOf("[hours]"))}[hours]\n${inAll(hours)}\n`);
    const card = `[about]\n${inAll("About us")}\n[emergency]\n${inAll(emergency)}\n`;
    await writeFile(path.join(pack, "card.toml"), card);
    const lines = await this.vestibule(["pack", "sign", pack, ...this.#ofService(service), "--out", served]);
    const ofCard = /^card = .*\nleaflets = .*$/m.exec(lines)?.[0];
    return { ...service, relayLines: service.relayLines.replace(/^card.*$/m, () => ofCard ?? "") };
  }

  /** The service with a card that says where a quick exit leads. */
  async withExit(service: Service, site: string): Promise<Service> {
    const [pack, served] = [this.#fresh("pack"), this.#fresh("served")];
    await this.vestibule(["pack", "new", pack]);
    const file = path.join(pack, "card.toml");
    const card = await readFile(file, "utf8");
    await writeFile(file, card.replace(/^exit = .*$/m, `exit = "${site}"`));
    await this.vestibule(["pack", "sign", pack, ...this.#ofService(service), ...["--out", served]]);
    const line = `card = "${served}/service-card.bin"`;
    return { ...service, relayLines: service.relayLines.replace(/card *= *"[^"\n]+"/, line) };
  }

  /** As `vestibule link new` prints them. */
  async newLinks(worker: Worker, count: number, more: readonly string[] = []): Promise<readonly string[]> {
    const printed = await this.vestibule([
      "link",
      "new",
      ...["--worker", worker.file],
      ...["--passphrase-file", this.#passphraseFile],
      ...["--count", String(count)],
      ...more,
    ]);
    return linksIn(printed, count);
  }

  /** Links on paper: they are in the file alone. */
  async newSheet(worker: Worker, count: number, file: string): Promise<void> {
    await this.vestibule([
      "link",
      "new",
      ...["--worker", worker.file],
      ...["--passphrase-file", this.#passphraseFile],
      ...["--count", String(count)],
      ...["--channel", "card"],
      ...["--sheet", file],
    ]);
  }

  async startRelay(services: readonly Service[]): Promise<Child> {
    this.#relayPort ??= await freePort();
    const configFile = path.join(this.directory, "relay.toml");
    await writeFile(configFile, relayToml(this.#relayPort, this.#origins, this.#relaySays, services));
    const relay = new Child({ command: binary("vestibule-relay"), args: ["--config", configFile] });
    this.#children.push(relay);
    await relay.printed(/listening on/);
    this.recorder.relayPort = this.#relayPort;
    this.#relay = relay;
    return relay;
  }

  /** Nothing is said to anybody: the process is gone. */
  async killRelay(): Promise<void> {
    this.recorder.relayPort = undefined;
    await this.#relay?.kill("SIGKILL");
  }

  async startDesk(worker: Worker, more: readonly string[] = []): Promise<Desk> {
    const child = new Child({
      command: binary("vestibule"),
      args: [
        "desk",
        ...["--worker", worker.file],
        ...["--passphrase-file", this.#passphraseFile],
        ...["--page", pageDirectory("desk")],
        "--no-open",
        ...more,
      ],
      environment: { HOME: this.directory },
    });
    this.#children.push(child);
    const [address] = await child.printed(/http:\/\/127\.0\.0\.1:\d+\/#bearer=[\w-]{43}(?![\w-])/, 30_000);
    return { child, address };
  }

  /** Any command of the program; returns what it printed. */
  async vestibule(args: readonly string[]): Promise<string> {
    return await run({ command: binary("vestibule"), args });
  }

  async end(): Promise<void> {
    await Promise.all(this.#children.map((child) => child.kill()));
    await this.recorder.stop();
    await rm(this.directory, { recursive: true, force: true });
  }

  get #origins(): readonly string[] {
    return [this.origin, ...this.#otherOrigins];
  }

  #ofService({ file }: Service): readonly string[] {
    return [...["--service", file], ...["--passphrase-file", this.#passphraseFile]];
  }

  #bothPassphrases({ file }: Service): readonly string[] {
    const secret = this.#passphraseFile;
    return [
      ...["--service", file],
      ...["--service-passphrase-file", secret],
      ...["--worker-passphrase-file", secret],
    ];
  }

  #fresh(name: string): string {
    this.#files += 1;
    return path.join(this.directory, `${name}-${this.#files}`);
  }
}

function linksIn(printed: string, count: number): readonly string[] {
  const links = printed.match(/https?:\/\/\S+\/#[\w-]{204}(?![\w-])/g) ?? [];
  if (links.length === count) return links;
  throw new Error(`${links.length} links were printed, not ${count}:\n${printed}`);
}

function relayToml(
  port: number,
  origins: readonly string[],
  more: readonly string[],
  services: readonly Service[],
): string {
  return [
    `listen = "127.0.0.1:${port}"`,
    `origins = ${JSON.stringify(origins)}`,
    `page = "${pageDirectory("client")}"`,
    ...more,
    "",
    ...services.map(({ relayLines }) => `${relayLines}\n`),
  ].join("\n");
}

export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((resolve, reject) => {
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") reject(new Error("no port"));
      else resolve(address.port);
    });
  });
  await new Promise((resolve) => server.close(resolve));
  return port;
}
