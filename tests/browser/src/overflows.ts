// What needs no eye to be seen as wrong on a picture.

/** Runs in the page. A conversation scrolls inside its log, so that nobody scrolls the composer away. */
export function overflows(): readonly string[] {
  const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.documentElement;
  const fillsScreen = document.querySelector('.talk, [data-test="consultation"]') !== null;
  const [heading, exit] = ["h1", ".button-exit"].map((of) =>
    document.querySelector(of)?.getBoundingClientRect(),
  );
  const isCovered =
    heading !== undefined &&
    exit !== undefined &&
    heading.top < exit.bottom &&
    exit.top < heading.bottom &&
    heading.left < exit.right &&
    exit.left < heading.right;
  return [
    ...(isCovered ? ["the heading lies under the way out"] : []),
    ...(scrollWidth > clientWidth ? [`${scrollWidth - clientWidth} px too wide`] : []),
    ...(fillsScreen && scrollHeight > clientHeight ? [`${scrollHeight - clientHeight} px too high`] : []),
  ];
}
