/**
 * A stand-in for `reme serve` while the screens are developed: the contract's addresses, answered from memory. It judges by
 * plain comparison and keeps nothing; the real companion is what the browser tests play against when `REME_BIN` is set.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Connect, Plugin } from 'vite';
import type { ErrorDto, InputDto, MemoryInputDto, PersonDto, PlanDto, SettingsDto, SyncDto, SyncPairDto, SyncShareDto } from '../src/lib/dto.ts';
import type { FoundDto, QuestionDto } from '../src/lib/dto.ts';
import { group, sign, StubInbox } from './stub_inbox.ts';
import { newPerson, people as startPeople, picture, progressOf, proposals, type StubPerson } from './stub_people.ts';
import { StubSession } from './stub_session.ts';
import { StubVoice } from './stub_voice.ts';

/** Status and body. */
type Answer = [number, unknown];

class Refusal extends Error {
  readonly status: number;
  readonly dto: ErrorDto;
  constructor(status: number, code: string, field: string | null, message: string) {
    super(message);
    this.status = status;
    this.dto = { code, field, message };
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

const KINDS: Record<string, string> = { '<svg': 'image/svg+xml', RIFF: 'audio/wav' };

function send(response: ServerResponse, status: number, body: unknown): void {
  response.statusCode = status;
  response.setHeader('Cache-Control', 'no-store');
  if (Buffer.isBuffer(body)) {
    response.setHeader('Content-Type', KINDS[body.subarray(0, 4).toString()] ?? 'image/png');
    response.end(body);
  } else if (body === undefined) response.end();
  else {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(body));
  }
}

function unpaired(): SyncDto {
  const kinds = ['device-facts', 'sessions', 'trials', 'adherence'];
  return {
    paired: false, address: null, clinic: null, clinic_patient: null, synced_at: null, trouble: null, trouble_text: null, passes: true,
    shares: kinds.map((kind, at) => ({ kind, shared: false, waiting: at * 3 })), plan_version: null, plan_taken_at: null,
  };
}

/** Every kind of answer there is, each to its own words; anything else is looked for letter by letter. */
function search(person: StubPerson, { question, by, rule }: QuestionDto): FoundDto {
  const zh = person.patient.language === 'zh-CN';
  const kept = person.memories.filter((memory) => !memory.deleted && (by === 'carer' || !memory.sensitive));
  const ids = kept.map((memory) => memory.id);
  const nothing: FoundDto = { memories: [], answer_text: null, level: 1, cited: [], rule_in_words: null, support: null, exceptions: null, nothing_found: true, nothing_text: null };
  if (/usually|habit|平时|习惯/.test(question)) {
    const answer_text = zh ? '夏天出门的时候，您多半坐渡轮。' : 'When you go out in summer, you mostly take the ferry.';
    return { ...nothing, nothing_found: false, memories: kept, level: 4, answer_text, cited: ids.slice(0, 1), support: 5, exceptions: 1 };
  }
  if (rule !== null) {
    const rule_in_words = zh ? '本人记下的、一天以前的、提到别人的回忆。' : 'memories noted by the person, more than a day old, that name somebody else.';
    return { ...nothing, nothing_found: false, memories: kept, level: 3, answer_text: zh ? '有一件合适。' : 'One memory fits.', cited: ids.slice(0, 1), rule_in_words };
  }
  if (/dentist|牙医/.test(question)) return nothing;
  const memories = kept.filter((memory) => [...question].some((letter) => memory.text.includes(letter))).slice(0, 3);
  const first = memories[0];
  const answer_text = first?.facts[0] === undefined ? null : zh ? `是${first.facts[0].answer}。` : `It was ${first.facts[0].answer}.`;
  return { ...nothing, nothing_found: memories.length === 0, memories, answer_text, cited: answer_text === null ? [] : [first?.id ?? ''] };
}

/** One stub world; its people live as long as the development server. */
class World {
  private readonly all = new Map<string, StubPerson>();
  private readonly sessions = new Map<string, StubSession>();
  private readonly links = new Map<string, SyncDto>();
  private readonly inboxes = new Map<string, StubInbox>();
  private readonly voices = new Map<string, StubVoice>();
  private count = 1000;

  constructor() {
    for (const person of startPeople()) this.all.set(person.patient.slug, person);
  }

  private nextId(): string {
    this.count += 1;
    return `stub-${this.count}`;
  }

