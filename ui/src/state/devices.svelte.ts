/** The devices that are signed in to the account, and the codes that invite colleagues. */
import type { Invitation, Session, SessionId } from '../types';
import type { IdentityState } from './identity.svelte';

export class Devices {
  list = $state.raw<readonly Session[]>([]);
  state = $state<'loading' | 'ready' | 'failed'>('loading');
  /** Why it failed, for `sentence`. */
  failure = $state.raw<unknown>(null);
  invitation = $state.raw<Invitation | null>(null);
  readonly #identity: IdentityState;

  constructor(identity: IdentityState) {
    this.#identity = identity;
  }

  /** This device first, then whichever was seen last. */
  async load(): Promise<void> {
    this.state = 'loading';
    try {
      const sessions = await this.#identity.sessions();
      this.list = sessions.toSorted(
        (left, right) =>
          Number(right.is_current) - Number(left.is_current) ||
          right.last_seen_at.localeCompare(left.last_seen_at),
      );
      this.state = 'ready';
    } catch (failure) {
      this.failure = failure;
      this.state = 'failed';
    }
  }

  async end(id: SessionId): Promise<void> {
    await this.#identity.endSession(id);
    this.list = this.list.filter((session) => session.id !== id);
  }

  async invite(): Promise<void> {
    this.invitation = await this.#identity.invite();
  }
}
