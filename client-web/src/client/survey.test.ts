import { readdirSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { compileFluent } from "../../fluent.mjs";
import { SURVEY_ANSWERS, SURVEY_QUESTIONS, type Survey } from "../protocol/record.ts";
import { createText } from "../shared/text.ts";
import { Bench } from "./testing.ts";
import { FakeRelay, FakeWorker } from "./testing-relay.ts";
import { words } from "./testing-words.ts";

let bench: Bench;
let relay: FakeRelay;
let mira: FakeWorker;
const helped: Survey = { question: "helped", answer: "yes" };
const respected: Survey = { question: "respected", answer: "partly" };

beforeEach(() => {
  vi.useFakeTimers();
  bench = new Bench();
  mira = new FakeWorker();
  relay = new FakeRelay(bench, mira);
});

afterEach(() => {
  vi.useRealTimers();
});

test("answers reach the worker's end before the close, each once", async () => {
  await bench.toTalking();
  bench.visit.askEnd();
  bench.visit.answerSurvey(helped);
  bench.visit.answerSurvey({ ...helped, answer: "no" });
  expect(bench.talking.answered).toBe(1);
  bench.visit.answerSurvey(respected);
  bench.visit.end();
  await bench.passes(1_000);
  expect(mira.answers).toEqual([
    ["helped", "yes"],
    ["respected", "partly"],
  ]);
  expect(mira.isClosed).toBe(true);
  expect(bench.state).toEqual({ status: "ended", how: "by-you", isDoor: false, isWiped: true });
});

test("nobody has to answer, and who goes on talking may answer later", async () => {
  await bench.toTalking();
  bench.visit.askEnd();
  bench.visit.answerSurvey(helped);
  bench.visit.cancelEnd();
  bench.visit.say("one more thing");
  await bench.passes(10_000);
  expect(bench.talking).toMatchObject({ answered: 1, isEndAsked: false });
  bench.visit.askEnd();
  bench.visit.answerSurvey(respected);
  await bench.passes(5_000);
  expect(mira.answers).toHaveLength(2);
  expect(mira.heard).toEqual(["one more thing"]);
});

test("leave at the pace of everything else: as many cells as without them", async () => {
  const sent = async (answer: boolean): Promise<number> => {
    const other = new Bench();
    new FakeRelay(other, new FakeWorker());
    await other.toTalking();
    if (answer) for (const survey of [helped, respected]) other.visit.answerSurvey(survey);
    await other.passes(60_000);
    return other.sockets.reduce((sum, socket) => sum + socket.sent.length, 0);
  };
  expect(await sent(true)).toBe(await sent(false));
});

test("wait while there is no network, and are there when it is back", async () => {
  await bench.toTalking();
  relay.dies();
  bench.visit.answerSurvey(helped);
  expect(bench.talking.answered).toBe(1);
  await bench.passes(5_000);
  relay.isUp = true;
  await bench.passes(10_000);
  expect(mira.answers).toEqual([["helped", "yes"]]);
});

test("go with the person to whoever goes on: that end counts them", async () => {
  const sam = new FakeWorker("Sam", 3);
  relay.workers.push(sam);
  await bench.toTalking();
  bench.visit.answerSurvey(helped);
  await bench.passes(5_000);
  mira.propose(sam);
  await bench.passes(1_000);
  bench.visit.answerHandOver(true);
  await bench.passes(10_000);
  bench.visit.answerSurvey({ ...helped, answer: "no" });
  bench.visit.answerSurvey(respected);
  await bench.passes(10_000);
  expect([mira.answers, sam.answers]).toEqual([
    [["helped", "yes"]],
    [
      ["helped", "yes"],
      ["respected", "partly"],
    ],
  ]);
});

test("are not taken once either end has closed", async () => {
  await bench.toTalking();
  mira.close();
  await bench.passes(100);
  bench.visit.answerSurvey(helped);
  await bench.passes(10_000);
  expect(mira.answers).toEqual([]);
  expect(bench.state).toEqual({ status: "ended", how: "by-advisor", isDoor: false, isWiped: true });
});

/** Whose report is in the same words. */
const reported = readdirSync(new URL("../../../protocol/locales", import.meta.url));

test.each(reported)("questions and answers in %s are those of the report", (language) => {
  const path = `../../../protocol/locales/${language}/indicators.ftl`;
  const report = compileFluent(readFileSync(new URL(path, import.meta.url), "utf8"), path);
  const text = createText(language, words[language] ?? {});
  for (const question of SURVEY_QUESTIONS) {
    expect(text(`survey-${question}`)).toBe(report[`table-${question}`]);
    for (const answer of SURVEY_ANSWERS) {
      const asked = question === "would_return" && answer === "partly" ? "perhaps" : answer;
      expect(text(`survey-${asked}`).toLowerCase()).toBe(report[`label-${question}-${answer}`]);
    }
  }
});
