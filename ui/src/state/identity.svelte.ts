/**
 * Who is signed in, and where.
 */
import type { Bridge } from '../bridge';
import type {
  Account,
  Identity,
  Invitation,
  Register,
  ServerInfo,
  Session,
  SessionId,
  Unsent,
} from '../types';

const NOBODY: Identity = { server: null, server_name: null, account: null, keychain: true };

export class IdentityState {
  #value = $state.raw<Identity>(NOBODY);
  readonly #bridge: Bridge;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  apply(identity: Identity): void {
    this.#value = identity;
  }

  /** Asked anew: where the keys lie may have changed without anybody signing in. */
  async refresh(): Promise<void> {
    this.#value = await this.#bridge.identity();
  }

  get value(): Identity {
    return this.#value;
  }

  get account(): Account | null {
    return this.#value.account;
  }

  get server(): string | null {
    return this.#value.server;
  }

  setServer(address: string): Promise<ServerInfo> {
    return this.#bridge.set_server(address);
  }

  signIn(email: string, password: string): Promise<Account> {
    return this.#bridge.sign_in(email, password);
  }

  register(register: Register): Promise<Account> {
    return this.#bridge.register(register);
  }

  signOut(everywhere: boolean): Promise<void> {
    return this.#bridge.sign_out(everywhere);
  }

  /** What would wait on this device after signing out. */
  unsent(): Promise<Unsent> {
    return this.#bridge.unsent();
  }

  sessions(): Promise<Session[]> {
    return this.#bridge.sessions();
  }

  endSession(id: SessionId): Promise<void> {
    return this.#bridge.end_session(id);
  }

  invite(): Promise<Invitation> {
    return this.#bridge.invite();
  }
}
