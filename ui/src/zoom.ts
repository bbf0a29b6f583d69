/** How large everything is drawn, in percent. The window's own zoom, so that 200 % has the layout of half the width. */

export const STEPS = [50, 67, 75, 80, 90, 100, 110, 125, 150, 175, 200] as const;
export const USUAL = 100;

/** The next size in that direction. */
export function stepped(zoom: number, step: 1 | -1): number {
  const next = step === 1 ? STEPS.find((each) => each > zoom) : STEPS.findLast((each) => each < zoom);
  return next ?? Math.min(200, Math.max(50, zoom));
}
