import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';

import { BridgeError } from '../src/bridge';
import { fakeBridge } from '../src/bridge/fake';
import SettingsAccount from '../src/components/SettingsAccount.svelte';
import SignOutDialog from '../src/components/SignOutDialog.svelte';
import { setLanguage } from '../src/l10n.svelte';
import { App } from '../src/state/app.svelte';
import { sentence } from '../src/state/toasts.svelte';
import Alone from './Alone.svelte';
import { isAccessible } from './axe';
import { play } from './stage';

beforeEach(() => {
  setLanguage('ru');
  localStorage.clear();
});

const field = () => screen.getByTestId<HTMLTextAreaElement>('composer');
const bar = () => screen.findByTestId('other-draft');

describe('what another device has written', () => {
  it('is shown beside what stands in the field, and neither takes the place of the other', async () => {
    const { bridge } = await play('buyer', 'thread-1');
    await userEvent.type(field(), 'Написано здесь');
    bridge.writeElsewhere('thread-1', 'Написано\n  на телефоне');
    expect(await bar()).toHaveTextContent(/Черновик с другого устройства:\s*Написано на телефоне/u);
    expect(field()).toHaveValue('Написано здесь');
    await isAccessible();
  });

  it.each([
    ['Взять его', 'take', 'На телефоне'],
    ['Добавить в конец', 'append', 'Здесь\nНа телефоне'],
    ['Убрать', 'drop', 'Здесь'],
  ])('becomes with «%s» what the person wants', async (words, choice, left) => {
    const { bridge } = await play('buyer', 'thread-1');
    await userEvent.type(field(), 'Здесь');
    bridge.writeElsewhere('thread-1', 'На телефоне');
    await userEvent.click(within(await bar()).getByRole('button', { name: words }));
    await waitFor(() => expect(field()).toHaveValue(left));
    expect(screen.queryByTestId('other-draft')).toBeNull();
    // What was typed last was on its way to the disk: the choice is made after it.
    const calls = bridge.calls.filter((call) => call.includes('_draft:'));
    expect(calls).toEqual(['set_draft:Здесь', `choose_draft:${choice}`]);
    expect(field()).toHaveFocus();
  });

  it('stays, and says why, when the choice could not be made', async () => {
    const { bridge } = await play('buyer', 'thread-1');
    bridge.writeElsewhere('thread-1', 'На телефоне');
    const refusal = new BridgeError({ code: 'disk', detail: null, retry_after_ms: null });
    bridge.choose_draft = () => Promise.reject(refusal);
    await userEvent.click(within(await bar()).getByRole('button', { name: 'Взять его' }));
    await waitFor(() => expect(screen.getByText(sentence(refusal))).toBeInTheDocument());
    expect(await bar()).toHaveTextContent('На телефоне');
  });

  it('is marked in the list of chats where the field is empty', async () => {
    const { bridge } = await play('buyer', null);
    bridge.writeElsewhere('thread-1', 'На телефоне');
    const row = () =>
      screen.getAllByTestId('thread-row').find((each) => each.dataset['threadId'] === 'thread-1');
    await waitFor(() => expect(row()).toHaveTextContent(/Черновик.*На телефоне/u));
  });
});

describe('a message that failed', () => {
  async function failed() {
    const played = await play('buyer', 'thread-1');
    played.bridge.goOffline();
    await userEvent.type(field(), 'Не прошло{Enter}');
    played.bridge.refuse('thread-1');
    await screen.findByTestId('edit');
    return played;
  }

  it('goes back into the field below what stands there, and is sent once more from it', async () => {
    const { bridge } = await failed();
    await userEvent.type(field(), 'Уже пишу');
    await userEvent.click(screen.getByTestId('edit'));
    await waitFor(() => expect(field()).toHaveValue('Уже пишу\nНе прошло'));
    await waitFor(() => expect(screen.queryByTestId('edit')).toBeNull());
    await userEvent.type(field(), '{Enter}');
    expect(bridge.calls).toContain('send:Уже пишу\nНе прошло');
  });

  it.each(['retry', 'edit', 'delete'])('leaves the focus in the field after «%s»', async (way) => {
    const { bridge } = await play('buyer', 'thread-1');
    // Something further up that could have it as well.
    bridge.hear('thread-1', 'https://example.ru/x');
    await screen.findByRole('link', { name: 'https://example.ru/x' });
    bridge.goOffline();
    await userEvent.type(field(), 'Не прошло{Enter}');
    bridge.refuse('thread-1');
    const button = await screen.findByTestId(way);
    button.focus();
    bridge.goOnline();
    await userEvent.keyboard('{Enter}');
    await waitFor(() => expect(screen.queryByTestId(way)).toBeNull());
    await waitFor(() => expect(field()).toHaveFocus());
  });

  it('says that it is too late when it has left meanwhile', async () => {
    const { bridge } = await failed();
    bridge.edit = () => Promise.resolve(false);
    await userEvent.click(screen.getByTestId('edit'));
    expect(await screen.findByText('Сообщение уже ушло: его не изменить и не удалить')).toBeInTheDocument();
    expect(field()).toHaveValue('');
  });
});

describe('signing out', () => {
  async function asked(prepare: (bridge: ReturnType<typeof fakeBridge>) => Promise<void>) {
    const bridge = fakeBridge('buyer', { stepMs: 1, answers: false });
    for (const { id } of await bridge.threads()) await bridge.set_draft(id, '', 0, 0);
    await prepare(bridge);
    const app = App.open(bridge, 'buyer');
    await waitFor(() => expect(app.isReady).toBe(true));
    render(Alone, { app, part: SettingsAccount });
    render(Alone, { app, part: SignOutDialog });
    await userEvent.click(screen.getByTestId('sign-out'));
    return { app, bridge, dialog: await screen.findByRole('dialog') };
  }

  it('counts what was not sent and what was begun', async () => {
    const { dialog, bridge } = await asked(async (bridge) => {
      bridge.goOffline();
      for (const text of ['раз', 'два', 'три']) await bridge.send('thread-1', text, null);
      await bridge.set_draft('thread-2', 'начато', 0, 0);
      bridge.writeElsewhere('thread-0', 'начато на телефоне');
    });
    expect(dialog).toHaveTextContent('3 сообщения ещё не отправлены: они уйдут, когда вы снова войдёте.');
    expect(dialog).toHaveTextContent('2 черновика подождут вас здесь.');
    await isAccessible();
    await userEvent.click(screen.getByTestId('sign-out-surely'));
    await waitFor(async () => expect((await bridge.identity()).account).toBeNull());
  });

  it('counts the letters that were typed a moment ago, and says nothing where there is nothing', async () => {
    const { app, dialog } = await asked(() => Promise.resolve());
    expect(dialog).not.toHaveTextContent(/сообщени|черновик/u);
    await userEvent.click(screen.getByRole('button', { name: 'Отмена' }));
    const [thread] = app.threads.list;
    if (!thread) throw new Error('the fake has threads');
    app.drafts.write(thread, 'только что');
    await userEvent.click(screen.getByTestId('sign-out'));
    await waitFor(() => expect(dialog).toHaveTextContent('1 черновик подождёт вас здесь.'));
  });
});
