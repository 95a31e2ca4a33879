/** What the clinic's games are called and how many levels they have, as the portal says; read once, when somebody is in. */
import { speech } from '$shared/lib/i18n.svelte.ts';
import { clinic } from '../api/client.ts';
import type { Game } from '../api/types.ts';

/** Highest level the portal takes of a game that it does not know. */
export const MAX_LEVEL = 20;

class Catalog {
  private games = $state.raw<Game[]>([]);

  /** Reads the games. A page that only shows titles works without them: it then shows their short names. */
  async load(): Promise<void> {
    try {
      this.take((await clinic.games()).games);
    } catch {
      // The pages that need more than titles read the games themselves, and say what went amiss.
    }
  }

  take(games: Game[]): void {
    this.games = games;
  }

  /** The title in the reader's language; the short name of a game that the portal does not know. */
  title = (slug: string): string => this.games.find((game) => game.game === slug)?.title?.[speech.language] ?? slug;

  /** It has levels 1 to this one. */
  levels = (slug: string): number => this.games.find((game) => game.game === slug)?.levels ?? MAX_LEVEL;
}

export const catalog = new Catalog();
