/** The stub's ears and voice: hears the same words whatever is said, speaks a short tone. */
import type { ListenEventDto, VoiceDto } from '../src/lib/dto.ts';

/** How long the stub lets somebody speak before it has heard enough, in pieces of sound or looks. */
const PIECES = 3;
const LOOK_MS = 150;

interface Turn {
  events: ListenEventDto[];
  pieces: number;
  keep: boolean;
  stopped: boolean;
}

/** A tone of 0.4 s as a WAV file. */
function tone(): Buffer {
  const rate = 16_000;
  const samples = Math.round(0.4 * rate);
  const wav = Buffer.alloc(44 + 2 * samples);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(36 + 2 * samples, 4);
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(rate, 24);
  wav.writeUInt32LE(2 * rate, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36);
  wav.writeUInt32LE(2 * samples, 40);
  for (let at = 0; at < samples; at += 1) wav.writeInt16LE(Math.round(2000 * Math.sin((at * 2 * Math.PI * 330) / rate)), 44 + 2 * at);
  return wav;
}

export class StubVoice {
  private readonly state: VoiceDto = {
    hearing: { ready: true, message: null },
    device: { ready: true, message: null },
    speaking: { ready: true, message: null },
    speak: false,
    rate_percent: 90,
  };
  private readonly turns = new Map<string, Turn>();
  private readonly words: string[];
  private readonly id: () => string;

  constructor(chinese: boolean, id: () => string) {
    this.words = chinese ? ['我们', '吃了', '熏鱼'] : ['We', 'ate', 'smoked', 'trout'];
    this.id = id;
    this.joint = chinese ? '' : ' ';
  }
  private readonly joint: string;

  voice(method: string, body: () => unknown): [number, unknown] {
    if (method === 'PUT') Object.assign(this.state, body());
    return [200, this.state];
  }

  speak = (): [number, unknown] => [200, tone()];

  /** `undefined` for what is not here. */
  listen(method: string, id: string | undefined, more: string | undefined, after: number, body: () => unknown): [number, unknown] | Promise<[number, unknown]> | undefined {
    if (id === undefined) {
      const turn = { events: [], pieces: 0, stopped: false, keep: (body() as { keep: boolean }).keep };
      const made = this.id();
      this.turns.set(made, turn);
      return [201, { id: made }];
    }
    const turn = this.turns.get(id);
    if (!turn) return undefined;
    if (method === 'DELETE') {
      this.turns.delete(id);
      return [204, undefined];
    }
    if (more === 'audio') {
      turn.pieces += 1;
      return [204, undefined];
    }
    if (more === 'stop') {
      turn.stopped = true;
      return [204, undefined];
    }
    return new Promise((answer) =>
      setTimeout(() => {
        this.hear(turn);
        answer([200, turn.events.filter((event) => event.seq > after)]);
      }, LOOK_MS),
    );
  }

  private hear(turn: Turn): void {
    const said = turn.events.length;
    const tell = (part: Partial<ListenEventDto>): void => {
      turn.events.push({ seq: said + 1, kind: 'level', level: 0.5, text: '', words: [], recording: null, ...part });
    };
    if (turn.events.some((event) => event.kind === 'final')) return;
    const whole = said >= this.words.length && (turn.stopped || said >= this.words.length + PIECES);
    if (!whole) tell({ kind: 'partial', text: this.words.slice(0, said + 1).join(this.joint) });
    else {
      tell({
        kind: 'final',
        text: this.words.join(this.joint),
        words: this.words.map((text) => ({ text, confidence: 0.92 })),
        recording: turn.keep ? `rec-${this.id()}` : null,
      });
    }
  }
}
