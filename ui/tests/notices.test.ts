import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';

import { fakeBridge } from '../src/bridge/fake';
import { setLanguage } from '../src/l10n.svelte';
import Answer from '../src/pages/Answer.svelte';
import { AnswerState } from '../src/state/answer.svelte';
import { Check, found, mend } from '../src/state/check.svelte';
import { muteOf, mutedUntil, withMute } from '../src/state/muting';
import { isAccessible } from './axe';
import { play } from './stage';

beforeEach(() => {
  setLanguage('ru');
  localStorage.clear();
});

describe('a muted thread', () => {
  it('is silent for an hour, until the morning, or for good', () => {
    const now = new Date(2026, 10, 23, 22, 15).getTime();
    expect(mutedUntil('hour', now)).toBe(new Date(2026, 10, 23, 23, 15).toISOString());
    expect(mutedUntil('tomorrow', now)).toBe(new Date(2026, 10, 24, 8).toISOString());
    expect(mutedUntil('forever', now)).toBeNull();
    const muted = withMute([], 'thread-1', 'hour', now);
    expect(muteOf(muted, 'thread-1', now)).not.toBeNull();
    expect(muteOf(muted, 'thread-1', now + 3_600_001)).toBeNull();
    expect(muteOf(muted, 'thread-2', now)).toBeNull();
    // Those that have ended are forgotten, and one takes the place of the other.
    expect(withMute(muted, 'thread-2', 'forever', now + 3_600_001)).toHaveLength(1);
    expect(withMute(muted, 'thread-1', 'forever', now)).toEqual([{ thread_id: 'thread-1', until: null }]);
    expect(withMute(muted, 'thread-1', null, now)).toEqual([]);
  });

  it('is muted from its head, and its row says so to everybody', async () => {
    const { app } = await play('buyer', 'thread-0');
    await userEvent.click(screen.getByRole('button', { name: 'Уведомления этого чата' }));
    await userEvent.click(screen.getByRole('menuitem', { name: 'Выключить насовсем' }));
    await waitFor(() => expect(app.settings.value.muted).toEqual([{ thread_id: 'thread-0', until: null }]));
    const row = screen.getAllByTestId('thread-row').find((each) => each.dataset['threadId'] === 'thread-0');
    expect(row).toHaveAccessibleName(/без уведомлений$/u);
    await userEvent.click(screen.getByRole('button', { name: 'Уведомления этого чата выключены' }));
    await userEvent.click(screen.getByRole('menuitem', { name: 'Включить уведомления' }));
    await waitFor(() => expect(app.settings.value.muted).toEqual([]));
  });
});

describe('an answer to a notice', () => {
  async function open() {
    const bridge = fakeBridge('buyer');
    render(Answer, { answer: new AnswerState(bridge) });
    const field = await screen.findByTestId<HTMLTextAreaElement>('answer-field');
    await waitFor(() => expect(screen.getByRole('heading')).toHaveTextContent('Чайная гора'));
    return { bridge, field };
  }

  it('is sent with Enter; Shift+Enter breaks the line', async () => {
    const { bridge, field } = await open();
    await isAccessible();
    await userEvent.type(field, 'раз{Shift>}{Enter}{/Shift}два{Enter}');
    await waitFor(() => expect(bridge.calls).toContain('answer:раз\nдва'));
  });

  it('stays as a draft when the window is left with Esc', async () => {
    const { bridge, field } = await open();
    await userEvent.type(field, 'потом{Escape}');
    await waitFor(() => expect(bridge.calls).toContain('keep_answer:потом true'));
    expect(bridge.calls.some((call) => call.startsWith('answer:'))).toBe(false);
  });

  it('is not sent when it is empty or too long', async () => {
    const { bridge, field } = await open();
    await userEvent.type(field, '  {Enter}');
    await fireEvent.input(field, { target: { value: 'я'.repeat(4097) } });
    expect(await screen.findByRole('alert')).toHaveTextContent('длиннее');
    await userEvent.type(field, '{Enter}');
    expect(bridge.calls.some((call) => call.startsWith('answer:'))).toBe(false);
  });
});

describe('the check', () => {
  it('names each fault in a sentence, offers the mend, and reports without secrets', async () => {
    const check = new Check(fakeBridge('seller'));
    await check.look();
    expect(check.summary).toEqual({ standing: 'bad', text: '1 неполадка мешает узнавать о сообщениях.' });
    const clock = check.items.find((item) => item.id === 'clock');
    expect(clock && found(clock)).toBe('Отстают от часов сервера на 9 минут.');
    expect(clock && mend(clock)).toMatch(/установку времени/u);
    for (const item of check.items) expect(found(item)).not.toMatch(/^check-/u);
    const report = check.report('seller-app 0.1.0');
    expect(report.split('\n')).toHaveLength(check.items.length + 3);
    expect(report).toContain('✗ Часы: Отстают');
    expect(report).not.toMatch(/token|Мария/u);
  });

  it('asks whether the notice was seen, and believes a click', async () => {
    const bridge = fakeBridge('seller');
    let click: (isClicked: boolean) => void = () => undefined;
    bridge.notice_clicked = () => new Promise((resolve) => (click = resolve));
    const check = new Check(bridge);
    const tried = check.tryNotice();
    await waitFor(() => expect(check.trial).toBe('asked'));
    click(true);
    await tried;
    expect(check.trial).toBe('clicked');

    void check.tryNotice();
    await waitFor(() => expect(check.trial).toBe('asked'));
    check.say(false);
    expect(check.trial).toBe('unseen');

    bridge.try_notice = async () => false;
    await check.tryNotice();
    expect(check.trial).toBe('refused');
  });
});
