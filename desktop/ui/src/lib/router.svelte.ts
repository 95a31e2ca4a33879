/**
 * Addresses. The companion answers every address without a dot with the same page, so each screen has one that can be
 * reloaded, kept as a bookmark and gone back to.
 */

export type Route =
  | { name: 'choose'; stay: boolean }
  | { name: 'new-patient' }
  | { name: 'home' | 'session' | 'done' | 'add'; slug: string }
  | { name: 'gate' | 'memories' | 'new-memory' | 'bin' | 'people' | 'progress' | 'plan' | 'settings' | 'data'; slug: string }
  | { name: 'memory'; slug: string; id: string }
  | { name: 'lost' };

const PATIENT = ['session', 'done', 'add'] as const;
const CARER = ['memories', 'bin', 'people', 'progress', 'plan', 'settings', 'data'] as const;

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
export const patientPath = (slug: string, page: '' | 'session' | 'done' | 'add' = ''): string =>
  `/p/${encodeURIComponent(slug)}${page && `/${page}`}`;

/** The path of a carer's screen; `page` may be `memories/ID`. */
export const carerPath = (slug: string, page = ''): string => `/c/${encodeURIComponent(slug)}${page && `/${page}`}`;

/** Which area an address lies in; it decides density and what may be shown. */
export function areaOf(route: Route): 'patient' | 'carer' {
  const carers = ['memories', 'memory', 'new-memory', 'bin', 'people', 'progress', 'plan', 'settings', 'data'];
  return carers.includes(route.name) ? 'carer' : 'patient';
}

/** Asked before the present address is left for `path`; answers whether it may be. */
type Guard = (path: string) => boolean;

class Router {
  path = $state('/');
  /** Counts every arrival, the same address again included: the frame moves the focus on it. */
  arrivals = $state(0);
  route = $derived(routeOf(this.path));
  private guard: Guard | null = null;

  start(): void {
    this.path = location.pathname;
    addEventListener('popstate', () => {
      this.guard = null;
      this.arrive(location.pathname);
    });
    addEventListener('click', (event) => this.follow(event));
  }

  go(path: string, how: 'push' | 'replace' = 'push'): void {
    if (this.guard !== null && !this.guard(path)) return;
    this.guard = null;
    if (how === 'push') history.pushState(null, '', path);
    else history.replaceState(null, '', path);
    this.arrive(path);
  }

  /** While a screen holds unkept changes it may refuse to be left; pass `null` to lift that. */
  holdWith(guard: Guard | null): void {
    this.guard = guard;
  }

  private arrive(path: string): void {
    this.path = path;
    this.arrivals += 1;
    scrollTo(0, 0);
  }

  /** Ordinary links inside the screens change the address without loading the page anew. */
  private follow(event: MouseEvent): void {
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (event.defaultPrevented || !isPlain || !(event.target instanceof Element)) return;
    const link = event.target.closest('a');
    if (!link || link.origin !== location.origin || link.hasAttribute('download') || link.target !== '') return;
    if (link.pathname.startsWith('/api/') || link.hash !== '') return;
    event.preventDefault();
    this.go(link.pathname);
  }
}

export const router = new Router();
