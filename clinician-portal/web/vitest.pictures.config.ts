import { defineConfig } from 'vitest/config';
import { resolve } from './vite.aliases.ts';

/** Takes the README's pictures of the portal; no test. */
export default defineConfig({
  resolve,
  test: { include: ['tests/pictures/*.take.ts'], environment: 'node', fileParallelism: false, testTimeout: 300_000, hookTimeout: 120_000 },
});