  /** The link with a made-up clinic: any code pairs. */
  private link(person: StubPerson, what: string | undefined, json: <T>() => T): SyncDto {
    const slug = person.patient.slug;
    const link = this.links.get(slug) ?? unpaired();
    if (what === 'pair') {
      const asked = json<SyncPairDto>();
      if (asked.address.trim() === '') throw new Refusal(422, 'sync-address', 'address', 'Stub: the address is missing.');
      if (asked.code.length < 8) throw new Refusal(422, 'sync-code-form', 'code', 'Stub: the code is not complete.');
      Object.assign(link, { paired: true, address: asked.address, clinic: 'Harbour Clinic', clinic_patient: person.patient.name });
      for (const share of link.shares) share.shared = asked.share.includes(share.kind);
    } else if (what === 'now') {
      Object.assign(link, { synced_at: new Date().toISOString(), plan_version: 2, plan_taken_at: new Date().toISOString() });
      for (const share of link.shares) if (share.shared) share.waiting = 0;
    } else if (what === 'share') {
      const asked = json<SyncShareDto>();
      for (const share of link.shares) if (share.kind === asked.kind) share.shared = asked.shared;
    } else if (what === 'unpair') Object.assign(link, unpaired());
    this.links.set(slug, link);
    return link;
  }

  private inbox(person: StubPerson): StubInbox {
    const known = this.inboxes.get(person.patient.slug) ?? new StubInbox(person, () => this.nextId());
    this.inboxes.set(person.patient.slug, known);
    return known;
  }

  private voice(person: StubPerson): StubVoice {
    const known = this.voices.get(person.patient.slug) ?? new StubVoice(person.patient.language === 'zh-CN', () => this.nextId());
    this.voices.set(person.patient.slug, known);
    return known;
  }

  handle(method: string, url: URL, body: Buffer): Answer | Promise<Answer> {
    const parts = url.pathname.split('/').slice(2).map(decodeURIComponent);
    const json = <T>(): T => JSON.parse(body.toString() || '{}') as T;
    if (parts[0] === 'health') return [200, { version: '0.0.0-stub', model: 'none', key_store: 'file' }];
    if (parts[0] !== 'patients') throw new Refusal(404, 'not-found', null, 'There is no such address.');
    if (parts[1] === undefined) {
      if (method === 'GET') return [200, [...this.all.values()].map((person) => ({ ...person.patient, memories: person.memories.length }))];
      const person = newPerson(this.nextId(), json());
      this.all.set(person.patient.slug, person);
      return [201, person.patient];
    }
    const person = this.all.get(parts[1]);
    if (!person) throw new Refusal(404, 'not-found', null, 'Nobody of that name is kept here.');
    return this.ofPerson(method, url, parts.slice(2), person, body, json);
  }

  private ofPerson(method: string, url: URL, path: string[], person: StubPerson, body: Buffer, json: <T>() => T): Answer | Promise<Answer> {
    const slug = person.patient.slug;
    const [what, id, more] = path;
    const session = this.sessions.get(slug);
    const there = <T>(found: T | undefined): T => {
      if (found === undefined) throw new Refusal(404, 'not-found', null, 'Stub: this is not here any more.');
      return found;
    };
    switch (what) {
      case 'suggestions':
        return there(this.inbox(person).decide(method, id, more, json));
      case 'look':
        return this.inbox(person).look(method);
      case 'faces':
        return there(this.inbox(person).faces(method, id, more, json));
      case 'sensors':
        return there(this.inbox(person).sensors(method, body));
      case 'voice':
        return this.voice(person).voice(method, json);
      case 'speak':
        return this.voice(person).speak();
      case 'listen':
        return there(this.voice(person).listen(method, id, more, Number(url.searchParams.get('after') ?? 0), json));
      case 'home':
        return [200, { patient: person.patient, resumable: session?.state.state === 'running', minutes: person.plan.session_minutes, games: person.plan.games.filter((g) => g.enabled).map((g) => g.title), sessions_this_week: 2, sessions_goal: person.plan.sessions_per_week, blocked: null }];
      case 'settings':
        if (method === 'PUT') person.settings = json<SettingsDto>();
        return [200, person.settings];
      case 'plan':
        if (method === 'PUT') person.plan = { ...json<PlanDto>(), version: person.plan.version + 1, set_by: 'carer' };
        return [200, person.plan];
      case 'session':
        return this.ofSession(method, id, person, session, json);
      case 'memories':
        return this.ofMemories(method, url, id, more, person, json);
      case 'bin':
        person.memories = person.memories.filter((memory) => !memory.deleted);
        return [204, undefined];
      case 'media': {
        if (method === 'GET' && id !== undefined) return [200, person.media.get(id) ?? Buffer.from(id.startsWith('group') ? group(id) : id === 'sign' ? sign(person.patient.language === 'zh-CN') : picture(id, url.searchParams.get('size') === 'blurred'))];
        const head = body.indexOf('\r\n\r\n');
        const bytes = body.subarray(head + 4, body.lastIndexOf('\r\n--'));
        if (bytes.length < 32) throw new Refusal(422, 'invalid', 'file', 'The photo is empty. Nothing was kept; choose another one.');
        const media = this.nextId();
        person.media.set(media, Buffer.from(bytes));
        return [201, { id: media, taken_at: null, notes: [] }];
      }
      case 'people':
        if (more === 'face' && id !== undefined) return this.inbox(person).forget(id);
        if (method === 'GET') return [200, person.people];
        if (method === 'POST') person.people.push({ ...json<PersonDto>(), id: this.nextId() });
        else person.people = person.people.flatMap((other) => (other.id !== id ? [other] : method === 'PUT' ? [{ ...json<PersonDto>(), id: other.id }] : []));
        return method === 'DELETE' ? [204, undefined] : [method === 'POST' ? 201 : 200, person.people.find((other) => other.id === id) ?? person.people.at(-1)];
      case 'sync':
        return [200, this.link(person, id, json)];
      case 'progress':
        return [200, progressOf(person)];
      case 'sessions':
        return [200, person.trials];
      case 'search':
        return [200, search(person, json<QuestionDto>())];
      case 'export':
        return [200, Buffer.from('PK-stub')];
      case 'erase':
        if (json<{ confirm: string }>().confirm !== person.patient.name) throw new Refusal(422, 'invalid', 'confirm', 'The name differs. Nothing was erased.');
        this.all.delete(slug);
        return [204, undefined];
      default:
        throw new Refusal(404, 'not-found', null, 'There is no such address.');
    }
  }

