/** What can be done from anywhere, with the key that does it. The palette shows these; the keys are bound in `keys`. */
import { t } from './l10n.svelte';
import type { PaletteItem } from './palette';
import type { App } from './state/app.svelte';
import { cleanName } from './text';

export function commands(app: App): readonly PaletteItem[] {
  const command = (name: string, act: () => void, key?: string): PaletteItem => ({
    id: `command-${name}`,
    kind: 'command',
    title: t(`command-${name}`),
    ...(key === undefined ? {} : { key }),
    act,
  });
  const change = (part: Parameters<typeof app.settings.change>[0]) => () =>
    void app.settings.change(part).catch((thrown: unknown) => app.toasts.fail(thrown));
  const follow = (step: Promise<void>) => void step.catch((thrown: unknown) => app.toasts.fail(thrown));
  const isBuyer = app.role === 'buyer';
  const hasThread = app.router.thread !== null;
  return [
    command('chats', () => app.router.go({ page: 'chats', thread: null })),
    ...(isBuyer
      ? [
          command('catalogue', () => app.router.go({ page: 'catalogue', search: '' })),
          command('sellers', () => app.router.go({ page: 'sellers' })),
        ]
      : [command('longest', () => app.openLongestWaiting(), 'G L')]),
    command('settings', () => app.router.go({ page: 'settings' }), 'Ctrl ,'),
    command('keys', () => (app.overlays.keys = true), 'Ctrl /'),
    ...(hasThread
      ? [
          command('find', () => app.openFinder(), 'Ctrl F'),
          command('info', () => app.layout.toggleInfo(), 'Ctrl I'),
          command('emoji', () => (app.overlays.emoji = true), 'Ctrl E'),
        ]
      : []),
    command('zoom-in', () => app.zoom(1), 'Ctrl +'),
    command('zoom-out', () => app.zoom(-1), 'Ctrl −'),
    command('zoom-reset', () => app.zoom(0), 'Ctrl 0'),
    command('light', change({ theme: 'light' })),
    command('dark', change({ theme: 'dark' })),
    command('system', change({ theme: 'system' })),
    command('language', change({ language: app.settings.value.language.startsWith('en') ? 'ru' : 'en' })),
    ...accounts(app, follow),
    command('add-account', () => follow(app.accounts.add())),
    command('sign-out', () => (app.overlays.signOut = 'here')),
    command('reconnect', () => void app.reconnectNow()),
  ];
}

/** The other accounts here, each with the key of its number. */
function accounts(app: App, follow: (step: Promise<void>) => void): readonly PaletteItem[] {
  return app.accounts.signedIn
    .map((row, index) => ({ row, number: index + 1 }))
    .filter(({ row }) => !row.is_front)
    .map(({ row, number }) => ({
      id: `account-${row.seat}`,
      kind: 'command' as const,
      title: t('command-account', { name: cleanName(row.label) }),
      ...(number <= 9 ? { key: `Ctrl Shift ${number}` } : {}),
      act: () => follow(app.accounts.switchTo(row.seat)),
    }));
}
