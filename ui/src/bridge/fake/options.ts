/** How the fake starts: by what a test says, and in a browser by the address. */
import { DEFAULTS } from '../../defaults';
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
    ...DEFAULTS,
    ...fromAddress().settings,
    ...given.settings,
  };
}
