// A Tor network of our own on loopback, from Debian's `tor`: three directory authorities that are relays as well,
// three more relays, a client and an onion service. Its circuits are real. Nothing of it leaves the machine: it
// knows no directory but its own, and no relay lets anything out.

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { Child } from "./child.ts";
import { freePort } from "./processes.ts";
import { TorControl } from "./tor-control.ts";
import { waitFor } from "./wait.ts";

const AUTHORITIES = ["authority1", "authority2", "authority3"] as const;
const RELAYS = ["relay1", "relay2", "relay3"] as const;
const RELAYS_COUNT = AUTHORITIES.length + RELAYS.length;
/** All of the start, on a machine with other work: it takes half a minute. */
const START_MAX_MS = 90_000;

/** `TestingTorNetwork` makes Tor quick and content with addresses of this machine. */
const EVERYBODY = [
  "TestingTorNetwork 1",
  "UseDefaultFallbackDirs 0",
  "NumCPUs 1",
  "ShutdownWaitLength 0",
  "Log notice stdout",
];
const EVERY_RELAY = [
  "Address 127.0.0.1",
  "AssumeReachable 1",
  "SocksPort 0",
  "ExitRelay 0",
  "ExitPolicy reject *:*",
];
/** A consensus as often as Tor allows, which trusts every relay at once with everything. */
const EVERY_AUTHORITY = [
  "AuthoritativeDirectory 1",
  "V3AuthoritativeDirectory 1",
  "TestingV3AuthInitialVotingInterval 10",
  "TestingV3AuthInitialVoteDelay 2",
  "TestingV3AuthInitialDistDelay 2",
  "V3AuthVotingInterval 10",
  "V3AuthVoteDelay 2",
  "V3AuthDistDelay 2",
  "TestingDirAuthVoteGuard *",
  "TestingDirAuthVoteHSDir *",
  "TestingMinFastFlagThreshold 0",
  "TestingAuthDirTimeToLearnReachability 0",
  "MinUptimeHidServDirectoryV2 0",
];

interface Authority {
  readonly name: string;
  readonly orPort: number;
  readonly directoryPort: number;
  /** As everybody's configuration names it. */
  readonly line: string;
}

export class TorNetwork {
  readonly #folder: string;
  readonly #children: Child[] = [];
  readonly #controls: TorControl[] = [];
  #authorities: readonly Authority[] = [];
  #client: TorControl | undefined;
  /** `http://….onion` */
  origin = "";
  /** Where browsers find the network. */
  socksPort = 0;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** With an onion service that leads to a port of this machine. Ready when its descriptor can be found. */
  static async start(servicePort: number): Promise<TorNetwork> {
    await expectTor();
    const network = new TorNetwork(await mkdtemp(path.join(tmpdir(), "vestibule-tor-")));
    try {
      await network.#start(servicePort);
      return network;
    } catch (error) {
      await network.end();
      throw error;
    }
  }

