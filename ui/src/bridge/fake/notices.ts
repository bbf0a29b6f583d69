/** The fake's side of notices: a desktop on which most is well, and a field that answers the first thread. */
import type { ThreadItem } from '../../types';
import type { CheckItem, NoticesBridge } from '../notices';

const item = (
  id: string,
  standing: CheckItem['standing'],
  word: string,
  facts: CheckItem['facts'] = {},
): CheckItem => ({ id, standing, word, facts });

const SEEN: readonly CheckItem[] = [
  item('notices', 'good', 'good', { muted: 1 }),
  item('daemon', 'good', 'good', { name: 'Plasma', version: '6.2.1' }),
  item('dialect', 'good', 'good', { list: 'body, actions, inline-reply' }),
  item('sound', 'good', 'daemon'),
  item('tray', 'poor', 'none'),
  item('keychain', 'good', 'good'),
  item('autostart', 'poor', 'none'),
  item('server', 'good', 'good', { name: 'Ярмарка', address: 'https://chat.example.ru' }),
  item('line', 'good', 'good'),
  item('certificate', 'good', 'good'),
  item('clock', 'bad', 'slow', { seconds: 540, minutes: 9 }),
  item('version', 'good', 'both', { own: '0.1.0', server: '0.1.0' }),
  item('disk', 'good', 'good', { gigabytes: 48 }),
];

interface World {
  calls: string[];
  language: () => string;
  thread: () => ThreadItem | null;
}

export function fakeNotices(world: World): NoticesBridge {
  return {
    answering: async () => ({ thread: world.thread(), text: '', failure: null, language: world.language() }),
    answer: async (text) => void world.calls.push(`answer:${text}`),
    keep_answer: async (text, isLeaving) => void world.calls.push(`keep_answer:${text} ${isLeaving}`),
    check_all: async () => [...SEEN],
    try_notice: async () => true,
    notice_clicked: () => new Promise(() => undefined),
    try_sound: async () => true,
  };
}
