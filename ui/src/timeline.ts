/**
 * Messages as rows: which belong together, where a day begins, where the unread ones begin. Pure.
 */
import { dayKey } from './format';
import type { MessageItem, Seq } from './types';

export interface Row {
  message: MessageItem;
  /** A new day begins here. */
  startsDay: boolean;
  /** What follows had not been read when the thread was opened. */
  startsUnread: boolean;
  /** First of its group: more space above, full corner. */
  startsGroup: boolean;
  /** Last of its group. */
  endsGroup: boolean;
  /** The product is shown: this is the first message in the stretch about it. */
  showsProduct: boolean;
}

/** Longer pauses separate groups. */
const GROUP_MS = 5 * 60_000;

/** By place in the thread; what is unsent follows, in the order in which it was written. */
export function inOrder(left: MessageItem, right: MessageItem): number {
  if (left.seq !== null && right.seq !== null) return left.seq - right.seq;
  if (left.seq === null && right.seq === null) return left.local_order - right.local_order;
  return left.seq === null ? 1 : -1;
}

function belongTogether(above: MessageItem, below: MessageItem): boolean {
  return (
    above.sender_type === below.sender_type &&
    Date.parse(below.created_at) - Date.parse(above.created_at) <= GROUP_MS &&
    dayKey(above.created_at) === dayKey(below.created_at)
  );
}

/** A message about the same product as the one before it needs no second card. */
function sameProduct(above: MessageItem | undefined, below: MessageItem): boolean {
  return above?.product_id === below.product_id;
}

/**
 * Rows for one loaded stretch, oldest first. While older messages exist, the first row opens no day: its day
 * may have begun earlier, and a chip that moves away would make the page jump.
 */
export function rows(messages: readonly MessageItem[], firstUnread: Seq | null, hasOlder: boolean): Row[] {
  const made: Row[] = [];
  let lastProduct: MessageItem | undefined;
  for (const [index, message] of messages.entries()) {
    const above = messages[index - 1];
    const startsDay = above ? dayKey(above.created_at) !== dayKey(message.created_at) : !hasOlder;
    const startsUnread = firstUnread !== null && message.seq === firstUnread;
    const startsGroup = !above || startsDay || startsUnread || !belongTogether(above, message);
    const showsProduct = message.product_id !== null && !sameProduct(lastProduct, message);
    if (message.product_id !== null) lastProduct = message;
    const before = made.at(-1);
    if (before) before.endsGroup = startsGroup;
    made.push({ message, startsDay, startsUnread, startsGroup, endsGroup: true, showsProduct });
  }
  return made;
}