  /**
   * Kills the circuits over which the client talks with the onion service just now; returns how many. Meanwhile every
   * relay stands still: what either end sends stays in them, and is lost with the circuits.
   */
  async killCircuits(meanwhile: () => Promise<void>): Promise<number> {
    if (this.#client === undefined) throw new Error("the client has not started");
    const relays = this.#children.slice(0, RELAYS_COUNT);
    for (const { pid } of relays) process.kill(pid, "SIGSTOP");
    try {
      await meanwhile();
      const streams = (await this.#client.ask("GETINFO stream-status")).join("\n");
      const circuits = [...streams.matchAll(/\d+ SUCCEEDED (\d+) \S+\.onion:80/g)].map(([, id]) => id);
      const used = new Set(circuits);
      for (const id of used) await this.#client.ask(`CLOSECIRCUIT ${id}`);
      return used.size;
    } finally {
      for (const { pid } of relays) process.kill(pid, "SIGCONT");
    }
  }

  async end(): Promise<void> {
    for (const control of this.#controls) control.close();
    await Promise.all(this.#children.map((child) => child.kill()));
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #start(servicePort: number): Promise<void> {
    const endsAt = performance.now() + START_MAX_MS;
    const left = () => Math.max(0, endsAt - performance.now());
    this.#authorities = await Promise.all(AUTHORITIES.map((name) => this.#newAuthority(name)));
    for (const { name, orPort, directoryPort } of this.#authorities) {
      const ports = [`OrPort ${orPort}`, `DirPort ${directoryPort}`];
      await this.#run(name, [...EVERY_RELAY, ...EVERY_AUTHORITY, `Nickname ${name}`, ...ports]);
    }
    for (const name of RELAYS)
      await this.#run(name, [...EVERY_RELAY, `Nickname ${name}`, `OrPort ${await freePort()}`]);
    await this.#agrees(left());

    const onion = path.join(this.#folder, "onion");
    const service = await this.#runControlled("service", [
      "SocksPort 0",
      `HiddenServiceDir ${onion}`,
      `HiddenServicePort 80 127.0.0.1:${servicePort}`,
    ]);
    await service.ask("SETEVENTS HS_DESC");
    this.#client = await this.#runControlled("client", ["SocksPort auto"]);
    await this.#isPublished(service, left());
    for (const child of this.#children.slice(-2)) await child.printed(/Bootstrapped 100%/, left());
    this.origin = `http://${(await readFile(path.join(onion, "hostname"), "utf8")).trim()}`;
    const listeners = (await this.#client.ask("GETINFO net/listeners/socks")).join("\n");
    this.socksPort = Number(/127\.0\.0\.1:(\d+)/.exec(listeners)?.[1]);
  }

  /** Until then a client would look for relays in vain, and look again only after a while. */
  async #agrees(timeoutMs: number): Promise<void> {
    const [authority] = this.#authorities;
    const address = `http://127.0.0.1:${authority?.directoryPort}/tor/status-vote/current/consensus`;
    await waitFor(
      "the authorities to agree about every relay",
      async () => {
        for (const child of this.#children) child.expectRunning();
        const consensus = await fetch(address).then(
          (response) => (response.ok ? response.text() : ""),
          () => "",
        );
        return (consensus.match(/^s .*\bHSDir\b.*$/gm) ?? []).length === RELAYS_COUNT ? true : undefined;
      },
      timeoutMs,
      () => this.#children[0]?.output.slice(-2_000) ?? "",
    );
  }

  /** Every relay keeps descriptors, and the client asks any of them. */
  async #isPublished(service: TorControl, timeoutMs: number): Promise<void> {
    await waitFor(
      "the onion service's descriptors to be kept",
      () => {
        const events = service.events.join("\n");
        const [begun, done] = ["UPLOAD", "UPLOADED"].map(
          (what) => (events.match(new RegExp(`HS_DESC ${what} `, "g")) ?? []).length,
        ) as [number, number];
        return done >= RELAYS_COUNT && done === begun ? true : undefined;
      },
      timeoutMs,
      () => service.events.join("\n"),
    );
  }

  async #newAuthority(name: string): Promise<Authority> {
    const [orPort, directoryPort] = [await freePort(), await freePort()];
    const keys = path.join(this.#folder, name, "keys");
    await mkdir(keys, { recursive: true, mode: 0o700 });
    const certificate = path.join(keys, "authority_certificate");
    const made = promisify(execFile)("tor-gencert", [
      ...["--create-identity-key", "--passphrase-fd", "0", "-m", "1"],
      ...["-a", `127.0.0.1:${directoryPort}`],
      ...["-i", path.join(keys, "authority_identity_key")],
      ...["-s", path.join(keys, "authority_signing_key")],
      ...["-c", certificate],
    ]);
    made.child.stdin?.end("only for this test\n");
    await made;
    const identity = /^fingerprint (\w+)$/m.exec(await readFile(certificate, "utf8"))?.[1];
    // It wants to know an authority before it tells its own name.
    const nobody = `nobody 127.0.0.1:1 ${"0".repeat(40)}`;
    const { stdout } = await promisify(execFile)("tor", [
      ...["--quiet", "--ignore-missing-torrc", "-f", "/nonexistent", "--list-fingerprint"],
      ...["--OrPort", "1", "--DirAuthority", nobody],
      ...["--DataDirectory", path.join(this.#folder, name)],
    ]);
    const fingerprint = stdout.trim().split(" ").slice(1).join("");
    const line = `DirAuthority ${name} orport=${orPort} no-v2 v3ident=${identity} 127.0.0.1:${directoryPort} ${fingerprint}`;
    return { name, orPort, directoryPort, line };
  }

  async #run(name: string, lines: readonly string[]): Promise<void> {
    const folder = path.join(this.#folder, name);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const authorities = this.#authorities.map(({ line }) => line);
    const file = path.join(this.#folder, `${name}.torrc`);
    await writeFile(file, [...EVERYBODY, ...authorities, `DataDirectory ${folder}`, ...lines, ""].join("\n"));
    const environment = { HOME: this.#folder };
    this.#children.push(new Child({ command: "tor", args: ["-f", file], environment }));
  }

  async #runControlled(name: string, lines: readonly string[]): Promise<TorControl> {
    const socket = path.join(this.#folder, name, "control");
    await this.#run(name, [...lines, `ControlSocket ${socket}`]);
    await this.#children.at(-1)?.printed(/Opened Control listener/);
    const control = await TorControl.open(socket);
    this.#controls.push(control);
    return control;
  }
}

async function expectTor(): Promise<void> {
  await promisify(execFile)("tor", ["--version"]).catch(() => {
    throw new Error("There is no tor: run `apt-get install tor`.");
  });
}
