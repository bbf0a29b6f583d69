import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { setLanguage } from '../src/l10n.svelte';
import { play } from './stage';

beforeEach(() => {
  setLanguage('ru');
  localStorage.clear();
});

const field = () => screen.getByTestId<HTMLTextAreaElement>('composer');
const bubbles = () => screen.getAllByTestId('bubble');

afterEach(() => void vi.unstubAllGlobals());

describe('the list', () => {
  it('says everything about a row in its name', async () => {
    await play('buyer', null);
    const row = screen.getAllByTestId('thread-row').find((each) => each.dataset['threadId'] === 'thread-0');
    expect(row).toHaveAccessibleName(/^Чайная гора, в сети, 2 непрочитанных, Отправим сегодня/u);
  });

  it('is drawn whole at once, before its height has been measured', async () => {
    class Blind implements ResizeObserver {
      observe(): void {}
      unobserve(): void {}
      disconnect(): void {}
    }
    vi.stubGlobal('ResizeObserver', Blind);
    const { app } = await play('buyer', null);
    expect(app.threads.list.length).toBeGreaterThan(1);
    expect(screen.getAllByTestId('thread-row')).toHaveLength(app.threads.list.length);
  });

  it('is walked with arrows and opened with Enter', async () => {
    const { app } = await play('buyer', null);
    const list = screen.getByRole('listbox');
    list.focus();
    await userEvent.keyboard('{ArrowDown}{Enter}');
    expect(app.router.thread).toBe(app.threads.list[1]?.id);
  });

  it('finds by name and by words, with ё or е', async () => {
    const { app } = await play('buyer', null);
    app.threads.search = 'лен и';
    expect(app.threads.matching(app.threads.list).map((thread) => thread.counterpart.name)).toEqual([
      'Лён и Нить',
    ]);
  });

  it("puts a seller's longest waiting first", async () => {
    const { app } = await play('seller', null);
    const waits = app.threads.queue.map((thread) => thread.waiting_since).filter((since) => since !== null);
    expect(waits.length).toBeGreaterThan(1);
    expect(waits).toEqual(waits.toSorted());
    expect(app.threads.queue[0]?.waiting_since).not.toBeNull();
  });
});

describe('the log', () => {
  it('shows the newest of a hundred thousand messages, with few of them in the page', async () => {
    const { app } = await play('buyer', 'thread-0');
    expect(app.threads.get('thread-0')?.head_seq).toBe(100_000);
    expect(bubbles().length).toBeLessThan(80);
  });

  it('takes in what the other side writes, once', async () => {
    const { bridge } = await play('buyer', 'thread-1');
    bridge.hear('thread-1', 'Пришло ли всё целым?');
    await waitFor(() => expect(bubbles().at(-1)).toHaveTextContent('Пришло ли всё целым?'));
    expect(bubbles().filter((each) => each.textContent.includes('целым'))).toHaveLength(1);
  });

  it('marks as read what is in front of the eyes', async () => {
    const { bridge } = await play('buyer', 'thread-2');
    await waitFor(() => expect(bridge.calls).toContain('mark_read:2'));
  });

  it('shows markup as text', async () => {
    const { bridge, container } = await play('buyer', 'thread-1');
    bridge.hear('thread-1', '<img src=x onerror=alert(1)> <b>жирно</b>');
    await waitFor(() => expect(bubbles().at(-1)).toHaveTextContent('<b>жирно</b>'));
    expect(container.querySelector('[data-testid=bubble] b')).toBeNull();
  });

  it('opens addresses through the engine', async () => {
    const { bridge } = await play('buyer', 'thread-1');
    bridge.hear('thread-1', 'https://example.ru/x');
    await userEvent.click(await screen.findByRole('link', { name: 'https://example.ru/x' }));
    expect(bridge.calls).toContain('open_link:https://example.ru/x');
  });
});

