// A service that is open: relay, browser, workers' desks. Most tests begin here.

import type { Browser } from "playwright-core";
import { launchBrowser } from "./browser.ts";
import type { Child } from "./child.ts";
import { type ClientOptions, ClientPage, subjects as clientSubjects } from "./pages/client.ts";
import { type DeskConsultation, DeskPage, subjects as deskSubjects } from "./pages/desk.ts";
import { type Desk, Scene, type Service, type Terms, type Worker } from "./processes.ts";
import { type Language, languages } from "./texts.ts";
import { waitFor } from "./wait.ts";

export const mira: Terms = { alias: "Мира", role: "outreach", languages };
export const samir: Terms = { alias: "Samir سمير", role: "doctor", languages: ["ar", "en"] };

/** A subject by its number in docs/protocol.md: each page has its own names. */
export function subject(number: number) {
  const [client, desk] = [clientSubjects[number], deskSubjects[number]];
  if (client === undefined || desk === undefined) throw new Error(`there is no subject ${number}`);
  return { client, desk };
}

export class House {
  readonly browser: Browser;
  readonly scene: Scene;
  readonly service: Service;
  readonly worker: Worker;
  readonly desk: Desk;
  readonly #pages: (ClientPage | DeskPage)[] = [];
  readonly #links: string[] = [];

  private constructor(browser: Browser, scene: Scene, service: Service, worker: Worker, desk: Desk) {
    this.browser = browser;
    this.scene = scene;
    this.service = service;
    this.worker = worker;
    this.desk = desk;
  }

  /** With more arguments for the first worker's desk, and what must be there before the service is made. */
  static async open(more: readonly string[] = [], prepare?: (scene: Scene) => Promise<void>): Promise<House> {
    const scene = await Scene.create();
    try {
      await prepare?.(scene);
      const service = await scene.newService("Открытая дверь · Open Door");
      const worker = await scene.newWorker(service, mira);
      await scene.startRelay([service]);
      const desk = await scene.startDesk(worker, more);
      return new House(await launchBrowser(), scene, service, worker, desk);
    } catch (error) {
      await scene.end();
      throw error;
    }
  }

  /** The program that runs now. */
  get relay(): Child {
    return this.scene.relay;
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.scene.end();
  }

  /** Issued by the dozen, because opening the worker's file takes a second on purpose. */
  async newLink(): Promise<string> {
    if (this.#links.length === 0) this.#links.push(...(await this.scene.newLinks(this.worker, 12)));
    const link = this.#links.pop();
    if (link === undefined) throw new Error("no link");
    return link;
  }

  async openClient(link: string, options: ClientOptions = {}): Promise<ClientPage> {
    const client = await ClientPage.open(this.browser, link, options);
    this.#pages.push(client);
    return client;
  }

  async openDesk(language: Language = "en", desk: Desk = this.desk): Promise<DeskPage> {
    const page = await DeskPage.open(this.browser, desk.address, language);
    this.#pages.push(page);
    return page;
  }

  /** A second worker of the same service, at a desk of their own. */
  async newColleague(terms: Terms): Promise<Desk> {
    return await this.scene.startDesk(await this.scene.newWorker(this.service, terms));
  }

  /** Between two tests: nobody's browser stays, and nobody waits. */
  async closePages(): Promise<void> {
    for (const page of this.#pages.splice(0)) await page.close();
    this.desk.child.expectRunning();
  }
}

/** From a link to a conversation on both ends. The worker is on duty. */
export async function meet(
  client: ClientPage,
  desk: DeskPage,
  about: ReturnType<typeof subject> = subject(0),
): Promise<DeskConsultation> {
  await client.startWaiting(about.client);
  const consultation = await desk.accept(about.desk);
  await client.reaches("talking");
  await consultation.statusIs("open");
  return consultation;
}

/** The consultation that a hand-over brought to the second worker's desk, on which no other is open. */
export async function arrival(second: DeskPage): Promise<DeskConsultation> {
  return await waitFor(
    "the client to arrive at the second desk",
    async () => {
      const open = second.page.locator('[data-test="consultation"][data-status="open"]');
      const id = (await open.count()) === 1 ? await open.getAttribute("data-consultation") : null;
      return id === null ? undefined : second.consultation(id);
    },
    40_000,
  );
}
