/** The fake's side of window and system: a window that never goes, and a system that starts nothing by itself. */
import type { Bridge } from '../../bridge';
import type { UpgradeStanding } from '../upgrade';

const SYSTEM: UpgradeStanding = { way: 'system', found: null, is_installed: false, restarts: false };

type Shell = Pick<
  Bridge,
  | 'place'
  | 'keep_place'
  | 'onleave'
  | 'painted'
  | 'quit'
  | 'autostart'
  | 'set_autostart'
  | 'crash_report'
  | 'crash_report_seen'
  | 'open_reports'
  | 'dictionaries'
  | 'first_steps'
  | 'hint_seen'
  | 'upgrade'
  | 'check_upgrade'
  | 'install_upgrade'
>;

export const fakeShell: Shell = {
  place: () => null,
  keep_place: async () => undefined,
  onleave: () => () => undefined,
  painted: async () => undefined,
  quit: async () => undefined,
  autostart: async () => false,
  set_autostart: async () => undefined,
  crash_report: async () => null,
  crash_report_seen: async () => undefined,
  open_reports: async () => undefined,
  dictionaries: async () => ['ru', 'en'],
  first_steps: async () => ({ server: null, seen: ['notices', 'keys', 'tray'] }),
  hint_seen: async () => undefined,
  upgrade: async () => SYSTEM,
  check_upgrade: async () => SYSTEM,
  install_upgrade: async () => SYSTEM,
};
