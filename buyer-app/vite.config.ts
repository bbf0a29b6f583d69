import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The window loads the pages from its own bundle, wherever that is.
  base: './',
  plugins: [svelte(), svelteTesting()],
  clearScreen: false,
  // Words and shared screens live beside this folder.
  server: { port: 5173, strictPort: true, fs: { allow: ['..'] } },
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: true,
    // The app, and the small window for answers.
    rolldownOptions: { input: ['index.html', 'answer.html'] },
  },
  test: {
    environment: 'jsdom',
    // It ships Svelte files: they must be compiled like our own.
    server: { deps: { inline: ['virtua'] } },
    globals: true,
    setupFiles: ['../ui/tests/setup.ts'],
    // On a busy machine the accessibility rules take seconds.
    testTimeout: 60_000,
    include: ['tests/**/*.test.ts'],
  },
});
