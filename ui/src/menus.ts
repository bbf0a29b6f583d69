/** What the right mouse button offers on messages and threads, and how copied messages read. */
import { fullTime } from './format';
import { t } from './l10n.svelte';
import type { MenuItem } from './menuItem';
import type { App } from './state/app.svelte';
import type { Conversation } from './state/conversation.svelte';
import { muteOf, withMute } from './state/muting';
import { cleanName } from './text';
import type { MessageItem, ThreadItem } from './types';

/** Puts text into the clipboard; says so when that fails. */
export async function copy(app: App, text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    app.toasts.say(t('menu-copy-failed'), 'danger');
  }
}

/**
 * What is selected, as plain text. Within one message only its words; over several, each with its author and time, as
 * people paste conversations elsewhere.
 */
export function selectedText(selection: Selection | null): string {
  if (!selection || selection.isCollapsed) return '';
  const range = selection.getRangeAt(0);
  const bubbles = [...document.querySelectorAll<HTMLElement>('[data-message-id]')].filter((bubble) =>
    range.intersectsNode(bubble),
  );
  const pieces = bubbles
    .map((bubble) => ({ bubble, text: wordsWithin(range, bubble) }))
    .filter((piece) => piece.text !== '');
  if (pieces.length === 0) return selection.toString();
  if (pieces.length === 1) return pieces[0]?.text ?? '';
  return pieces
    .map(({ bubble, text }) => {
      const time = bubble.querySelector('time')?.dateTime;
      return `${bubble.dataset['author'] ?? ''}${time ? `, [${fullTime(time)}]` : ''}\n${text}`;
    })
    .join('\n\n');
}

/** The part of a bubble's words that lies in the range. */
function wordsWithin(range: Range, bubble: HTMLElement): string {
  const words = bubble.querySelector('.text');
  if (!words || !range.intersectsNode(words)) return '';
  const part = document.createRange();
  part.selectNodeContents(words);
  if (words.contains(range.startContainer)) part.setStart(range.startContainer, range.startOffset);
  if (words.contains(range.endContainer)) part.setEnd(range.endContainer, range.endOffset);
  return part.toString().trim();
}

export function copySelection(app: App): Promise<void> {
  return copy(app, selectedText(window.getSelection()));
}

/** Ctrl+C: the same as in the menu, without the names that only screen readers hear. */
export function oncopy(event: ClipboardEvent): void {
  const text = selectedText(window.getSelection());
  if (text === '' || !event.clipboardData) return;
  event.clipboardData.setData('text/plain', text);
  event.preventDefault();
}

function linkAt(event: MouseEvent): HTMLAnchorElement | null {
  return event.target instanceof Element ? event.target.closest('a') : null;
}

/** For a message: its words, what is selected, a link under the pointer, and the ways out of a failure. */
export function messageMenu(
  app: App,
  conversation: Conversation,
  message: MessageItem,
  event: MouseEvent,
): readonly MenuItem[] {
  const link = linkAt(event)?.getAttribute('href');
  const isSelected = selectedText(window.getSelection()) !== '';
  const fail = (thrown: unknown) => app.toasts.fail(thrown);
  const item = (name: string, act: () => void, isDangerous = false): MenuItem => ({
    id: `menu-${name}`,
    label: t(`menu-${name}`),
    isDangerous,
    act,
  });
  const items: MenuItem[] = [];
  if (link) {
    items.push(item('open-link', () => void app.openLink(link)));
    items.push(item('copy-link', () => void copy(app, link)));
  }
  if (isSelected) items.push(item('copy-selection', () => void copySelection(app)));
  items.push(item('copy-text', () => void copy(app, message.message)));
  items.push(item('select', () => selectMessage(message.id)));
  if (message.state.state === 'failed') {
    items.push(item('retry', () => void conversation.retry(message.id).catch(fail)));
    items.push(item('delete', () => void conversation.cancel(message.id).catch(fail), true));
  }
  return items;
}

/** Selects a message's words, so that the selection can be drawn on over others. */
function selectMessage(id: string): void {
  const words = document.querySelector(`[data-message-id="${CSS.escape(id)}"] .text`);
  if (words) window.getSelection()?.selectAllChildren(words);
}

/** Leads to the thread in the app of whoever copied it. */
function threadLink(app: App, thread: ThreadItem): string {
  return `${app.role === 'seller' ? 'prilavok-seller' : 'prilavok'}://thread/${thread.id}`;
}

/** No notices of the thread, or again. */
function muteItem(
  app: App,
  thread: ThreadItem,
  item: (name: string, act: () => void) => MenuItem,
): readonly MenuItem[] {
  const now = Date.now();
  const isMuted = muteOf(app.settings.value.muted, thread.id, now) !== null;
  const muted = withMute(app.settings.value.muted, thread.id, isMuted ? null : 'forever', now);
  const change = () =>
    void app.settings.change({ muted }).catch((thrown: unknown) => app.toasts.fail(thrown));
  return [item(isMuted ? 'unmute' : 'mute', change)];
}

/** For a row of the list. */
export function threadMenu(app: App, thread: ThreadItem): readonly MenuItem[] {
  const item = (name: string, act: () => void): MenuItem => ({
    id: `menu-${name}`,
    label: t(`menu-${name}`),
    act,
  });
  return [
    item('open', () => app.router.openThread(thread.id)),
    ...(thread.unread_count > 0 ? [item('mark-read', () => void app.markRead(thread))] : []),
    ...muteItem(app, thread, item),
    item('copy-name', () => void copy(app, cleanName(thread.counterpart.name))),
    item('copy-thread-link', () => void copy(app, threadLink(app, thread))),
  ];
}
