/** The way in: the server's address first, then signing in or signing up. Checks what can be checked here. */
import type { Role } from '../types';
import { characters } from '../text';
import type { IdentityState } from './identity.svelte';
import { sentence } from './toasts.svelte';

/** As the server counts them. */
const PASSWORD = { min: 8, max: 200 } as const;
const NAME_MAX = 80;

export type Field = 'address' | 'email' | 'password' | 'name' | 'invitation';
/** Signing in, or signing up: as oneself (a buyer, a new shop) or to a shop that exists. */
export type Way = 'sign-in' | 'sign-up' | 'join';

export class Entry {
  way = $state<Way>('sign-in');
  values = $state<Record<Field, string>>({ address: '', email: '', password: '', name: '', invitation: '' });
  /** What is wrong with a field: a Fluent key. */
  wrong = $state.raw<Partial<Record<Field, string>>>({});
  isBusy = $state(false);
  /** What the server or the network says, as a sentence. */
  failure = $state<string | null>(null);

  readonly #identity: IdentityState;
  readonly #role: Role;

  constructor(identity: IdentityState, role: Role) {
    this.#identity = identity;
    this.#role = role;
  }

  get role(): Role {
    return this.#role;
  }

  /** The address or the name of the marketplace that was accepted. */
  get server(): string {
    return this.#identity.value.server_name ?? this.#identity.server ?? '';
  }

  turn(way: Way): void {
    this.way = way;
    this.wrong = {};
    this.failure = null;
  }

  /** Another server is wanted: begins with the address that holds now. */
  reopen(): void {
    this.values.address = this.#identity.server ?? '';
    this.wrong = {};
    this.failure = null;
  }

  /** A link or the marketplace's own build names a server. */
  offer(address: string): void {
    this.values.address = address;
    this.wrong = {};
    this.failure = null;
  }

  /** Asks the server at this address whether it is one of ours. True when it is. */
  async connect(): Promise<boolean> {
    const address = this.values.address.trim();
    if (!this.#check({ address: address === '' ? 'field-empty' : null })) return false;
    return this.#run(() => this.#identity.setServer(address));
  }

  /** Signs in or up. True when the account is there; the identity then follows as an update. */
  async submit(): Promise<boolean> {
    const { email, password, name, invitation } = this.values;
    if (this.way === 'sign-in') {
      if (!this.#check({ email: wrongEmail(email), password: empty(password) })) return false;
      return this.#run(() => this.#identity.signIn(email.trim(), password));
    }
    const isJoining = this.way === 'join';
    const isFit = this.#check({
      name: wrongName(name),
      email: wrongEmail(email),
      password: wrongPassword(password),
      invitation: isJoining ? empty(invitation) : null,
    });
    if (!isFit) return false;
    return this.#run(() =>
      this.#identity.register({
        email: email.trim(),
        password,
        name: name.trim(),
        role: this.#role,
        invitation: isJoining ? invitation.trim() : null,
        device_name: null,
      }),
    );
  }

  #check(found: Partial<Record<Field, string | null>>): boolean {
    const wrong: Partial<Record<Field, string>> = {};
    for (const field of ['address', 'email', 'password', 'name', 'invitation'] as const) {
      const key = found[field];
      if (key) wrong[field] = key;
    }
    this.wrong = wrong;
    this.failure = null;
    return Object.keys(wrong).length === 0;
  }

  async #run(call: () => Promise<unknown>): Promise<boolean> {
    if (this.isBusy) return false;
    this.isBusy = true;
    try {
      await call();
      this.values.password = '';
      return true;
    } catch (thrown) {
      this.failure = sentence(thrown);
      return false;
    } finally {
      this.isBusy = false;
    }
  }
}

function empty(text: string): string | null {
  return text.trim() === '' ? 'field-empty' : null;
}

function wrongEmail(email: string): string | null {
  if (email.trim() === '') return 'field-empty';
  return /^[^\s@]+@[^\s@]+$/u.test(email.trim()) ? null : 'field-email';
}

function wrongName(name: string): string | null {
  if (name.trim() === '') return 'field-empty';
  return characters(name.trim()) > NAME_MAX ? 'field-name-long' : null;
}

function wrongPassword(password: string): string | null {
  if (password === '') return 'field-empty';
  const length = characters(password);
  if (length < PASSWORD.min) return 'field-password-short';
  return length > PASSWORD.max ? 'field-password-long' : null;
}
