/**
 * After an address was arrived at, the focus goes to its heading, so that a reader begins there. A screen may have to load
 * first: then it goes there as soon as the heading is there, unless the person has put it somewhere meanwhile.
 */
export function focusHeading(main: HTMLElement): () => void {
  const isFree = (): boolean => document.activeElement === null || document.activeElement === document.body || !document.activeElement.isConnected;
  const move = (): boolean => {
    const heading = main.querySelector<HTMLElement>('h1');
    heading?.focus({ preventScroll: true });
    return heading !== null;
  };
  if (move()) return () => undefined;
  const observer = new MutationObserver(() => {
    if (!isFree() || move()) observer.disconnect();
  });
  observer.observe(main, { childList: true, subtree: true });
  return () => observer.disconnect();
}
