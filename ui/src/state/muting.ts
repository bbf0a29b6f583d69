/**
 * Threads that raise no notices: for how long, and whether it still holds. Pure.
 */
import type { Mute, ThreadId } from '../types';

/** How long a person wants to hear nothing of a thread. */
export type Span = 'hour' | 'tomorrow' | 'forever';

export const SPANS: readonly Span[] = ['hour', 'tomorrow', 'forever'];

/** «До завтра» ends when most people's day begins. */
const MORNING = 8;

/** When a mute ends that begins now; null for good. */
export function mutedUntil(span: Span, now: number): string | null {
  switch (span) {
    case 'hour':
      return new Date(now + 3_600_000).toISOString();
    case 'tomorrow': {
      const day = new Date(now);
      return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1, MORNING).toISOString();
    }
    case 'forever':
      return null;
  }
}

/** The mute of a thread, if it holds. */
export function muteOf(muted: readonly Mute[], thread: ThreadId, now: number): Mute | null {
  const mute = muted.find((each) => each.thread_id === thread);
  return mute && holds(mute, now) ? mute : null;
}

/** With this thread muted, or no longer; those that have ended are forgotten. */
export function withMute(muted: readonly Mute[], thread: ThreadId, span: Span | null, now: number): Mute[] {
  const others = muted.filter((each) => each.thread_id !== thread && holds(each, now));
  return span === null ? others : [...others, { thread_id: thread, until: mutedUntil(span, now) }];
}

function holds(mute: Mute, now: number): boolean {
  return mute.until === null || now < Date.parse(mute.until);
}
