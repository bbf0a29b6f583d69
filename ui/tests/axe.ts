/** The accessibility rules that need no layout; contrast is judged on the real windows. */
import axe from 'axe-core';
import { expect } from 'vitest';

export async function isAccessible(): Promise<void> {
  const { violations } = await axe.run(document.body, {
    rules: { 'color-contrast': { enabled: false } },
  });
  const found = violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.html).join(' ')}`);
  expect(found).toEqual([]);
}
