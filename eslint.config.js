import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

/** What STYLE asks of every file: no casts, no any, unions switched to the end. */
const strictness = {
  '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-non-null-assertion': 'error',
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
  'no-console': 'error',
  'no-undef': 'off',
};

export default ts.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '**/src-tauri/**', 'ui/src/types/**'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.browser, ...globals.node } }, rules: strictness },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: {
      ...strictness,
      'svelte/no-at-html-tags': 'error',
      // Timers and listeners are kept in plain maps on purpose: nothing on the screen depends on them.
      'svelte/prefer-svelte-reactivity': 'off',
    },
  },
  {
    // A component talks to the state, never to the bridge, the network or the clock.
    files: ['**/*.svelte'],
    rules: {
      'no-restricted-imports': ['error', { patterns: ['**/bridge/*', '**/bridge', '@tauri-apps/*'] }],
      'no-restricted-globals': [
        'error',
        'fetch',
        'setTimeout',
        'setInterval',
        'localStorage',
        'alert',
        'confirm',
      ],
    },
  },
  {
    files: ['**/*.ts'],
    ignores: ['ui/src/bridge/tauri.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: ['@tauri-apps/*'] }] },
  },
  {
    files: ['ui/src/bridge/tauri.ts'],
    rules: { '@typescript-eslint/consistent-type-assertions': 'off' },
  },
);
