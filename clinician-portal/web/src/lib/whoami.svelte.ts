/**
 * Who is logged in. When a session ends while somebody works, the page stays in memory, unseen, until the same person has
 * logged in again: a half-written note is not lost. Somebody else gets fresh pages.
 */
import { Trouble, troubleOf } from '$shared/lib/api.ts';
import { languageOf } from '$shared/lib/i18n.svelte.ts';
import { account, useToken, whenEnded } from '../api/client.ts';
import type { Me } from '../api/types.ts';
import { look } from './look.svelte.ts';

/** What each role may reach; the portal decides again on every request. */
const MAY = {
  patients: ['clinician', 'carer'],
  'change-patients': ['clinician'],
  notes: ['clinician'],
  staff: ['admin', 'clinician'],
  'change-staff': ['admin'],
  'clinic-audit': ['admin'],
} as const;
export type Right = keyof typeof MAY;

class Whoami {
  /** Who is, or was until the session ended. */
  me = $state.raw<Me | null>(null);
  /** `asking` at the start; `ended` while `me` must log in again. */
  state = $state<'asking' | 'out' | 'in' | 'ended'>('asking');
  trouble = $state.raw<Trouble | null>(null);

  constructor() {
    whenEnded(() => {
      if (this.state === 'in') this.state = 'ended';
    });
  }

  may = (right: Right): boolean => this.me !== null && (MAY[right] as readonly string[]).includes(this.me.role);

  start = async (): Promise<void> => {
    this.trouble = null;
    this.state = 'asking';
    try {
      this.take(await account.me());
    } catch (thrown) {
      const trouble = troubleOf(thrown);
      if (trouble.code === 'logged-out') this.state = 'out';
      else this.trouble = trouble;
    }
  };

  async logIn(email: string, password: string, code: string): Promise<void> {
    this.take(await account.logIn(email, password, code));
  }

  async logOut(): Promise<void> {
    try {
      await account.logOut();
    } catch (thrown) {
      // Ended already: that is what was wanted.
      if (troubleOf(thrown).code !== 'logged-out') throw thrown;
    }
    this.me = null;
    this.state = 'out';
  }

  /** Lets go of whoever was here, so that somebody else can log in. */
  forget(): void {
    this.me = null;
    this.state = 'out';
  }

  private take(me: Me): void {
    useToken(me.csrf);
    look.speak(languageOf(me.language));
    this.me = me;
    this.state = 'in';
  }
}

export const whoami = new Whoami();
