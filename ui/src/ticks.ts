/**
 * How far one's own message got, as ticks and as words. Pure.
 */
import type { MessageItem, MessageState, Role, Seq, ThreadItem } from './types';

export type Progress = MessageState['state'];

/** Up to where a side has read. */
export function readSeq(thread: ThreadItem, side: Role): Seq {
  return side === 'buyer' ? thread.buyer_read_seq : thread.seller_read_seq;
}

function deliveredSeq(thread: ThreadItem, side: Role): Seq {
  return side === 'buyer' ? thread.buyer_delivered_seq : thread.seller_delivered_seq;
}

/**
 * The message's own state, moved on by the marks of its thread: one mark stands for all messages before it,
 * so that reading a thousand of them is one update and not a thousand.
 */
export function progress(message: MessageItem, thread: ThreadItem | null): Progress {
  const { state } = message.state;
  if (message.seq === null || thread === null) return state;
  if (state !== 'sent' && state !== 'delivered') return state;
  const other = message.sender_type === 'buyer' ? 'seller' : 'buyer';
  if (message.seq <= readSeq(thread, other)) return 'read';
  return message.seq <= deliveredSeq(thread, other) ? 'delivered' : state;
}
