/**
 * The running session as the screen holds it: the companion's last word (`SessionDto`), what is on its way there, and what
 * went wrong. It decides nothing about training: every input goes to the companion, and its answer is drawn.
 */
import { troubleOf, type PatientApi, type Trouble } from './api.ts';
import type { InputDto, SessionDto } from './dto.ts';
import { StimulusClock } from './stimulus_clock.ts';

export type InputKind = 'text' | 'tap' | 'hint' | 'repeat' | 'skip' | 'stop';

export class SessionPlay {
  session = $state.raw<SessionDto | null>(null);
  /** Words or choice on their way, shown at once as the patient's own bubble. */
  pending = $state.raw<InputDto | null>(null);
  trouble = $state.raw<Trouble | null>(null);
  /** Typed and not taken yet; stays when sending fails. */
  draft = $state('');
  readonly clock = new StimulusClock();
  private readonly api: PatientApi;

  constructor(api: PatientApi) {
    this.api = api;
  }

  begin = async (): Promise<void> => {
    this.trouble = null;
    try {
      const { session } = await this.api.beginSession();
      this.session = session;
      // A resumed question has been seen before, for an unknown time: its answer goes without `rt_ms` until the next turn.
      this.clock.forget();
    } catch (thrown) {
      this.trouble = troubleOf(thrown);
    }
  };

  /**
   * Sends one input; `event` tells when it was made, and is `null` where nobody knows to the tenth of a second (a spoken answer
   * ends by silence). Does nothing while another is on its way.
   */
  async send(kind: InputKind, value: string, event: Event | null): Promise<void> {
    if (this.session === null || this.pending !== null) return;
    const { id, turn } = this.session;
    await this.deliver({ session: id, turn, kind, value, rt_ms: event === null ? null : this.clock.read(event) });
  }

  /** The same input once more after trouble; its `turn` makes a doubled one harmless. */
  retry = async (): Promise<void> => {
    const failed = this.failed;
    if (this.session === null) await this.begin();
    else if (failed !== null) await this.deliver(failed);
    else this.trouble = null;
  };

  private failed: InputDto | null = null;

  private async deliver(input: InputDto): Promise<void> {
    this.pending = input;
    this.trouble = null;
    this.failed = null;
    try {
      this.session = await this.api.input(input);
      // A hint or a repeat leaves half-written words where they are.
      if (input.kind === 'text' || input.kind === 'skip') this.draft = '';
    } catch (thrown) {
      this.trouble = troubleOf(thrown);
      this.failed = input;
    } finally {
      this.pending = null;
    }
  }
}
