/**
 * Who is signed in here. Each account has a page of its own; this is what all of them know of each other.
 */
import type { AccountRow, AccountsBridge, Seat } from '../bridge/accounts';

export type { AccountRow };

export class Accounts {
  /** Called when another account has come to the front. */
  onfront: (seat: Seat) => void = () => undefined;
  #rows = $state.raw<readonly AccountRow[]>([]);
  /** Who was in front before. */
  #before: Seat | null = null;
  readonly #bridge: AccountsBridge;

  constructor(bridge: AccountsBridge) {
    this.#bridge = bridge;
  }

  watch(): Promise<() => void> {
    return this.#bridge.watch_accounts((rows) => this.apply(rows));
  }

  apply(rows: readonly AccountRow[]): void {
    const before = this.#rows.find((row) => row.is_front)?.seat;
    const front = rows.find((row) => row.is_front);
    if (before !== undefined && before !== front?.seat) this.#before = before;
    this.#rows = rows;
    if (front) this.onfront(front.seat);
  }

  get rows(): readonly AccountRow[] {
    return this.#rows;
  }

  /** Those at which somebody is signed in, and those of which it cannot be known: they could not be opened. */
  get signedIn(): readonly AccountRow[] {
    return this.#rows.filter((row) => row.account !== null || row.fault !== null);
  }

  get front(): AccountRow | null {
    return this.#rows.find((row) => row.is_front) ?? null;
  }

  /** Those one could change to. */
  get others(): readonly AccountRow[] {
    return this.signedIn.filter((row) => !row.is_front && row.fault === null);
  }

  /** To whom one returns without signing in. */
  get back(): AccountRow | null {
    return this.others.find((row) => row.seat === this.#before) ?? this.others[0] ?? null;
  }

  /** Unread messages of the accounts that are not in front. */
  get unreadElsewhere(): number {
    return this.others.reduce((sum, row) => sum + row.unread, 0);
  }

  /** They are not all on one server. */
  get hasServers(): boolean {
    return new Set(this.signedIn.map((row) => row.server)).size > 1;
  }

  async switchTo(seat: Seat): Promise<void> {
    // What was in its way may be gone by now.
    if (this.#rows.some((row) => row.seat === seat && row.fault !== null))
      await this.#bridge.open_account(seat);
    await this.#bridge.switch_account(seat);
  }

  async add(): Promise<void> {
    await this.#bridge.add_account();
  }
}
