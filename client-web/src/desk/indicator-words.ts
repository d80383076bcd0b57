// Tables and labels in words. Those of the catalogue are shared with the report (protocol/locales), those that a
// service has added come with its pack.

import en from "../../../protocol/locales/en/indicators.ftl";
import type { Text } from "../shared/text.ts";
import type { CodeGroup } from "./content.ts";
import { wordsIn } from "./pack.ts";

/** A name that this page has no words for is shown as it is: another console may have more. */
export function groupName(group: string, text: Text): string {
  return said(`table-${group}`, group, text);
}

export function labelName(coding: readonly CodeGroup[], group: string, label: string, text: Text): string {
  const own = coding.find((it) => it.group === group)?.names?.[label];
  const words = own === undefined ? null : wordsIn(own, text.language);
  return words?.text ?? said(`label-${group}-${label}`, label, text);
}

function said(id: string, name: string, text: Text): string {
  return Object.hasOwn(en, id) ? text(id) : plain(name);
}

export function plain(name: string): string {
  return name.replaceAll(/[_-]/g, " ");
}
