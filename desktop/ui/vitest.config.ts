import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [svelte()],
  // Components are mounted in a light DOM here; what must be seen or measured is tested in a real browser (`npm run e2e`).
  resolve: { conditions: ['browser'], alias: { $words: fileURLToPath(new URL('./src/messages', import.meta.url)) } },
  test: { include: ['tests/unit/**/*.test.ts'], environment: 'happy-dom' },
});
