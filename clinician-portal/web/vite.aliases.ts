/** Where the parts shared with the companion's screens lie, and the words they speak with here. One place for build and tests. */
import { fileURLToPath } from 'node:url';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export const SHARED_PUBLIC = at('../../desktop/ui/public');
export const resolve = {
  alias: { $shared: at('../../desktop/ui/src'), $words: at('./src/messages') },
  // Files of the other folder are compiled here: they must find this folder's Svelte, and only one of it.
  dedupe: ['svelte'],
};
