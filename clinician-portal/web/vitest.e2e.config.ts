import { defineConfig } from 'vitest/config';
import { resolve } from './vite.aliases.ts';

export default defineConfig({
  resolve,
  test: {
    include: ['tests/e2e/**/*.e2e.ts'],
    environment: 'node',
    // One browser, one portal: the machine that runs this is small.
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 120_000,
  },
});
