/** The fake's accounts: as many as a test wants, each with a bridge of its own. */
import { BridgeError, type Bridge, type BridgeFault } from '../../bridge';
import type { Identity } from '../../types';
import type { AccountRow, AccountsBridge, Seat } from '../accounts';

const NOBODY: Identity = { account: null, server: null, server_name: null, keychain: true };
const BROKEN: BridgeFault = { code: 'disk', detail: null, retry_after_ms: null };

/** All accounts of one fake installation. */
export class FakeAccounts {
  front: Seat = 1;
  /** Those that cannot be opened. */
  readonly broken = new Set<Seat>();
  readonly #bridges = new Map<Seat, Bridge>();
  readonly #listeners = new Set<(rows: AccountRow[]) => void>();
  readonly #make: (seat: Seat, isNew: boolean) => Bridge;

  constructor(make: (seat: Seat, isNew: boolean) => Bridge) {
    this.#make = make;
  }

  sit(seat: Seat, bridge: Bridge): void {
    this.#bridges.set(seat, bridge);
  }

  of(seat: Seat): Bridge {
    const bridge = this.#bridges.get(seat) ?? this.#make(seat, false);
    this.#bridges.set(seat, bridge);
    return bridge;
  }

  async rows(): Promise<AccountRow[]> {
    const all = [...this.#bridges].toSorted(([left], [right]) => left - right);
    return Promise.all(
      all.map(async ([seat, bridge]) => {
        const { account, server, server_name } = await bridge.identity().catch(() => NOBODY);
        const shop = account?.role === 'seller' ? (account.name.split(', ')[1] ?? null) : null;
        const name = account?.name.split(', ')[0] ?? '';
        return {
          seat,
          is_front: seat === this.front,
          account: account?.id ?? null,
          label: shop ?? name,
          name,
          shop,
          server,
          server_name,
          unread: account ? await bridge.unread() : 0,
          connection: await bridge.connection(),
          fault: this.broken.has(seat) ? BROKEN : null,
        };
      }),
    );
  }

  async changed(): Promise<void> {
    const rows = await this.rows();
    for (const listener of this.#listeners) listener(rows);
  }

  bridge(seat: Seat, calls: string[]): AccountsBridge {
    return {
      seat,
      watch_accounts: async (listener) => {
        this.#listeners.add(listener);
        listener(await this.rows());
        return () => this.#listeners.delete(listener);
      },
      switch_account: async (to) => {
        calls.push(`switch_account:${to}`);
        this.front = to;
        await this.changed();
      },
      open_account: async (of) => {
        calls.push(`open_account:${of}`);
        if (this.broken.has(of)) throw new BridgeError(BROKEN);
      },
      add_account: async () => {
        calls.push('add_account:');
        const last = Math.max(...this.#bridges.keys()) + 1;
        this.#bridges.set(last, this.#make(last, true));
        this.front = last;
        await this.changed();
      },
      of_account: (of) => this.of(of),
    };
  }
}
