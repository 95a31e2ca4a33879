import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { resolve, SHARED_PUBLIC } from './vite.aliases.ts';

/** The address of a running `reme-portal --demo` to develop against. */
const portal = process.env.PORTAL_ADDRESS ?? 'http://127.0.0.1:4820';

export default defineConfig({
  plugins: [svelte()],
  publicDir: SHARED_PUBLIC,
  resolve,
  server: { fs: { allow: ['.', '../../desktop/ui', '../../app-core/companion/bindings'] }, proxy: { '/api': portal } },
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false }, reportCompressedSize: false },
});
