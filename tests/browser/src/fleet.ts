// Several relays that serve as one, as an operator starts them: real Redis, real relays, and in front of them what
// a load balancer does: any node behind `/`, one node behind `/n/NAME/`.

import { writeFile } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import path from "node:path";
import { Child } from "./child.ts";
import { binary, pageDirectory } from "./paths.ts";
import { freePort, type Scene, type Service } from "./processes.ts";
import { waitFor } from "./wait.ts";

interface RunningNode {
  readonly name: string;
  readonly port: number;
  readonly configFile: string;
  child: Child;
}

export class Fleet {
  readonly #scene: Scene;
  readonly #redis: Child;
  readonly #nodes: readonly RunningNode[];
  readonly #balancer: Server;
  readonly #open = new Set<Socket>();
  #turn = 0;

  private constructor(scene: Scene, redis: Child, nodes: readonly RunningNode[]) {
    this.#scene = scene;
    this.#redis = redis;
    this.#nodes = nodes;
    this.#balancer = createServer((near) => this.#lead(near));
  }

  /** Behind the scene's recorder, where browsers and consoles find the service. */
  static async start(scene: Scene, service: Service, names: readonly string[]): Promise<Fleet> {
    const redisPort = await freePort();
    const redis = new Child({
      command: "redis-server",
      args: ["--port", `${redisPort}`, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
    });
    await redis.printed(/Ready to accept connections/);
    await writeFile(path.join(scene.directory, "nodes.secret"), "5e".repeat(32));
    const nodes: RunningNode[] = [];
    for (const name of names) {
      const port = await freePort();
      const configFile = path.join(scene.directory, `${name}.toml`);
      await writeFile(configFile, nodeToml({ name, port, redisPort, origin: scene.origin, service }));
      nodes.push({ name, port, configFile, child: await startRelay(configFile) });
    }
    const fleet = new Fleet(scene, redis, nodes);
    const port = await freePort();
    await new Promise<void>((listening) => fleet.#balancer.listen(port, "127.0.0.1", listening));
    scene.recorder.relayPort = port;
    await fleet.lists(names.length);
    return fleet;
  }

  /** Waits until every node that runs names so many. */
  async lists(count: number): Promise<void> {
    await waitFor(`${count} nodes to be listed`, async () => {
      for (const { port } of this.#running) {
        const response = await fetch(`http://127.0.0.1:${port}/nodes`);
        const { nodes } = (await response.json()) as { nodes: unknown[] };
        if (nodes.length !== count) return undefined;
      }
      return true;
    });
  }

  /** Nothing is said to anybody: the process is gone. */
  async kill(name: string): Promise<void> {
    await this.#node(name).child.kill("SIGKILL");
  }

  async startAgain(name: string): Promise<void> {
    const node = this.#node(name);
    node.child = await startRelay(node.configFile);
  }

  async end(): Promise<void> {
    this.#scene.recorder.relayPort = undefined;
    this.#balancer.close();
    for (const socket of this.#open) socket.destroy();
    for (const { child } of this.#nodes) await child.kill();
    await this.#redis.kill();
  }

  get names(): readonly string[] {
    return this.#nodes.map(({ name }) => name);
  }

  get #running(): readonly RunningNode[] {
    return this.#nodes.filter(({ child }) => child.isRunning);
  }

  #node(name: string): RunningNode {
    const node = this.#nodes.find((one) => one.name === name);
    if (node === undefined) throw new Error(`there is no node ${name}`);
    return node;
  }

  /** By the path of the first request; what follows on the connection goes the same way. */
  #lead(near: Socket): void {
    this.#keepOpen(near);
    let head = Buffer.alloc(0);
    const read = (bytes: Buffer): void => {
      head = Buffer.concat([head, bytes]);
      if (!head.includes("\r\n")) return;
      near.off("data", read);
      near.pause();
      const far = connect(this.#portFor(head.toString("latin1")), "127.0.0.1");
      this.#keepOpen(far);
      far.write(head);
      near.pipe(far);
      far.pipe(near);
      near.on("close", () => far.destroy());
      far.on("close", () => near.destroy());
    };
    near.on("data", read);
  }

  #portFor(head: string): number {
    const named = /^\S+ \/n\/([a-z0-9-]+)\//.exec(head)?.[1];
    if (named !== undefined) return this.#node(named).port;
    this.#turn += 1;
    return this.#running[this.#turn % this.#running.length]?.port ?? 0;
  }

  #keepOpen(socket: Socket): void {
    this.#open.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#open.delete(socket));
  }
}

async function startRelay(configFile: string): Promise<Child> {
  const relay = new Child({ command: binary("vestibule-relay"), args: ["--config", configFile] });
  await relay.printed(/listening on/);
  return relay;
}

interface NodeTerms {
  readonly name: string;
  readonly port: number;
  readonly redisPort: number;
  readonly origin: string;
  readonly service: Service;
}

function nodeToml({ name, port, redisPort, origin, service }: NodeTerms): string {
  return [
    `listen = "127.0.0.1:${port}"`,
    `origins = ["${origin}"]`,
    `page = "${pageDirectory("client")}"`,
    "[node]",
    `name = "${name}"`,
    "[redis]",
    `kind = "single"`,
    `addresses = ["redis://127.0.0.1:${redisPort}"]`,
    "replicas = 0",
    `secret_file = "nodes.secret"`,
    `${service.relayLines}\n`,
  ].join("\n");
}
