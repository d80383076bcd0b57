// One view for each state. A view is made from a state alone, so that any state can be looked at.

import type { Text } from "../shared/text.ts";
import type { State } from "./consultation.ts";
import { viewInApp } from "./view-in-app.ts";
import {
  viewChecking,
  viewClockWrong,
  viewEnded,
  viewNoLink,
  viewRefused,
  viewServiceUnproven,
  viewUnreachable,
  viewUnusable,
} from "./view-notice.ts";
import type { Actions, View } from "./view-parts.ts";
import { viewPaste } from "./view-paste.ts";
import { viewTalking } from "./view-talking.ts";
import { viewSecuring, viewWaiting } from "./view-waiting.ts";
import { viewWelcome } from "./view-welcome.ts";

export function view(state: State, text: Text, actions: Actions): View {
  switch (state.status) {
    case "checking":
      return { element: viewChecking(text) };
    case "paste":
      return viewPaste(state, text, actions);
    case "no-link":
      return { element: viewNoLink(text) };
    case "link-damaged":
    case "link-unsupported":
    case "link-expired":
    case "service-unknown":
      return { element: viewUnusable(state, text) };
    case "service-unproven":
      return { element: viewServiceUnproven(text) };
    case "unreachable":
      return { element: viewUnreachable(state, text, actions) };
    case "in-app":
      return { element: viewInApp(state, text, actions) };
    case "welcome":
      return viewWelcome(state, text, actions);
    case "clock-wrong":
      return { element: viewClockWrong(state, text, actions) };
    case "waiting":
      return viewWaiting(state, text, actions);
    case "securing":
      return { element: viewSecuring(text) };
    case "talking":
      return viewTalking(state, text, actions);
    case "refused":
      return viewRefused(state, text, actions);
    case "ended":
      return viewEnded(state, text);
  }
}
