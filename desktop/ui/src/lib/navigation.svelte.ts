/**
 * Going from one address to another without loading the page anew. Which addresses there are, each app says itself by the
 * function it gives; nothing here knows one.
 */

/** Asked before the present address is left for `path`; answers whether it may be. */
type Guard = (path: string) => boolean;

export class Router<Route> {
  path = $state('/');
  /** Counts every arrival, the same address again included: the frame moves the focus on it. */
  arrivals = $state(0);
  route: Route = $derived.by(() => this.read(this.path));
  private readonly read: (path: string) => Route;
  private guard: Guard | null = null;

  constructor(read: (path: string) => Route) {
    this.read = read;
  }

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
