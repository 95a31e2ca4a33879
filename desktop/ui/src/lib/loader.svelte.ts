/** Something asked for: not here yet, here, or in trouble. A later answer never overwrites that of a later question. */
import { troubleOf, type Trouble } from './api.ts';

export class Loader<T> {
  value = $state.raw<T | null>(null);
  trouble = $state.raw<Trouble | null>(null);
  busy = $state(false);
  private asked = 0;
  private readonly ask: () => Promise<T>;

  constructor(ask: () => Promise<T>) {
    this.ask = ask;
  }

  load = async (): Promise<void> => {
    this.asked += 1;
    const mine = this.asked;
    this.busy = true;
    this.trouble = null;
    try {
      const value = await this.ask();
      if (mine === this.asked) this.value = value;
    } catch (thrown) {
      if (mine === this.asked) this.trouble = troubleOf(thrown);
    } finally {
      if (mine === this.asked) this.busy = false;
    }
  };
}
