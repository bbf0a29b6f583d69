/** How the fake starts: by what a test says, and in a browser by the address. */
import { DEFAULTS } from '../../defaults';
import type { Hint, HintsBridge } from '../hints';
import type { Account, Role, Settings } from '../../types';

export interface FakeOptions {
  /** Where it starts. */
  mode?: 'chats' | 'signin' | 'server' | 'empty';
  offline?: boolean;
  settings?: Partial<Settings>;
  /** Milliseconds of one step of a delivery; the other side answers after about six. */
  stepMs?: number;
  /** The other side answers. */
  answers?: boolean;
  /** Which hints were seen; all, unless it is said. */
  seen?: Hint[];
  /** The server that the build names. */
  home?: string;
  /** How many accounts are signed in. */
  accounts?: number;
}

export function fromAddress(): FakeOptions {
  const asked = new URLSearchParams(typeof location === 'undefined' ? '' : location.search);
  const mode = asked.get('mode');
  const theme = asked.get('theme');
  return {
    mode: mode === 'signin' || mode === 'server' || mode === 'empty' ? mode : 'chats',
    offline: asked.has('offline'),
    ...(asked.has('new') ? { seen: [] } : {}),
    accounts: Number(asked.get('accounts') ?? 1),
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

const BUYERS = ['Анна Ветрова', 'Ветрова, для дома'];
const SELLERS = ['Мария, Чайная гора', 'Мария, Льняной двор', 'Мария, Глиняный кот'];

/** Who is signed in at a seat. */
export function fakeAccount(role: Role, seat: number): Account {
  const id = `account-${seat}`;
  const names = role === 'buyer' ? BUYERS : SELLERS;
  const name = names[(seat - 1) % names.length] ?? '';
  if (role === 'buyer') return { id, role, name, buyer_id: `buyer-${seat + 6}` };
  return { id, role, name, seller_id: `seller-${seat - 1}` };
}

/** The fake's side of hints, for whoever is new. */
export function fakeHints(given: FakeOptions, calls: string[]): HintsBridge {
  const seen = [...(given.seen ?? [])];
  return {
    first_steps: async () => ({ server: given.home ?? null, seen: [...seen] }),
    hint_seen: async (hint) => {
      calls.push(`hint_seen:${hint}`);
      seen.push(hint);
    },
  };
}
