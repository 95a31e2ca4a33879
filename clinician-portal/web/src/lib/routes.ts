/** The portal's addresses. Each can be reloaded, kept as a bookmark and sent to a colleague; none holds a name. */
import { Router } from '$shared/lib/navigation.svelte.ts';

export const TABS = ['overview', 'sessions', 'plan', 'devices', 'check-ins', 'notes', 'report', 'audit', 'data'] as const;
export type Tab = (typeof TABS)[number];

export type Route =
  | { name: 'start' | 'patients' | 'new-patient' | 'staff' | 'audit' | 'account' | 'invite' | 'pair' | 'lost' }
  | { name: 'patient'; id: string; tab: Tab; session: string | null };

const PLAIN = ['staff', 'audit', 'account', 'invite', 'pair'] as const;

/** Reads a path such as `/patients/0192…/plan`. */
export function routeOf(path: string): Route {
  let words: string[];
  try {
    words = path.split('/').filter((part) => part !== '').map(decodeURIComponent);
  } catch {
    return { name: 'lost' };
  }
  const [area, id, page, more] = words;
  if (area === undefined) return { name: 'start' };
  if (words.length === 1) {
    if (area === 'patients') return { name: 'patients' };
    return { name: PLAIN.find((known) => known === area) ?? 'lost' };
  }
  if (area !== 'patients' || id === undefined || words.length > 4) return { name: 'lost' };
  if (id === 'new') return { name: page === undefined ? 'new-patient' : 'lost' };
  const tab = page === undefined ? 'overview' : TABS.find((known) => known === page && known !== 'overview');
  if (tab === undefined || (more !== undefined && tab !== 'sessions')) return { name: 'lost' };
  return { name: 'patient', id, tab, session: more ?? null };
}

/** The path of a patient's page. */
export function patientPath(id: string, tab: Tab = 'overview', session?: string): string {
  const parts = ['', 'patients', id, ...(tab === 'overview' ? [] : [tab]), ...(session === undefined ? [] : [session])];
  return parts.map(encodeURIComponent).join('/');
}

export const router = new Router(routeOf);
