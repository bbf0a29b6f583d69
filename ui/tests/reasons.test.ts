/// <reference types="node" />
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { describe, expect, it } from 'vitest';

import { has, setLanguage, t, tCode, type Language } from '../src/l10n.svelte';

const ROOT = resolve(import.meta.dirname, '../..');
const generated = readFileSync(resolve(ROOT, 'ui/src/types/ErrorCode.ts'), 'utf8');
/** The words of the wire, as the generated type lists them. */
const CODES = [...generated.matchAll(/"([a-z_]+)"/gu)].map((match) => match[1] ?? '');
/** The words of the engine itself. */
const LOCAL = [
  'bad_address',
  'no_server',
  'version',
  'signed_out',
  'wrong_role',
  'already_here',
  'dns',
  'refused',
  'tls',
  'timeout',
  'network',
  'not_prilavok',
  'bad_answer',
  'disk',
  'secrets',
  'in_use',
  'closed',
];
const OFFLINE = [
  'network',
  'refused',
  'dns',
  'tls',
  'not_prilavok',
  'server',
  'restart',
  'rate',
  'timeout',
  'secrets',
];
const STOPPED = ['update', 'signed_out', 'disabled', 'too_many', 'replaced'];

describe.each<Language>(['ru', 'en'])('in %s', (language) => {
  it.each([
    ['error', [...CODES, ...LOCAL]],
    ['offline', OFFLINE],
    ['stopped', STOPPED],
  ])('every %s has a whole sentence of its own', (prefix, reasons) => {
    setLanguage(language);
    expect(reasons.length).toBeGreaterThan(4);
    for (const reason of reasons) {
      expect(has(`${prefix}-${reason.replaceAll('_', '-')}`), `${prefix}-${reason}`).toBe(true);
      expect(tCode(prefix, reason, { seconds: 3 })).toMatch(/^\p{Lu}.{20,}\.$/u);
    }
  });

  it('a reason of a later version is still a sentence', () => {
    setLanguage(language);
    expect(tCode('error', 'brand_new')).toBe(t('error-unknown'));
  });
});

it('Russian counts have three forms', () => {
  setLanguage('ru');
  const found = (count: number) => t('catalogue-found', { count });
  expect([1, 3, 5, 11, 21, 60].map(found)).toEqual([
    '1 товар',
    '3 товара',
    '5 товаров',
    '11 товаров',
    '21 товар',
    '60 товаров',
  ]);
});
