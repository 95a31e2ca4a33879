/**
 * Addresses. The companion answers every address without a dot with the same page, so each screen has one that can be
 * reloaded, kept as a bookmark and gone back to.
 */
import { Router } from './navigation.svelte.ts';

export type Route =
  | { name: 'choose'; stay: boolean }
  | { name: 'new-patient' }
  | { name: 'home' | 'session' | 'done' | 'add' | 'ask'; slug: string }
  | { name: 'gate' | 'memories' | 'new-memory' | 'bin' | 'inbox' | 'people' | 'progress' | 'plan' | 'clinic' | 'settings' | 'data'; slug: string }
  | { name: 'memory'; slug: string; id: string }
  | { name: 'lost' };

const PATIENT = ['session', 'done', 'add', 'ask'] as const;
const CARER = ['memories', 'bin', 'inbox', 'people', 'progress', 'plan', 'clinic', 'settings', 'data'] as const;

/** Reads a path such as `/p/demo-en/session`. */
export function routeOf(path: string): Route {
  const parts = path.split('/').filter((part) => part !== '');
  let words: string[];
  try {
    words = parts.map(decodeURIComponent);
  } catch {
    return { name: 'lost' };
  }
  const [area, slug, page, more] = words;
  if (area === undefined) return { name: 'choose', stay: false };
  if (area === 'choose' && slug === undefined) return { name: 'choose', stay: true };
  if (area === 'new' && slug === undefined) return { name: 'new-patient' };
  if (slug === undefined || words.length > 4) return { name: 'lost' };
  if (area === 'p' && more === undefined) {
    if (page === undefined) return { name: 'home', slug };
    const name = PATIENT.find((known) => known === page);
    return name ? { name, slug } : { name: 'lost' };
  }
  if (area === 'c') {
    if (page === undefined) return { name: 'gate', slug };
    if (page === 'memories' && more === 'new') return { name: 'new-memory', slug };
    if (page === 'memories' && more !== undefined) return { name: 'memory', slug, id: more };
    const name = CARER.find((known) => known === page);
    return name && more === undefined ? { name, slug } : { name: 'lost' };
  }
  return { name: 'lost' };
}

/** The path of a patient's screen. */
export const patientPath = (slug: string, page: '' | 'session' | 'done' | 'add' | 'ask' = ''): string =>
  `/p/${encodeURIComponent(slug)}${page && `/${page}`}`;

/** The path of a carer's screen; `page` may be `memories/ID`. */
export const carerPath = (slug: string, page = ''): string => `/c/${encodeURIComponent(slug)}${page && `/${page}`}`;

/** Which area an address lies in; it decides density and what may be shown. */
export function areaOf(route: Route): 'patient' | 'carer' {
  const carers = ['memories', 'memory', 'new-memory', 'bin', 'inbox', 'people', 'progress', 'plan', 'clinic', 'settings', 'data'];
  return carers.includes(route.name) ? 'carer' : 'patient';
}

export const router = new Router(routeOf);
