/**
 * The window's accounts and the page of the one in front. A page belongs to one account from its first line to its last:
 * another account gets a new page, and nothing of the old one is left in it.
 */
import type { Bridge } from '../bridge';
import type { Seat } from '../bridge/accounts';
import type { Role } from '../types';
import { Accounts } from './accounts.svelte';
import { App } from './app.svelte';
import type { Place } from './place';

export class House {
  readonly accounts: Accounts;
  #app: App;
  readonly #bridge: Bridge;
  readonly #role: Role;
  /** Where each account's last page was. */
  readonly #places = new Map<Seat, Place>();

  private constructor(bridge: Bridge, role: Role) {
    this.#bridge = bridge;
    this.#role = role;
    this.accounts = new Accounts(bridge);
    this.#app = $state.raw(App.open(bridge, role, this.accounts));
    this.accounts.onfront = (seat) => this.#show(seat);
  }

  /** Begins with the account that was in front when the window was built. */
  static open(bridge: Bridge, role: Role): House {
    const house = new House(bridge, role);
    house.accounts.watch().catch((thrown: unknown) => house.app.toasts.fail(thrown));
    return house;
  }

  get app(): App {
    return this.#app;
  }

  #show(seat: Seat): void {
    const before = this.#app;
    if (before.seat === seat) return;
    this.#places.set(before.seat, before.place.now());
    before.close();
    const bridge = this.#bridge.of_account(seat, this.#places.get(seat) ?? null);
    this.#app = App.open(bridge, this.#role, this.accounts);
    this.#app.place.touch();
  }
}
