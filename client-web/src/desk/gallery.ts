// The desk in named states, for looking at: `?state=three&language=ar`. No console, nothing to press.

import { chooseLanguage } from "../shared/text.ts";
import { samples } from "./samples.ts";
import { Screen } from "./screen.ts";
import { readable } from "./sources.ts";

const asked = new URLSearchParams(location.search);
const sample = samples[asked.get("state") ?? "waiting"];
if (sample === undefined) throw new Error(`no such state; there are ${Object.keys(samples).join(", ")}`);
new Screen(document.body, () => undefined).show(
  sample(chooseLanguage([asked.get("language") ?? "en"], readable)),
);
