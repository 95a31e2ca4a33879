/** The stub's inbox, faces and files: enough suggestions of each kind to draw every state of those screens. */
import type { PersonDto } from '../src/lib/dto.ts';
import type { FaceGroupDto, FaceNameDto, LookDto, RegionDto, SensedDto, SuggestionDto, SuggestionEditDto } from '../src/lib/dto.ts';
import type { StubPerson } from './stub_people.ts';

/** Where the three heads of `group` stand. */
const HEADS: RegionDto[] = [
  { x: 0.16, y: 0.28, width: 0.14, height: 0.22 },
  { x: 0.43, y: 0.24, width: 0.15, height: 0.24 },
  { x: 0.69, y: 0.33, width: 0.14, height: 0.22 },
];

/** People drawn as simple busts before a wall; another wall for each id. */
export function group(id: string): string {
  const hue = [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 11);
  const bust = (at: RegionDto, skin: string, hair: string, coat: string): string => {
    const [cx, cy, r] = [(at.x + at.width / 2) * 800, (at.y + at.height / 2) * 600, at.height * 300];
    return `<path d="M${cx - r * 1.6} 600Q${cx - r * 1.5} ${cy + r} ${cx} ${cy + r * 0.9}T${cx + r * 1.6} 600Z" fill="${coat}"/><circle cx="${cx}" cy="${cy - r * 0.15}" r="${r * 1.08}" fill="${hair}"/><ellipse cx="${cx}" cy="${cy + r * 0.08}" rx="${r * 0.82}" ry="${r * 0.95}" fill="${skin}"/><circle cx="${cx - r * 0.32}" cy="${cy}" r="${r * 0.09}"/><circle cx="${cx + r * 0.32}" cy="${cy}" r="${r * 0.09}"/><path d="M${cx - r * 0.3} ${cy + r * 0.48}q${r * 0.3} ${r * 0.22} ${r * 0.6} 0" stroke="#7a2d22" stroke-width="5" fill="none"/>`;
  };
  const [a, b, c] = HEADS as [RegionDto, RegionDto, RegionDto];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 600" width="800" height="600"><rect width="800" height="600" fill="hsl(${hue} 30% 80%)"/>${bust(a, '#eac3a2', '#e9e5dd', '#5f7d8c')}${bust(b, '#d9a983', '#3b2a20', '#9c5b4a')}${bust(c, '#f0cfb3', '#8a5a33', '#57744f')}</svg>`;
}

/** A street sign to be read. */
export function sign(chinese: boolean): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 600" width="800" height="600"><rect width="800" height="600" fill="#d8d2c4"/><rect x="160" y="200" width="480" height="170" rx="18" fill="#1d4f8c"/><text x="400" y="305" font-size="${chinese ? 90 : 70}" fill="#fff" text-anchor="middle" font-family="sans-serif">${chinese ? '码头小馆' : 'Pier House'}</text></svg>`;
}

export class StubInbox {
  suggestions: SuggestionDto[];
  groups: FaceGroupDto[];
  private readonly person: StubPerson;
  private readonly id: () => string;

