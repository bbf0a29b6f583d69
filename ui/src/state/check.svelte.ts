/**
 * The check of notices and line: what was looked at, the trial notice, and the report in words.
 */
import type { Bridge } from '../bridge';
import type { CheckItem, Standing } from '../bridge/notices';
import { fullTime } from '../format';
import { has, t, tCode } from '../l10n.svelte';

export type { CheckItem };

/** How far the trial notice got. */
export type Trial = 'idle' | 'asked' | 'clicked' | 'only-seen' | 'unseen' | 'refused';

const MARKS: Record<Standing, string> = { good: '✓', poor: '!', bad: '✗', unknown: '·' };

export class Check {
  #items = $state.raw<readonly CheckItem[]>([]);
  #trial = $state<Trial>('idle');
  #isBusy = $state(false);
  #round = 0;
  readonly #bridge: Bridge;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  get items(): readonly CheckItem[] {
    return this.#items;
  }

  get trial(): Trial {
    return this.#trial;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** What all of it comes to, in a sentence. */
  get summary(): { standing: Standing; text: string } {
    const count = (standing: Standing) =>
      this.#items.filter((item) => item.standing === standing && !isSaidBefore(item)).length;
    const [bad, poor] = [count('bad'), count('poor')];
    if (bad > 0) return { standing: 'bad', text: t('check-summary-bad', { count: bad }) };
    if (poor > 0) return { standing: 'poor', text: t('check-summary-poor', { count: poor }) };
    return { standing: 'good', text: t('check-summary-good') };
  }

  async look(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      this.#items = await this.#bridge.check_all();
    } finally {
      this.#isBusy = false;
    }
  }

  /** Shows the trial notice and waits for its click; the person may answer first. */
  async tryNotice(): Promise<void> {
    this.#round += 1;
    const round = this.#round;
    this.#trial = 'asked';
    const clicked = this.#bridge.notice_clicked();
    if (!(await this.#bridge.try_notice())) {
      this.#trial = 'refused';
      return;
    }
    if ((await clicked) && this.#round === round) this.#trial = 'clicked';
  }

  /** The person says whether they see it. */
  say(isSeen: boolean): void {
    if (this.#trial === 'asked') this.#trial = isSeen ? 'only-seen' : 'unseen';
  }

  /** Everything in words, to be sent on: no names of people, no messages, no keys. */
  report(version: string): string {
    const lines = this.#items.map(
      (item) =>
        `${MARKS[item.standing]} ${t(`check-${item.id}${item.id === 'account' ? '-nameless' : ''}`, item.facts)}: ${found(item)}`,
    );
    const trial = this.#trial === 'idle' || this.#trial === 'asked' ? [] : [t(`check-trial-${this.#trial}`)];
    const capabilities = this.#items.find((item) => item.id === 'dialect')?.facts['list'];
    return [
      t('check-report-title', { time: fullTime(new Date().toISOString()) }),
      version,
      ...lines,
      ...(capabilities === undefined ? [] : [`[${capabilities}]`]),
      ...trial,
    ].join('\n');
  }
}

/** What stands of the account in front stood in the lines before. */
function isSaidBefore(item: CheckItem): boolean {
  return item.id === 'account' && item.facts['front'] === 1;
}

/** Where it is, its line, and where its key lies. */
function ofAccount({ word, standing, facts }: CheckItem): string {
  const { address, reason } = facts;
  if (word === 'closed') return `${address}. ${tCode('error', String(reason))}`;
  const line = found({ id: 'line', standing, word, facts });
  return `${address}. ${line} ${t(`check-keychain-${facts['keychain']}`)}`;
}

/** How a thing stands, in one sentence; of a line that is down, why. */
export function found(item: CheckItem): string {
  const { reason } = item.facts;
  if (item.id === 'account') return ofAccount(item);
  if (item.id === 'line' && typeof reason === 'string') return tCode(item.word, reason);
  if (item.word === 'silent' && typeof reason === 'string') {
    return `${t(`check-${item.id}-${item.word}`, item.facts)} ${tCode('error', reason)}`;
  }
  return t(`check-${item.id}-${item.word}`, item.facts);
}

/** What helps, where something does. */
export function mend(item: CheckItem): string | null {
  if (item.standing === 'good') return null;
  for (const key of [`check-${item.id}-${item.word}-mend`, `check-${item.id}-mend`])
    if (has(key)) return t(key);
  return null;
}
