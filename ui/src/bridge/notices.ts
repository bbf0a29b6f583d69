/** What a screen may ask about notices: the field that answers one, and whether they come at all. */
import type { ThreadItem } from '../types';

import type { BridgeFault } from '../bridge';

/** What a field for an answer begins with. */
export interface Answering {
  /** Null: there is no such thread any more. */
  thread: ThreadItem | null;
  text: string;
  /** Why an answer that was written elsewhere was not taken. */
  failure: BridgeFault | null;
  language: string;
}

/** How one thing stands. `unknown` where this system has no such thing. */
export type Standing = 'good' | 'poor' | 'bad' | 'unknown';

/** One thing that was looked at: `check-<id>` names it, `check-<id>-<word>` says in a sentence how it stands. */
export interface CheckItem {
  id: string;
  standing: Standing;
  word: string;
  /** What cannot be translated: names, versions, numbers. */
  facts: Record<string, string | number>;
}

/** The verbs. */
export interface NoticesBridge {
  /** Only in the small window of an answer. */
  answering(): Promise<Answering>;
  /** Sends, and closes the window once it is on the disk. */
  answer(text: string): Promise<void>;
  /** Keeps what was written as the thread's draft. */
  keep_answer(text: string, isLeaving: boolean): Promise<void>;

  /** Looks at everything that notices and the line need. */
  check_all(): Promise<CheckItem[]>;
  /** Shows a notice to be looked at; false when nobody takes it. */
  try_notice(): Promise<boolean>;
  /** Waits for a click on it; false when none came in a minute. */
  notice_clicked(): Promise<boolean>;
  /** Plays the sound; false when nothing can play it. */
  try_sound(): Promise<boolean>;
}
