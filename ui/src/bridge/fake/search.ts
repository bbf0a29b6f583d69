/** The fake's search: pieces of words, without the forms that the engine knows. Without a line, the newest page only. */
import type { Found, Role, Seq } from '../../types';
import { messageAt, type FakeThread } from './history';

/** What a device would hold of a thread. */
const HELD = 60;
const PAGE = 100;
const COUNTED = 1000;

const folded = (text: string) => text.toLocaleLowerCase('ru').replaceAll('ё', 'е');

export function fakeSearch(
  one: FakeThread,
  role: Role,
  asked: { text: string; before: Seq | null; isOnline: boolean },
): Found {
  const wanted = folded(asked.text.trim());
  const head = one.item.head_seq;
  const oldest = asked.isOnline ? 1 : Math.max(1, head - HELD);
  const found: Found = { hits: [], total: 0, is_partial: !asked.isOnline };
  for (let seq = head; seq >= oldest && found.total < COUNTED && wanted !== ''; seq -= 1) {
    const message = messageAt(one, seq, role);
    const at = message ? folded(message.message).indexOf(wanted) : -1;
    if (!message || at < 0) continue;
    found.total += 1;
    if ((asked.before === null || seq < asked.before) && found.hits.length < PAGE)
      found.hits.push({ id: message.id, seq, marks: [[at, at + wanted.length]] });
  }
  return found;
}
