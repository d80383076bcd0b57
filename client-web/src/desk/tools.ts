// What the worker works with beside the conversations: panels, texts to choose from, drafts of their own.
// Pure: no DOM, no socket, no clock.

import type { FileKind } from "../protocol/file.ts";
import type { LinkOrder, LinkSheet, PackProblem, ReportDays } from "./content.ts";
import type { Look } from "./files.ts";

/** What lies over the desk and is left before anything else is done. */
export type Panel =
  | "help"
  | "shift"
  | "links"
  | "announce"
  | "report"
  | "panic"
  | "off_duty"
  | "scripts"
  | "pictures";

/** A list with type-ahead above the field of one consultation. */
export interface Picker {
  readonly consultation: number;
  readonly of: "replies" | "cards";
  readonly query: string;
  /** Which of those that fit the query is marked. */
  readonly at: number;
}

export interface Tools {
  readonly panel: Panel | null;
  readonly picker: Picker | null;
  /** The consultation beside which the emergency script stands. */
  readonly scriptIn: number | null;
  /** Which script; the first if it was not chosen. */
  readonly script: string | null;
  readonly sound: boolean;
  /** Alt+P was pressed once: a second press within two seconds wipes everything. */
  readonly panicArmed: boolean;
  readonly announcement: string;
  readonly order: LinkOrder;
  /** Asked for, and not answered yet. */
  readonly making: boolean;
  readonly sheet: LinkSheet | null;
  /** What a report is to be about; until the worker says, the month before this one. */
  readonly reportDays: Partial<ReportDays>;
  /** Asked for, and not answered yet. */
  readonly reporting: boolean;
  /** Where the report is that was asked for. It can be opened once. */
  readonly reportPath: string | null;
  /** Which link of the sheet was copied last. */
  readonly copied: number | null;
  /** Which file of a client's is looked at. */
  readonly look: Look | null;
  readonly packProblem: PackProblem | null;
  readonly starterSeen: boolean;
}

export const initialTools: Tools = {
  panel: null,
  picker: null,
  scriptIn: null,
  script: null,
  sound: true,
  panicArmed: false,
  announcement: "",
  order: { count: 1, channel: "not_said", hours: 24 },
  making: false,
  sheet: null,
  reportDays: {},
  reporting: false,
  reportPath: null,
  copied: null,
  look: null,
  packProblem: null,
  starterSeen: false,
};

export type ToolEvent =
  | { readonly type: "panel"; readonly panel: Panel | null }
  | { readonly type: "pick"; readonly consultation: number; readonly of: Picker["of"] }
  | { readonly type: "pick_query"; readonly query: string }
  | { readonly type: "pick_at"; readonly at: number }
  | { readonly type: "pick_close" }
  | { readonly type: "show_script"; readonly consultation: number }
  | { readonly type: "hide_script" }
  | { readonly type: "choose_script"; readonly script: string }
  | { readonly type: "sound"; readonly on: boolean }
  | { readonly type: "panic_armed"; readonly armed: boolean }
  | { readonly type: "announcement"; readonly text: string }
  | { readonly type: "order"; readonly order: Partial<LinkOrder> }
  | { readonly type: "links_asked" }
  | { readonly type: "report_days"; readonly days: Partial<ReportDays> }
  | { readonly type: "report_asked" }
  | { readonly type: "report_opened" }
  | { readonly type: "link_copied"; readonly at: number }
  | {
      readonly type: "look_asked";
      readonly consultation: number;
      readonly file: number;
      readonly kind: FileKind;
      readonly since: number;
    }
  | { readonly type: "picture_failed"; readonly path: string }
  | { readonly type: "picture_size"; readonly path: string }
  | { readonly type: "sound_failed" }
  | { readonly type: "problem_seen" }
  | { readonly type: "starter_seen" };

export function withTool(tools: Tools, event: ToolEvent): Tools {
  switch (event.type) {
    case "panel":
      // A sheet of links is not left lying about.
      return {
        ...tools,
        panel: event.panel,
        picker: null,
        sheet: null,
        copied: null,
        making: false,
        reporting: false,
        reportPath: null,
        // Nor are pictures. One that was asked for and has not been seen yet can wait.
        look: tools.panel === "pictures" ? null : tools.look,
      };
    case "pick":
      return { ...tools, picker: { consultation: event.consultation, of: event.of, query: "", at: 0 } };
    case "pick_query":
      return tools.picker === null
        ? tools
        : { ...tools, picker: { ...tools.picker, query: event.query, at: 0 } };
    case "pick_at":
      return tools.picker === null ? tools : { ...tools, picker: { ...tools.picker, at: event.at } };
    case "pick_close":
      return { ...tools, picker: null };
    case "show_script":
      return { ...tools, scriptIn: event.consultation, picker: null };
    case "hide_script":
      return { ...tools, scriptIn: null };
    case "choose_script":
      return { ...tools, script: event.script };
    case "sound":
      return { ...tools, sound: event.on };
    case "panic_armed":
      return { ...tools, panicArmed: event.armed };
    case "announcement":
      return { ...tools, announcement: event.text };
    case "order":
      return { ...tools, order: { ...tools.order, ...event.order } };
    case "links_asked":
      return { ...tools, making: true, sheet: null, copied: null };
    case "report_days":
      return { ...tools, reportDays: { ...tools.reportDays, ...event.days }, reportPath: null };
    case "report_asked":
      return { ...tools, reporting: true, reportPath: null };
    case "report_opened":
      return { ...tools, reportPath: null };
    case "link_copied":
      return { ...tools, copied: event.at };
    case "look_asked":
    case "picture_failed":
    case "picture_size":
      return { ...tools, look: withLookEvent(tools.look, event) };
    case "sound_failed":
      return { ...tools, look: null };
    case "problem_seen":
      return { ...tools, packProblem: null };
    case "starter_seen":
      return { ...tools, starterSeen: true };
  }
}

type LookEvent = Extract<ToolEvent, { readonly type: "look_asked" | "picture_failed" | "picture_size" }>;

function withLookEvent(look: Look | null, event: LookEvent): Look | null {
  if (event.type === "look_asked") {
    const { consultation, file, kind, since } = event;
    return { consultation, file, kind, since, pictures: null, sound: null, failed: [], inOwnSize: [] };
  }
  if (look === null) return null;
  const { path } = event;
  if (event.type === "picture_failed") return { ...look, failed: [...look.failed, path] };
  const { inOwnSize } = look;
  const others = inOwnSize.filter((it) => it !== path);
  return { ...look, inOwnSize: others.length < inOwnSize.length ? others : [...others, path] };
}

/** Nothing of a client's file is shown any more, and nothing that was asked for is waited for. */
export function withoutLook(tools: Tools): Tools {
  if (tools.look === null) return tools;
  return { ...tools, look: null, panel: tools.panel === "pictures" ? null : tools.panel };
}

/** What stays when the desk is locked or the console has gone: how the worker likes it, and no word. */
export function withoutWords({ sound, starterSeen }: Tools): Tools {
  return { ...initialTools, sound, starterSeen };
}