  constructor(person: StubPerson, id: () => string) {
    this.person = person;
    this.id = id;
    const zh = person.patient.language === 'zh-CN';
    const say = (en: string, chinese: string): string => (zh ? chinese : en);
    const memory = person.memories[0];
    const empty = { state: 'open', version: 'stub', memory: null, media: null, region: null, draft: null, fact: null, person: null, group: null, other: null };
    const walk = say('You walked for 25 minutes from home to the harbour park.', '从家里走到港口公园，走了25分钟。');
    const known = person.people[0];
    this.suggestions = [
      { ...empty, id: 's-group', kind: 'face-group', made_at: '2026-11-20T12:00:00Z', source: 'face', confidence: 0.8, text: '', media: 'group-a', region: HEADS[0] ?? null, group: 'g-a' },
      { ...empty, id: 's-same', kind: 'same-photo', made_at: '2026-11-20T10:10:00Z', source: 'likeness', confidence: 0.66, text: '', media: 'group-a', other: 'group-b' },
      {
        ...empty, id: 's-draft', kind: 'draft', made_at: '2026-11-21T16:20:00Z', source: 'gps', confidence: 0.9, text: walk,
        draft: { kind: 'episode', happened_at: '2026-11-21T15:30', text: walk, people: [], place: say('the harbour park', '港口公园'), tags: [say('walk', '散步')], source: 'wearable', sensitive: false, media: ['sea'], facts: null },
      },
      { ...empty, id: 's-face', kind: 'person', made_at: '2026-11-20T11:00:00Z', source: 'face', confidence: 0.72, text: known?.name ?? '', media: 'group-a', region: HEADS[1] ?? null, person: known?.id ?? null, group: 'g-b' },
      {
        ...empty, id: 's-fact', kind: 'fact', made_at: '2026-11-20T10:40:00Z', source: 'rule', confidence: 0.7, text: '', memory: memory?.id ?? null,
        fact: { id: null, kind: 'place', question: say('Where did you eat?', '你们在哪里吃的饭？'), answer: say('on the pier', '码头'), aliases: [], meaning_cue: null, origin: 'rule', confirmed: false },
      },
      { ...empty, id: 's-text', kind: 'text', made_at: '2026-11-20T10:30:00Z', source: 'ocr', confidence: 0.94, text: say('Pier House', '码头小馆'), memory: memory?.id ?? null, media: 'sign', region: { x: 0.2, y: 0.33, width: 0.6, height: 0.29 } },
      { ...empty, id: 's-tag', kind: 'thing', made_at: '2026-11-20T10:20:00Z', source: 'tags', confidence: 0.41, text: say('seashore', '海边'), memory: memory?.id ?? null, media: 'sea' },
    ];
    const face = (id: string, media: string, head: number): FaceGroupDto['faces'][number] => ({ id, media, region: HEADS[head] ?? { x: 0, y: 0, width: 1, height: 1 } });
    this.groups = [
      { id: 'g-a', person: null, name: null, consent: false, count: 3, faces: [face('f1', 'group-a', 0), face('f2', 'group-b', 0), face('f3', 'group-c', 0)] },
      { id: 'g-c', person: null, name: null, consent: false, count: 2, faces: [face('f4', 'group-a', 2), face('f5', 'group-b', 2)] },
      { id: 'g-b', person: known?.id ?? null, name: known?.name ?? null, consent: true, count: 2, faces: [face('f6', 'group-b', 1), face('f7', 'group-c', 1)] },
    ];
  }

  /** `undefined` for what is not here. */
  decide(method: string, id: string | undefined, more: string | undefined, body: () => unknown): [number, unknown] | undefined {
    const open = this.suggestions.filter((one) => one.state === 'open');
    if (id === undefined) return [200, open];
    if (id === 'count') {
      const kinds = [...new Set(open.map((one) => one.kind))].map((kind) => ({ kind, open: open.filter((one) => one.kind === kind).length }));
      return [200, { open: open.length, kinds }];
    }
    if (id === 'dismiss' && method === 'POST') {
      const { ids } = body() as { ids: string[] };
      for (const one of open) if (ids.includes(one.id)) one.state = 'dismissed';
      return [200, { dismissed: ids.length }];
    }
    const one = this.suggestions.find((other) => other.id === id);
    if (!one) return undefined;
    if (more === 'accept') {
      const edit = body() as Partial<SuggestionEditDto>;
      one.state = 'accepted';
      if (edit.text) one.text = edit.text;
      const draft = edit.draft ?? one.draft;
      if (draft) {
        one.memory = this.id();
        this.person.memories.push({ ...draft, id: one.memory, recorded_at: new Date().toISOString(), recordings: [], facts: [], deleted: false });
      }
    } else if (more === 'dismiss') one.state = 'dismissed';
    else if (more === 'reopen') {
      if (one.kind === 'draft' && one.state === 'accepted') this.person.memories = this.person.memories.filter((kept) => kept.id !== one.memory);
      one.state = 'open';
    }
    return [200, one];
  }

