/**
 * Whether what the screen shows is current, and if not, what is being done about it.
 */
import { tCode, t } from '../l10n.svelte';
import type { Connection } from '../types';
import type { Clock } from './clock.svelte';

export class ConnectionState {
  #connection = $state.raw<Connection>({ state: 'idle' });
  #retryAt = $state<number | null>(null);
  #isTroubled = $state(false);
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  apply(connection: Connection): void {
    this.#connection = connection;
    if (connection.state !== 'connecting') {
      this.#isTroubled = connection.state === 'offline' || connection.state === 'stopped';
    }
    this.#retryAt = connection.state === 'offline' ? Date.now() + connection.retry_in_ms : null;
  }

  get value(): Connection {
    return this.#connection;
  }

  get state(): Connection['state'] {
    return this.#connection.state;
  }

  /** It was lost and is not back yet: stays true while dialling, so that the bar does not flicker. */
  get isTroubled(): boolean {
    return this.#isTroubled;
  }

  get isOnline(): boolean {
    return this.#connection.state === 'online';
  }

  /** Whole seconds until the next try; null when none is planned. */
  get secondsToRetry(): number | null {
    if (this.#retryAt === null) return null;
    return Math.max(0, Math.ceil((this.#retryAt - this.#clock.now) / 1000));
  }

  /** What is wrong, in one sentence; null when nothing is. */
  get sentence(): string | null {
    const now = this.#connection;
    switch (now.state) {
      case 'idle':
      case 'online':
        return null;
      case 'connecting':
        return t('connection-connecting');
      case 'offline':
        return tCode('offline', now.reason);
      case 'stopped':
        return tCode('stopped', now.reason);
    }
  }
}
