// The first thing that runs, before anything that an old browser could stumble over: the link must not stay
// in the address bar, in the tab's history or on a screenshot. So this file imports nothing.

export const fragment = location.hash;
history.replaceState(null, "", location.pathname);
