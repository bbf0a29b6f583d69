import { expect, it } from 'vitest';

import { fakeBridge } from '../src/bridge/fake';
import { Conversation } from '../src/state/conversation.svelte';
import type { MessageItem } from '../src/types';

async function open(id = 'thread-0') {
  const bridge = fakeBridge('buyer', { stepMs: 1, answers: false });
  const thread = await bridge.thread(id);
  if (!thread) throw new Error('the fake has no such thread');
  const conversation = new Conversation(bridge, 'buyer', id);
  await bridge.subscribe((updates) => {
    for (const update of updates) if (update.kind === 'message') conversation.apply(update.message);
  });
  await conversation.open(thread);
  return { bridge, thread, conversation };
}

const seqs = (conversation: Conversation) => conversation.messages.map((message) => message.seq ?? Infinity);
const isUnbroken = (all: number[]) =>
  all.every((seq, index) => index === 0 || seq === (all[index - 1] ?? 0) + 1);

it('opens around the first unread message and keeps the divider there', async () => {
  const { bridge, conversation } = await open();
  expect(conversation.firstUnread).toBe(99_999);
  bridge.hear('thread-0', 'ещё');
  expect(conversation.firstUnread).toBe(99_999);
  expect(conversation.messages.at(-1)?.message).toBe('ещё');
});

it('slides through a hundred thousand messages without holes, holding few of them', async () => {
  const { conversation } = await open();
  for (let page = 0; page < 40; page += 1) await conversation.older();
  expect(conversation.messages.length).toBeLessThanOrEqual(1200);
  expect(seqs(conversation)[0]).toBeLessThan(97_700);
  expect(isUnbroken(seqs(conversation))).toBe(true);
  expect(conversation.hasNewer).toBe(true);
  while (conversation.hasNewer) await conversation.newer();
  expect(seqs(conversation).at(-1)).toBe(100_000);
  expect(isUnbroken(seqs(conversation))).toBe(true);
  expect(conversation.hasOlder).toBe(true);
});

it('goes to the very beginning at once, and back', async () => {
  const { conversation } = await open();
  await conversation.toOldest();
  expect(seqs(conversation)[0]).toBe(1);
  expect(isUnbroken(seqs(conversation))).toBe(true);
  expect([conversation.hasOlder, conversation.hasNewer]).toEqual([false, true]);
  await conversation.toNewest();
  expect(seqs(conversation).at(-1)).toBe(100_000);
});

it('keeps what it shows when the beginning is out of reach', async () => {
  const { bridge, conversation } = await open();
  const before = seqs(conversation);
  bridge.messages = () =>
    Promise.resolve({ messages: [], has_older: false, has_newer: true, incomplete: true });
  await conversation.toOldest();
  expect(seqs(conversation)).toEqual(before);
  expect(conversation.hasOlder).toBe(true);
});

it('does not tear a hole when something arrives while one reads far above', async () => {
  const { bridge, conversation } = await open();
  for (let page = 0; page < 25; page += 1) await conversation.older();
  const before = conversation.messages.length;
  bridge.hear('thread-0', 'внизу');
  expect(conversation.messages.length).toBe(before);
  await conversation.toNewest();
  expect(conversation.messages.at(-1)?.message).toBe('внизу');
});

it('shows one message for one sent, whatever order its updates come in', async () => {
  const { bridge, thread, conversation } = await open('thread-1');
  const sent = await bridge.send(thread.id, 'раз', null);
  const stored: MessageItem = { ...sent, seq: 3, state: { state: 'sent' } };
  conversation.apply(stored);
  conversation.apply(stored);
  expect(conversation.messages.filter((message) => message.id === sent.id)).toHaveLength(1);
  expect(conversation.messages.at(-1)?.state.state).toBe('sent');
});

it('asks for nothing older at the very beginning', async () => {
  const { conversation } = await open('thread-1');
  expect(conversation.hasOlder).toBe(false);
  const before = conversation.messages;
  await conversation.older();
  expect(conversation.messages).toBe(before);
});

it('marks only forward', async () => {
  const { bridge, conversation } = await open();
  conversation.seen(100_000);
  conversation.seen(99_999);
  expect(bridge.calls.filter((call) => call.startsWith('mark_read'))).toEqual(['mark_read:100000']);
});

it('keeps what is unsent below everything else', async () => {
  const { bridge, thread, conversation } = await open('thread-1');
  bridge.goOffline();
  await bridge.send(thread.id, 'жду', null);
  bridge.hear(thread.id, 'пришло');
  expect(conversation.messages.slice(-2).map((message) => message.message)).toEqual(['пришло', 'жду']);
});

it('forgets a message that was taken back', async () => {
  const { bridge, thread, conversation } = await open('thread-1');
  bridge.goOffline();
  const message = await bridge.send(thread.id, 'лишнее', null);
  expect(await conversation.cancel(message.id)).toBe(true);
  conversation.remove(message.id);
  expect(conversation.messages.some((each) => each.id === message.id)).toBe(false);
});

it('asks again for older messages once the connection is back, and stays where it was', async () => {
  const { bridge, conversation } = await open();
  const messages = bridge.messages;
  bridge.messages = async () => ({ messages: [], has_older: true, has_newer: false, incomplete: true });
  await conversation.older();
  expect(conversation.isIncomplete).toBe(true);
  const [first] = seqs(conversation);
  const { replaced } = conversation;
  bridge.messages = messages;
  await conversation.complete();
  expect(conversation.isIncomplete).toBe(false);
  expect(seqs(conversation)[0]).toBeLessThan(first ?? 0);
  expect(conversation.replaced).toBe(replaced);
});
