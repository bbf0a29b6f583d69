/**
 * How urgent it is that a waiting buyer gets an answer. Pure.
 */

/** Buyers notice a minute; marketplaces warn their shops at a hundred seconds. */
const AMBER_MS = 60_000;
const RED_MS = 100_000;

export function urgency(waitedMs: number): 'info' | 'warning' | 'danger' {
  if (waitedMs > RED_MS) return 'danger';
  return waitedMs >= AMBER_MS ? 'warning' : 'info';
}
