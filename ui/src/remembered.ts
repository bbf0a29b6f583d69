/** Short lists kept on this device as a comfort; without storage they begin anew at each start. */

export function recall(key: string): readonly string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(stored) ? stored.filter((each) => typeof each === 'string') : [];
  } catch {
    return [];
  }
}

/** Puts a value first; returns the list as it is now. */
export function remember(key: string, value: string, most: number): readonly string[] {
  const list = [value, ...recall(key).filter((each) => each !== value)].slice(0, most);
  try {
    localStorage.setItem(key, JSON.stringify(list));
  } catch {
    // A full or forbidden storage is no reason to disturb anybody.
  }
  return list;
}
