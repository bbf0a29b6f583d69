/**
 * What a row of the list is called by a screen reader: everything that it shows, in one line.
 */
import { listTime } from './format';
import { t } from './l10n.svelte';
import { cleanName, oneLine } from './text';
import type { ThreadItem } from './types';

export function rowName(thread: ThreadItem, isTyping: boolean, now: number, isMuted = false): string {
  const parts = [cleanName(thread.counterpart.name)];
  if (thread.counterpart.is_online) parts.push(t('presence-online'));
  if (thread.unread_count > 0) parts.push(t('row-name-unread', { count: thread.unread_count }));
  parts.push(isTyping ? t('typing') : preview(thread));
  if (thread.last_message_time) parts.push(listTime(thread.last_message_time, now));
  if (isMuted) parts.push(t('row-muted'));
  return parts.join(', ');
}

/** The newest words of a thread in one line. */
export function preview(thread: ThreadItem): string {
  if (thread.last_message === null) return t('row-no-messages');
  const text = oneLine(thread.last_message);
  return thread.last_sender_type !== thread.counterpart.role ? t('row-you', { text }) : text;
}
