/** The fake's devices of one account. */
import type { Bridge } from '../../bridge';
import type { Session } from '../../types';

export function fakeDevices(): Pick<Bridge, 'sessions' | 'end_session'> {
  const session = (id: string, device_name: string, is_current: boolean): Session => ({
    id,
    device_name,
    created_at: '2026-09-01T08:00:00.000Z',
    last_seen_at: new Date().toISOString(),
    is_current,
  });
  let sessions = [session('session-1', 'Debian, рабочий стол', true), session('session-2', 'ноутбук', false)];
  return {
    sessions: async () => sessions,
    end_session: async (id) => {
      sessions = sessions.filter((each) => each.id !== id);
    },
  };
}
