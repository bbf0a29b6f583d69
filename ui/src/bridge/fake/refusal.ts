/** How the fake says no. */
import { BridgeError } from '../../bridge';

export function refusal(code: string): BridgeError {
  return new BridgeError({ code, detail: null, retry_after_ms: null });
}

/** The one with this id, or the refusal that a foreign thing gets. */
export function found<T extends { id: string }>(all: readonly T[], id: string): Promise<T> {
  const one = all.find((each) => each.id === id);
  return one ? Promise.resolve(one) : Promise.reject(refusal('not_found'));
}
