import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [svelte()],
  // Components are mounted in a light DOM here; what must be seen or measured is tested in a real browser (`npm run e2e`).
  resolve: { conditions: ['browser'] },
  test: { include: ['tests/unit/**/*.test.ts'], environment: 'happy-dom' },
});
