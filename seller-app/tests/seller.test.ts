import { fakeBridge, type FakeOptions } from '@prilavok/ui/bridge/fake';
import { setLanguage } from '@prilavok/ui/l10n.svelte.ts';
import { App } from '@prilavok/ui/state/app.svelte.ts';
import { fireEvent, render, screen } from '@testing-library/svelte';
import { beforeEach, expect, test } from 'vitest';

import { isAccessible } from '../../ui/tests/axe';
import Seller from '../src/Seller.svelte';
import { Desk } from '../src/desk.svelte';

beforeEach(() => {
  document.documentElement.lang = 'ru';
  document.title = 'Прилавок';
  setLanguage('ru');
});

function open(options: FakeOptions = {}) {
  const bridge = fakeBridge('seller', { stepMs: 1, answers: false, ...options });
  const app = App.open(bridge, 'seller');
  render(Seller, { app });
  return { app, bridge };
}

test('the longest wait stands on top, and whoever was answered is not among the waiting', async () => {
  const { app } = open();
  await expect.poll(() => app.threads.isLoaded).toBe(true);
  const desk = new Desk(app);
  const waits = desk.shown.map((thread) => thread.waiting_since).filter((since) => since !== null);
  expect(waits.length).toBeGreaterThan(1);
  expect(waits).toEqual(waits.toSorted());
  desk.tab = 'waiting';
  expect(desk.shown).toHaveLength(desk.count('waiting'));
  expect(desk.shown.every((thread) => thread.waiting_since !== null)).toBe(true);
});

test('the tabs say how many they hold', async () => {
  const { app } = open();
  await expect.poll(() => app.threads.isLoaded).toBe(true);
  const waiting = await screen.findByRole('button', { name: /Ждут ответа/ });
  expect(waiting).toHaveTextContent(String(app.threads.waiting));
  await fireEvent.click(waiting);
  expect(waiting).toHaveAttribute('aria-pressed', 'true');
  await isAccessible();
});

test('an open thread stays in sight although the buyer no longer waits', async () => {
  const { app } = open();
  await expect.poll(() => app.threads.isLoaded).toBe(true);
  const desk = new Desk(app);
  desk.tab = 'waiting';
  const answered = app.threads.list.find((thread) => thread.waiting_since === null);
  expect(desk.shown).not.toContain(answered);
  if (answered) app.router.openThread(answered.id);
  expect(desk.shown).toContain(answered);
});

test('a search without results says what was searched for', async () => {
  open();
  await fireEvent.input(await screen.findByRole('searchbox'), { target: { value: 'никого такого' } });
  expect(await screen.findByText('По запросу «никого такого» ничего не нашлось')).toBeVisible();
});

test('an empty queue is no riddle', async () => {
  open({ mode: 'empty' });
  expect(await screen.findByText('Чатов пока нет')).toBeVisible();
  await isAccessible();
});

test('settings make a code for a colleague', async () => {
  open();
  await fireEvent.click(await screen.findByTestId('nav-settings'));
  await fireEvent.click(await screen.findByText('Создать код'));
  expect(await screen.findByLabelText('Код приглашения')).toHaveValue('K7P2-9XQM-41ZD');
  expect(screen.getByText('Действует 24 часа.')).toBeVisible();
  await isAccessible();
});

test('a colleague joins with a code and the own name', async () => {
  const { bridge } = open({ mode: 'signin' });
  let joined: string | null = null;
  const register = bridge.register;
  bridge.register = (wanted) => {
    joined = wanted.invitation;
    return register(wanted);
  };
  await fireEvent.click(await screen.findByText('Зарегистрироваться'));
  await fireEvent.click(await screen.findByLabelText('По приглашению'));
  await isAccessible();
  const write = (label: string, value: string) =>
    fireEvent.input(screen.getByLabelText(label), { target: { value } });
  await write('Код приглашения', ' K7P2-9XQM-41ZD ');
  await write('Ваше имя', 'Мария');
  await write('Электронная почта', 'maria@example.ru');
  await write('Пароль', 'длинный пароль');
  await fireEvent.click(screen.getByTestId('sign-in-submit'));
  await expect.poll(() => joined).toBe('K7P2-9XQM-41ZD');
});