  faces(method: string, id: string | undefined, more: string | undefined, body: () => unknown): [number, unknown] | undefined {
    if (id === undefined) return [200, this.groups];
    const one = this.groups.find((other) => other.id === id);
    if (!one || method !== 'POST') return undefined;
    const drop = (): void => {
      this.groups = this.groups.filter((other) => other.id !== id);
    };
    if (more === 'dismiss') {
      drop();
      return [204, undefined];
    }
    if (more === 'name') {
      const given = body() as FaceNameDto;
      let person: PersonDto | undefined = this.person.people.find((known) => known.id === given.person || known.name === given.name);
      if (!person) {
        person = { id: this.id(), name: given.name, relation: given.relation, aliases: [] };
        this.person.people.push(person);
      }
      Object.assign(one, { person: person.id, name: person.name, consent: true });
      return [200, one];
    }
    if (more === 'merge') {
      const { into } = body() as { into: string };
      const other = this.groups.find((known) => known.id === into);
      if (!other) return undefined;
      other.faces.push(...one.faces);
      other.count += one.count;
      drop();
      return [200, other];
    }
    if (more === 'split') {
      const { faces } = body() as { faces: string[] };
      const out = one.faces.filter((face) => faces.includes(face.id));
      one.faces = one.faces.filter((face) => !faces.includes(face.id));
      one.count -= out.length;
      const made = { id: this.id(), person: null, name: null, consent: false, faces: out, count: out.length };
      this.groups.push(made);
      return [200, [one, made]];
    }
    return undefined;
  }

  forget(person: string): [number, unknown] {
    this.groups = this.groups.filter((one) => one.person !== person);
    return [204, undefined];
  }

  private looked: LookDto = { state: 'idle', done: 4, of: 6, found: 0, missing: [] };

  /** Each look at a running one finds one more photo done. */
  look(method: string): [number, unknown] {
    if (method === 'POST') this.looked = { ...this.looked, state: 'running' };
    else if (method === 'DELETE') this.looked = { ...this.looked, state: 'stopped' };
    else if (this.looked.state === 'running') {
      const done = Math.min(this.looked.of, this.looked.done + 1);
      this.looked = { ...this.looked, done, found: done - 4, state: done === this.looked.of ? 'idle' : 'running' };
    }
    return [method === 'POST' ? 202 : 200, this.looked];
  }

  /** Files of a known ending are read, and one of them brings the draft of the walk. */
  sensors(method: string, body: Buffer): [number, unknown] | undefined {
    if (method !== 'POST') return undefined;
    const zh = this.person.patient.language === 'zh-CN';
    const names = [...body.toString('latin1').matchAll(/filename="([^"]*)"/g)].map((found) => Buffer.from(found[1] ?? '', 'latin1').toString());
    const kinds: Record<string, string> = { gpx: 'gpx', ics: 'calendar', xml: 'apple-health', json: 'google-location', jsonl: 'open-mhealth' };
    const files = names.map((name) => {
      const kind = kinds[name.split('.').at(-1) ?? ''] ?? null;
      const problem = zh ? `${name}：不认得这个文件，什么都没有留下。` : `${name} is of a kind that is not known, and nothing of it was kept.`;
      return { name, kind, events: kind === null ? 0 : 1204, skipped: kind === null ? 0 : 3, problems: kind === null ? [problem] : [], more_problems: 0 };
    });
    const isRead = files.some((file) => file.kind !== null);
    const draft = this.suggestions.find((one) => one.id === 's-draft');
    if (isRead && draft && draft.state !== 'accepted') draft.state = 'open';
    return [200, { files, from: '2026-10-21', episodes: isRead ? 12 : 0, suggestions: isRead ? 1 : 0, again: isRead ? 2 : 0, drafts: [] } satisfies SensedDto];
  }
}
