/** What holds until the person chooses: the same as the engine's own defaults. */
import type { Settings } from './types';

export const DEFAULTS: Settings = {
  language: 'ru',
  theme: 'system',
  notices: true,
  notice_text: true,
  sounds: true,
  quiet: { is_on: false, from: 1320, to: 480, days: [1, 2, 3, 4, 5, 6, 7] },
  muted: [],
  enter_sends: true,
  close_to_tray: true,
  zoom: 100,
  letter_keys: true,
  spelling: true,
};
