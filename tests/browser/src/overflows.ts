// What needs no eye to be seen as wrong on a picture.

/** Runs in the page. A conversation scrolls inside its log, so that nobody scrolls the composer away. */
export function overflows(): readonly string[] {
  const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.documentElement;
  const fillsScreen = document.querySelector('.talk, [data-test="consultation"]') !== null;
  return [
    ...(scrollWidth > clientWidth ? [`${scrollWidth - clientWidth} px too wide`] : []),
    ...(fillsScreen && scrollHeight > clientHeight ? [`${scrollHeight - clientHeight} px too high`] : []),
  ];
}
