/// <reference types="node" />
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { FluentParser, Visitor, type Message, type Resource, type VariableReference } from '@fluent/syntax';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const FILES = readdirSync(join(ROOT, 'locales/ru')).filter((name) => name.endsWith('.ftl'));

class Variables extends Visitor {
  readonly names = new Set<string>();
  override visitVariableReference(node: VariableReference): void {
    this.names.add(node.id.name);
  }
}

function messages(language: string, file: string): Map<string, string[]> {
  const text = readFileSync(join(ROOT, 'locales', language, file), 'utf8');
  const resource: Resource = new FluentParser().parse(text);
  const broken = resource.body.filter((entry) => entry.type === 'Junk');
  expect(broken, `${language}/${file} cannot be read`).toEqual([]);
  const found = resource.body.filter((entry): entry is Message => entry.type === 'Message');
  return new Map(
    found.map((entry) => {
      const variables = new Variables();
      variables.visit(entry);
      return [entry.id.name, [...variables.names].toSorted()];
    }),
  );
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(svelte|ts)$/u.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
}

describe.each(FILES)('%s', (file) => {
  it('says the same in both languages, about the same things', () => {
    expect(Object.fromEntries(messages('en', file))).toEqual(Object.fromEntries(messages('ru', file)));
  });
});

it('has every sentence that the screens ask for', () => {
  const known = new Set(FILES.flatMap((file) => [...messages('ru', file).keys()]));
  const code = ['ui/src', 'buyer-app/src', 'seller-app/src'].flatMap((folder) => sources(join(ROOT, folder)));
  const asked = code.flatMap((text) =>
    [...text.matchAll(/\bt\(\s*'([a-z][a-z0-9-]*)'/gu)].map((match) => match[1] ?? ''),
  );
  expect(asked.length).toBeGreaterThan(50);
  expect([...new Set(asked)].filter((key) => !known.has(key))).toEqual([]);
});

it('has every state of a message and every reason that can be given', () => {
  const known = new Set(FILES.flatMap((file) => [...messages('ru', file).keys()]));
  const states = ['queued', 'sending', 'unconfirmed', 'sent', 'delivered', 'read', 'failed', 'received'];
  const needed = [
    ...states.map((state) => `state-${state}`),
    ...['error', 'offline', 'stopped', 'failed', 'warning'].map((prefix) => `${prefix}-unknown`),
  ];
  expect(needed.filter((key) => !known.has(key))).toEqual([]);
});
