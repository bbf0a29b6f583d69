/**
 * The keyboard, as an attachment for the root of an app. Keys with Ctrl or Alt work everywhere; one-letter
 * keys belong to the list and are handled there (WCAG 2.1.4).
 */
import type { Attachment } from 'svelte/attachments';
import { tinykeys, type KeyBindingMap } from 'tinykeys';

import type { App } from './state/app.svelte';
import type { ThreadItem } from './types';

/** The parts of the window between which F6 moves carry `data-pane`; what is to be reached in one, `data-pane-focus`. */
function nextPane(step: 1 | -1): void {
  const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')].filter(
    (pane) => pane.offsetParent,
  );
  const at = panes.findIndex((pane) => pane.contains(document.activeElement));
  const pane = panes.at((at + step) % Math.max(1, panes.length));
  const target =
    pane?.querySelector<HTMLElement>('[data-pane-focus]') ??
    pane?.querySelector<HTMLElement>('a[href], button, input, textarea, [tabindex="0"]');
  target?.focus();
}

function focusSearch(): void {
  const field = document.querySelector<HTMLInputElement>('input[data-search]');
  field?.focus();
  field?.select();
}

/** The row before or after the open one, in the order in which the list shows them. */
export function neighbour(
  threads: readonly ThreadItem[],
  open: string | null,
  step: 1 | -1,
  isWanted: (thread: ThreadItem) => boolean = () => true,
): ThreadItem | null {
  const at = threads.findIndex((thread) => thread.id === open);
  const rest = step === 1 ? threads.slice(at + 1) : threads.slice(0, Math.max(0, at)).toReversed();
  return rest.find(isWanted) ?? null;
}

/** All keys that work everywhere. `threads` answers what the list shows now. */
export function shortcuts(
  app: App,
  threads: () => readonly ThreadItem[],
  help: () => void,
): Attachment<HTMLElement> {
  const open = (thread: ThreadItem | null) => {
    if (thread) app.router.openThread(thread.id);
  };
  const move = (step: 1 | -1) => open(neighbour(threads(), app.router.thread, step));
  const moveUnread = (step: 1 | -1) =>
    open(neighbour(threads(), app.router.thread, step, (thread) => thread.unread_count > 0));
  const does = (act: () => void) => (event: KeyboardEvent) => {
    event.preventDefault();
    act();
  };
  // By their place on the keyboard: with a Russian layout the letter on it is another.
  const bindings: KeyBindingMap = {
    '$mod+KeyK': does(focusSearch),
    'Alt+ArrowDown': does(() => move(1)),
    'Alt+ArrowUp': does(() => move(-1)),
    '$mod+Shift+ArrowDown': does(() => moveUnread(1)),
    '$mod+Shift+ArrowUp': does(() => moveUnread(-1)),
    'Alt+ArrowLeft': does(() => back(app)),
    Escape: () => back(app),
    F6: does(() => nextPane(1)),
    'Shift+F6': does(() => nextPane(-1)),
    '$mod+Comma': does(() => app.router.go({ page: 'settings' })),
    '$mod+Slash': does(help),
    '$mod+KeyI': does(() => app.layout.toggleInfo()),
    '$mod+KeyQ': does(() => app.quit()),
    // Reloading the page would lose the place; the engine keeps everything current by itself.
    '$mod+KeyR': does(() => undefined),
  };
  return () => tinykeys(window, bindings);
}

function back(app: App): void {
  if (document.querySelector('dialog[open]')) return;
  if (app.layout.drawer) app.layout.drawer = false;
  else if (app.router.thread !== null) app.router.closeThread();
  else app.router.back();
}
