// Three questions before the end: answered by one tap each, by whoever wants to, and shown to no worker.

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { House, meet, subject } from "./src/house.ts";
import type { ClientPage } from "./src/pages/client.ts";
import type { DeskConsultation, DeskPage } from "./src/pages/desk.ts";
import type { Language } from "./src/texts.ts";

const questions = ["helped", "respected", "would_return"] as const;
/** Longer than the page takes two taps for one. */
const PAUSE_MS = 500;

let house: House;

beforeAll(async () => {
  house = await House.open();
});

afterEach(async () => {
  await house.closePages();
});

afterAll(async () => {
  await house?.close();
});

interface Met {
  readonly client: ClientPage;
  readonly desk: DeskPage;
  readonly consultation: DeskConsultation;
  /** Everything that the worker's program has told the desk page. */
  readonly told: readonly string[];
}

async function begin(language: Language, about: number): Promise<Met> {
  const desk = await house.openDesk(language);
  const told: string[] = [];
  desk.page.on("websocket", (socket) => {
    socket.on("framereceived", ({ payload }) => told.push(payload.toString()));
  });
  await desk.reload();
  await desk.goOnDuty();
  const client = await house.openClient(await house.newLink(), { language });
  const consultation = await meet(client, desk, subject(about));
  await client.chooseCover("sparing");
  return { client, desk, consultation, told };
}

async function talk({ client, consultation }: Met): Promise<void> {
  await client.say("tulip");
  await consultation.hears("tulip");
  await consultation.say("daisy");
  await client.hears("daisy");
}

const focused = (client: ClientPage): Promise<string> =>
  client.page.evaluate(() => (document.activeElement as HTMLElement).dataset.test ?? "");

for (const [language, about] of [
  ["ar", 2],
  ["ru", 3],
] as const) {
  test(`three taps in ${language} reach the worker's program, and nothing of them the worker's page`, async () => {
    const met = await begin(language, about);
    const { client, desk, consultation, told } = met;
    await talk(met);
    await client.askEnd();
    const answers = [];
    for (const [at, answer] of (["yes", "partly", "no"] as const).entries()) {
      const question = client.text(`survey-${questions[at]}`);
      await client.survey.getByText(question, { exact: true }).waitFor();
      expect(await client.survey.getAttribute("aria-label")).toBe(question);
      answers.push(await client.surveyAnswer("partly").textContent());
      await client.page.waitForTimeout(PAUSE_MS);
      if (answer === "partly") await client.surveyAnswer(answer).press("Enter");
      else await client.surveyAnswer(answer).click();
    }
    const partly = client.text("survey-partly");
    expect(answers).toEqual([partly, partly, client.text("survey-perhaps")]);
    await client.survey.getByText(client.text("survey-thanks"), { exact: true }).waitFor();
    expect(await client.survey.getByRole("button").count()).toBe(0);
    const hasFocus = (element: Element): boolean => element.contains(document.activeElement);
    expect(await client.survey.evaluate(hasFocus)).toBe(true);

    // What comes after them has arrived, so they have; a program that does not know them would have ended it.
    await client.cancelEnd();
    await client.say("lilac");
    await consultation.hears("lilac");
    const everything = [...told, await desk.page.evaluate(() => document.documentElement.outerHTML)].join(
      "\n",
    );
    expect(everything).toContain("lilac");
    expect(everything).not.toMatch(/survey|"helped|respected|would_return|"answers?"/);
    for (const question of questions) expect(everything).not.toContain(client.text(`survey-${question}`));

    // Nobody is asked twice.
    await client.askEnd();
    await client.survey.getByText(client.text("survey-thanks"), { exact: true }).waitFor();
    await client.confirmEnd();
    await consultation.statusIs("ended");
  });
}

test("a double tap answers one question, and the focus stays where it was", async () => {
  const met = await begin("en", 4);
  await talk(met);
  const { client } = met;
  await client.askEnd();
  await client.surveyAnswer("yes").dblclick();
  await client.survey.getByText(client.text("survey-respected"), { exact: true }).waitFor();
  expect(await focused(client)).toBe("survey-yes");
  await client.page.setViewportSize({ width: 320, height: 568 });
  await client.surveyAnswer("no").scrollIntoViewIfNeeded();
  expect(await client.page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  await client.page.waitForTimeout(PAUSE_MS);
  await client.surveyAnswer("no").click();
  await client.survey.getByText(client.text("survey-would_return"), { exact: true }).waitFor();
});

test("nobody is asked who has not talked, nor after the worker has ended it", async () => {
  const met = await begin("uk", 5);
  const { client, consultation } = met;
  await client.askEnd();
  expect(await client.survey.count()).toBe(0);
  await client.cancelEnd();
  await talk(met);
  await client.askEnd();
  expect(await client.survey.count()).toBe(1);
  await consultation.end();
  await client.reaches("ended by-advisor");
  expect(await client.survey.count()).toBe(0);
  expect(await client.words()).not.toContain(client.text("survey-helped"));
});