  private ofSession(method: string, id: string | undefined, person: StubPerson, session: StubSession | undefined, json: <T>() => T): [number, unknown] {
    if (method === 'GET') {
      if (!session) throw new Refusal(404, 'not-found', null, 'There was no session yet.');
      return [200, session.state];
    }
    if (id === 'input') {
      if (!session) throw new Refusal(409, 'conflict', null, 'No session is running.');
      const input = json<InputDto>();
      if (input.turn === session.state.turn && session.state.state === 'running') session.take(input);
      return [200, session.state];
    }
    if (session?.state.state === 'running') return [200, session.state];
    const fresh = new StubSession(this.nextId(), person);
    this.sessions.set(person.patient.slug, fresh);
    return [201, fresh.state];
  }

  private ofMemories(method: string, url: URL, id: string | undefined, more: string | undefined, person: StubPerson, json: <T>() => T): [number, unknown] {
    const wanted = url.searchParams;
    if (id === undefined && method === 'GET') {
      const fits = person.memories.filter(
        (memory) =>
          memory.deleted === (wanted.get('bin') === '1') &&
          (!wanted.get('tag') || memory.tags.includes(wanted.get('tag') ?? '')) &&
          (!wanted.get('person') || memory.people.includes(wanted.get('person') ?? '')) &&
          (!wanted.get('from') || (memory.happened_at ?? '') >= (wanted.get('from') ?? '')) &&
          (!wanted.get('to') || (memory.happened_at ?? '') <= `${wanted.get('to') ?? ''}~`),
      );
      return [200, fits.sort((a, b) => (b.happened_at ?? '').localeCompare(a.happened_at ?? ''))];
    }
    if (id === 'propose') return [200, proposals(json<MemoryInputDto>(), person.patient.language)];
    const input = (): MemoryInputDto => {
      const given = json<MemoryInputDto>();
      if (given.text.trim() === '') throw new Refusal(422, 'invalid', 'text', 'The note is empty. Nothing was kept; write a sentence.');
      return given;
    };
    const keep = (given: MemoryInputDto, old: { id: string; recorded_at: string }) => ({
      ...old,
      ...given,
      recordings: given.media.filter((id) => id.startsWith('rec')),
      media: given.media.filter((id) => !id.startsWith('rec')),
      facts: (given.facts ?? proposals(given, person.patient.language)).map((fact) => ({ ...fact, id: fact.id ?? this.nextId() })),
      deleted: false,
    });
    if (id === undefined) {
      const memory = keep(input(), { id: this.nextId(), recorded_at: new Date().toISOString() });
      person.memories.push(memory);
      return [201, memory];
    }
    const at = person.memories.findIndex((memory) => memory.id === id);
    const memory = person.memories[at];
    if (!memory) throw new Refusal(404, 'not-found', null, 'This memory is not here any more.');
    if (method === 'GET') return [200, memory];
    if (method === 'PUT') person.memories[at] = keep(input(), memory);
    else memory.deleted = more !== 'restore';
    return method === 'DELETE' ? [204, undefined] : [200, person.memories[at]];
  }
}

/** The plugin: answers `/api` in development and in preview. */
export function stub(): Plugin {
  const serve = (middlewares: Connect.Server): void => {
    const world = new World();
    middlewares.use('/api', (request, response, next) => {
      const url = new URL(request.originalUrl ?? '/', 'http://stub');
      bodyOf(request)
        .then(async (body) => {
          try {
            send(response, ...(await world.handle(request.method ?? 'GET', url, body)));
          } catch (thrown) {
            if (!(thrown instanceof Refusal)) throw thrown;
            send(response, thrown.status, thrown.dto);
          }
        })
        .catch(next);
    });
  };
  return {
    name: 'reme-stub',
    configureServer: (server) => serve(server.middlewares),
    configurePreviewServer: (server) => serve(server.middlewares),
  };
}
