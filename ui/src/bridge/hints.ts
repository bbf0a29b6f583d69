/** What a new person is told, once an installation. */

/** One thing to know. `tray` is the shell's own: a notice when the window first closes. */
export type Hint = 'notices' | 'keys' | 'tray';

/** What a page needs to greet somebody. */
export interface FirstSteps {
  /** The marketplace's own server, where its build names one. */
  server: string | null;
  seen: Hint[];
}

/** The verbs. */
export interface HintsBridge {
  first_steps(): Promise<FirstSteps>;
  /** Never again. */
  hint_seen(hint: Hint): Promise<void>;
}
