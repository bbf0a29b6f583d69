/** How the fake starts: by what a test says, and in a browser by the address. */
import type { Settings } from '../../types';

export interface FakeOptions {
  /** Where it starts. */
  mode?: 'chats' | 'signin' | 'server' | 'empty';
  offline?: boolean;
  settings?: Partial<Settings>;
  /** Milliseconds of one step of a delivery; the other side answers after about six. */
  stepMs?: number;
  /** The other side answers. */
  answers?: boolean;
}

export function fromAddress(): FakeOptions {
  const asked = new URLSearchParams(typeof location === 'undefined' ? '' : location.search);
  const mode = asked.get('mode');
  const theme = asked.get('theme');
  return {
    mode: mode === 'signin' || mode === 'server' || mode === 'empty' ? mode : 'chats',
    offline: asked.has('offline'),
    settings: {
      language: asked.get('lang') ?? 'ru',
      theme: theme === 'dark' || theme === 'light' ? theme : 'system',
    },
  };
}

/** What the person has chosen before. */
export function fakeSettings(given: FakeOptions): Settings {
  return {
    language: 'ru',
    theme: 'system',
    notices: true,
    notice_text: true,
    sounds: true,
    quiet: { is_on: false, from: 1320, to: 480, days: [1, 2, 3, 4, 5, 6, 7] },
    muted: [],
    enter_sends: true,
    close_to_tray: true,
    zoom: 100,
    letter_keys: true,
    spelling: true,
    ...fromAddress().settings,
    ...given.settings,
  };
}
