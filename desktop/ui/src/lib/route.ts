/** Hash addresses ⇄ screens. Pure: `App.svelte` listens to the window, this only reads and writes the text. */

export type PatientScreen = 'home' | 'session' | 'done' | 'add' | 'help';
export type CarerScreen = 'memories' | 'memory' | 'people' | 'progress' | 'plan' | 'data' | 'settings';
export type Route =
  | { side: 'choose' }
  | { side: 'new' }
  | { side: 'patient'; slug: string; screen: PatientScreen }
  | { side: 'carer'; slug: string; screen: CarerScreen; id: string | null }
  | { side: 'lost' };

const PATIENT: readonly string[] = ['session', 'done', 'add', 'help'];
const CARER: readonly string[] = ['memories', 'people', 'progress', 'plan', 'data', 'settings'];

/** `#/p/mei/session` → the session screen of `mei`; an unknown address is `lost`, never an exception. */
export function parse(hash: string): Route {
  const parts = hash.replace(/^#\/?/, '').split('/').filter((part) => part !== '').map(decode);
  const [side, slug, screen, id] = parts;
  if (!side) return { side: 'choose' };
  if (side === 'new' && parts.length === 1) return { side: 'new' };
  if (side === 'p' && slug && parts.length === 2) return { side: 'patient', slug, screen: 'home' };
  if (side === 'p' && slug && screen && parts.length === 3 && PATIENT.includes(screen))
    return { side: 'patient', slug, screen: screen as PatientScreen };
  if (side === 'c' && slug && parts.length === 2) return { side: 'carer', slug, screen: 'memories', id: null };
  if (side === 'c' && slug && screen === 'memories' && id && parts.length === 4) return { side: 'carer', slug, screen: 'memory', id };
  if (side === 'c' && slug && screen && parts.length === 3 && CARER.includes(screen))
    return { side: 'carer', slug, screen: screen as CarerScreen, id: null };
  return { side: 'lost' };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export const patientPath = (slug: string, screen: PatientScreen = 'home') =>
  `#/p/${encodeURIComponent(slug)}${screen === 'home' ? '' : `/${screen}`}`;

export const carerPath = (slug: string, screen: CarerScreen = 'memories', id: string | null = null) =>
  `#/c/${encodeURIComponent(slug)}/${screen === 'memory' ? 'memories' : screen}${id ? `/${encodeURIComponent(id)}` : ''}`;

export function go(path: string): void {
  location.hash = path;
}

/** Goes there without leaving the present screen in the history. */
export function goInstead(path: string): void {
  location.replace(path);
}