describe('the field', () => {
  it('sends with Enter, empties itself, and the ticks follow', async () => {
    const { bridge } = await play('buyer', 'thread-1');
    await userEvent.type(field(), 'Спасибо!{Enter}');
    expect(bridge.calls).toContain('send:Спасибо!');
    expect(field()).toHaveValue('');
    await waitFor(() => expect(bubbles().at(-1)).toHaveAttribute('data-state', 'read'));
    expect(within(bubbles().at(-1) ?? document.body).getByText('прочитано')).toBeInTheDocument();
  });

  it('breaks the line with Shift+Enter', async () => {
    await play('buyer', 'thread-1');
    await userEvent.type(field(), 'раз{Shift>}{Enter}{/Shift}два');
    expect(field()).toHaveValue('раз\nдва');
  });

  it('waits for Ctrl+Enter where the person chose so', async () => {
    const { bridge } = await play('buyer', 'thread-1', { settings: { enter_sends: false } });
    await userEvent.type(field(), 'раз{Enter}два');
    expect(field()).toHaveValue('раз\nдва');
    await userEvent.keyboard('{Control>}{Enter}{/Control}');
    expect(bridge.calls).toContain('send:раз\nдва');
  });

  it('keeps what was typed as a draft, and says that one types', async () => {
    const { bridge } = await play('buyer', 'thread-1');
    await userEvent.type(field(), 'Ещё');
    expect(bridge.calls.filter((call) => call === 'typing:true')).toHaveLength(1);
    await waitFor(() => expect(bridge.calls).toContain('set_draft:Ещё'));
  });

  it('does not send what is too long, and says by how much', async () => {
    await play('buyer', 'thread-1');
    await fireEvent.input(field(), { target: { value: 'я'.repeat(4098) } });
    expect(screen.getByTestId('send')).toBeDisabled();
    expect(screen.getByRole('alert')).toHaveTextContent('на 2 знака длиннее');
  });

  it('is filled with a line about the product, unsent, and a draft is left alone', async () => {
    const { app, bridge } = await play('buyer', null);
    const product = await app.catalogue.product('product-5');
    await app.writeTo('seller-5', product);
    await waitFor(() => expect(field().value).toContain('Кружка «Зима»'));
    expect(bridge.calls.some((call) => call.startsWith('send:'))).toBe(false);
    await app.writeTo('seller-4', product);
    await waitFor(() => expect(field()).toHaveValue('А в подарочной коробке'));
  });
});

describe('the connection', () => {
  it('is said in words when it is gone; what is written waits and leaves once', async () => {
    const { bridge } = await play('buyer', 'thread-1');
    bridge.goOffline();
    expect(await screen.findByTestId('offline-bar')).toHaveTextContent('Нет соединения');
    await userEvent.type(field(), 'Жду связи{Enter}');
    await waitFor(() => expect(bubbles().at(-1)).toHaveAttribute('data-state', 'queued'));
    bridge.goOnline();
    await waitFor(() => expect(bubbles().at(-1)).toHaveAttribute('data-state', 'read'));
    expect(bubbles().filter((each) => each.textContent.includes('Жду связи'))).toHaveLength(1);
    expect(screen.queryByTestId('offline-bar')).toBeNull();
  });

  it('shows that the other side types', async () => {
    const { bridge } = await play('buyer', 'thread-1');
    bridge.seeTyping('thread-1', true);
    expect(await screen.findByTestId('typing')).toHaveTextContent('печатает…');
    bridge.seeTyping('thread-1', false);
    await waitFor(() => expect(screen.queryByTestId('typing')).toBeNull());
  });
});

describe('keys', () => {
  it('walk through the chats, and Esc goes back to the list', async () => {
    const { app } = await play('buyer', 'thread-0');
    const [, , next] = app.threads.list;
    await userEvent.keyboard('{Alt>}{ArrowDown}{/Alt}');
    expect(app.router.thread).toBe(next?.id);
    await userEvent.keyboard('{Escape}');
    expect(app.router.thread).toBeNull();
  });

  it('show themselves on a sheet', async () => {
    await play('buyer', null);
    await userEvent.keyboard('{Control>}[Slash]{/Control}');
    expect(screen.getByRole('dialog')).toHaveTextContent('Следующий чат');
  });
});

describe.each(['buyer', 'seller'] as const)("the %s's chat is accessible", (role) => {
  it.each(['light', 'dark'] as const)('in %s', async (theme) => {
    const { container } = await play(role, 'thread-1', { settings: { theme } });
    const { violations } = await axe.run(container, { rules: { 'color-contrast': { enabled: false } } });
    expect(
      violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.html).join(' | ')}`),
    ).toEqual([]);
  });
});
