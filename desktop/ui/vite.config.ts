import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { stub } from './dev/stub.ts';

/** The address of a running `reme serve` to develop against; without it the in-memory stub answers. */
const companion = process.env.REME_ADDRESS;

export default defineConfig({
  plugins: [svelte(), ...(companion === undefined ? [stub()] : [])],
  // The shapes of the contract are generated beside the façade, outside this folder.
  server: { fs: { allow: ['.', '../../app-core/companion/bindings'] }, ...(companion && { proxy: { '/api': companion } }) },
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false }, reportCompressedSize: false },
});
