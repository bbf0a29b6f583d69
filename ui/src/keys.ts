/**
 * The keyboard, as an attachment for the root of an app. Keys with Ctrl or Alt work everywhere; one-letter
 * keys belong to the list and are handled there, but for a few.
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
export function shortcuts(app: App, threads: () => readonly ThreadItem[]): Attachment<HTMLElement> {
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
  /** One letter does something only where nobody writes, and can be turned off (WCAG 2.1.4). */
  const letter = (act: () => void) => (event: KeyboardEvent) => {
    if (!app.settings.value.letter_keys || isWriting(event.target)) return;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    does(act)(event);
  };
  const onwheel = (event: WheelEvent) => {
    if (!event.ctrlKey || event.deltaY === 0) return;
    event.preventDefault();
    app.zoom(event.deltaY < 0 ? 1 : -1);
  };
  /** The accounts in the order of their menu. */
  const accounts = Object.fromEntries(
    [1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => [
      `$mod+Shift+Digit${number}`,
      does(() => {
        const row = app.accounts.signedIn[number - 1];
        if (row && !row.is_front)
          app.accounts.switchTo(row.seat).catch((thrown: unknown) => app.toasts.fail(thrown));
      }),
    ]),
  );
  // By their place on the keyboard: with a Russian layout the letter on it is another.
  const bindings: KeyBindingMap = {
    '$mod+KeyK': does(() => {
      app.overlays.closeMenu();
      app.overlays.palette = !app.overlays.palette;
    }),
    '$mod+KeyF': does(() => (app.router.thread === null ? focusSearch() : app.openFinder())),
    '$mod+KeyE': does(() => {
      if (app.router.thread !== null) app.overlays.emoji = !app.overlays.emoji;
    }),
    '$mod+Semicolon': does(() => {
      if (app.router.thread !== null) app.overlays.emoji = !app.overlays.emoji;
    }),
    'Alt+ArrowDown': does(() => move(1)),
    'Alt+ArrowUp': does(() => move(-1)),
    '$mod+Shift+ArrowDown': does(() => moveUnread(1)),
    '$mod+Shift+ArrowUp': does(() => moveUnread(-1)),
    'Alt+ArrowLeft': does(() => back(app)),
    Escape: () => back(app),
    ...accounts,
    F6: does(() => nextPane(1)),
    'Shift+F6': does(() => nextPane(-1)),
    '$mod+Comma': does(() => app.router.go({ page: 'settings' })),
    '$mod+Slash': does(() => (app.overlays.keys = true)),
    '$mod+KeyI': does(() => app.layout.toggleInfo()),
    '$mod+KeyQ': does(() => app.quit()),
    '$mod+Equal': does(() => app.zoom(1)),
    '$mod+Shift+Equal': does(() => app.zoom(1)),
    '$mod+Minus': does(() => app.zoom(-1)),
    '$mod+Digit0': does(() => app.zoom(0)),
    '$mod+NumpadAdd': does(() => app.zoom(1)),
    '$mod+NumpadSubtract': does(() => app.zoom(-1)),
    '$mod+Numpad0': does(() => app.zoom(0)),
    KeyR: letter(() => document.querySelector<HTMLElement>('[data-testid=composer]')?.focus()),
    'KeyG KeyL': letter(() => {
      if (app.role === 'seller') app.openLongestWaiting();
    }),
    // Reloading the page would lose the place; the engine keeps everything current by itself.
    '$mod+KeyR': does(() => undefined),
  };
  return () => {
    const stop = tinykeys(window, bindings);
    // Not passive: the wheel must not scroll as well.
    window.addEventListener('wheel', onwheel, { passive: false });
    return () => {
      stop();
      window.removeEventListener('wheel', onwheel);
    };
  };
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, dialog, [role=menu]') !== null;
}

function back(app: App): void {
  if (document.querySelector('dialog[open], [role=menu]')) return;
  if (app.overlays.finder) app.closeFinder();
  else if (app.layout.drawer) app.layout.drawer = false;
  else if (app.router.thread !== null) app.router.closeThread();
  else app.router.back();
}
