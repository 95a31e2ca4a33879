/** How many suggestions wait, for the badge beside the page's name. Asked for by the frame, kept right by the inbox itself. */
import { InboxApi } from './api_inbox.ts';

class Waiting {
  private slug = $state('');
  private open = $state(0);

  of = (slug: string): number => (slug === this.slug ? this.open : 0);

  set(slug: string, open: number): void {
    this.slug = slug;
    this.open = open;
  }

  /** A badge is no reason to trouble anybody: where it cannot be asked for, there is none. */
  async load(slug: string): Promise<void> {
    try {
      this.set(slug, (await new InboxApi(slug).count()).open);
    } catch {
      this.set(slug, 0);
    }
  }
}

export const waiting = new Waiting();
