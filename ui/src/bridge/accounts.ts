/** What a screen may ask about accounts: several are signed in at once, one of them is in front. */
import type { Bridge, BridgeFault } from '../bridge';
import type { Place } from '../state/place';
import type { AccountId, Connection } from '../types';

/** Which of the accounts here; a number of this installation. */
export type Seat = number;

/** One account, or a place for one more (`account` is null). */
export interface AccountRow {
  seat: Seat;
  is_front: boolean;
  account: AccountId | null;
  /** Tells it apart from all the others here. */
  label: string;
  name: string;
  /** A seller's shop, where it is called otherwise. */
  shop: string | null;
  server: string | null;
  server_name: string | null;
  unread: number;
  connection: Connection;
  /** Why it could not be opened. */
  fault: BridgeFault | null;
}

/** The verbs. */
export interface AccountsBridge {
  /** Whose page speaks through this bridge. */
  readonly seat: Seat;
  /** Hands over all accounts, now and whenever something changes. Returns how to stop. */
  watch_accounts(listener: (rows: AccountRow[]) => void): Promise<() => void>;
  /** Brings another account to the front; the watcher is told. */
  switch_account(to: Seat): Promise<void>;
  /** One more try for an account that could not be opened. */
  open_account(of: Seat): Promise<void>;
  /** Brings a place for one more to the front. */
  add_account(): Promise<void>;
  /** The bridge for the page of another account, which begins where its last page was. */
  of_account(seat: Seat, place: Place | null): Bridge;
}
