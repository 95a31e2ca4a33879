/**
 * The one way to the companion (`reme serve`): every request, and every failure as a `Trouble` a screen can show.
 * Never keeps words of the user's anywhere but in memory.
 */
import type {
  ErrorDto,
  EraseDto,
  FactDto,
  HealthDto,
  HomeDto,
  InputDto,
  MediaDto,
  MemoryDto,
  MemoryInputDto,
  NewPatientDto,
  PatientDto,
  PersonDto,
  PlanDto,
  ProgressDto,
  SessionDto,
  SettingsDto,
  SyncDto,
  SyncPairDto,
  TrialDto,
} from './dto.ts';
import type { FoundDto, QuestionDto } from './dto.ts';

/** What a memory list is narrowed to; empty strings narrow nothing. */
export interface MemoryFilter {
  tag?: string;
  person?: string;
  from?: string;
  to?: string;
  bin?: boolean;
}

/** Why a request was not done: the companion's own words, or that it did not answer at all (`code` is `offline`). */
export class Trouble extends Error {
  readonly code: string;
  readonly field: string | null;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;

  constructor(code: string, field: string | null, message: string, status: number) {
    super(message);
    this.name = 'Trouble';
    this.code = code;
    this.field = field;
    this.status = status;
  }
}

/** Any thrown value as a `Trouble`. */
export function troubleOf(thrown: unknown): Trouble {
  return thrown instanceof Trouble ? thrown : new Trouble('internal', null, '', 0);
}

function isErrorDto(value: unknown): value is ErrorDto {
  return typeof value === 'object' && value !== null && 'code' in value && 'message' in value;
}

/** One request; anything but a good answer is thrown as a `Trouble`. Samples and other bytes go as they are. */
export async function request(method: string, path: string, body?: unknown): Promise<Response> {
  const headers: Record<string, string> = { 'Accept-Language': document.documentElement.lang || 'en' };
  if (method !== 'GET') headers['X-ReMe'] = '1';
  const isForm = body instanceof FormData;
  const isBytes = body instanceof ArrayBuffer;
  if (isBytes) headers['Content-Type'] = 'application/octet-stream';
  else if (body !== undefined && !isForm) headers['Content-Type'] = 'application/json';
  const payload = body === undefined ? undefined : isForm || isBytes ? body : JSON.stringify(body);
  let response: Response;
  try {
    response = await fetch(`/api${path}`, { method, headers, body: payload, cache: 'no-store' });
  } catch {
    throw new Trouble('offline', null, '', 0);
  }
  if (response.ok) return response;
  throw troubleIn(response.status, await response.text().catch(() => ''));
}

/** The trouble that a refusal tells: the companion's own words, where the body holds them. */
export function troubleIn(status: number, body: string): Trouble {
  let answer: unknown = null;
  try {
    answer = JSON.parse(body);
  } catch {
    // A body that is no JSON is not the companion's; the status says what can be said.
  }
  if (isErrorDto(answer)) return new Trouble(answer.code, answer.field, answer.message, status);
  const isGone = status === 0 || status === 502 || status === 503 || status === 504;
  return new Trouble(isGone ? 'offline' : 'internal', null, '', status);
}

export async function json<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await request(method, path, body);
  try {
    return (await response.json()) as T;
  } catch {
    throw new Trouble('internal', null, '', response.status);
  }
}

export async function done(method: string, path: string, body?: unknown): Promise<void> {
  await request(method, path, body);
}

function queryOf(filter: MemoryFilter): string {
  const query = new URLSearchParams();
  for (const key of ['tag', 'person', 'from', 'to'] as const) {
    const value = filter[key];
    if (value) query.set(key, value);
  }
  if (filter.bin) query.set('bin', '1');
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

export const health = (): Promise<HealthDto> => json('GET', '/health');
export const patients = (): Promise<PatientDto[]> => json('GET', '/patients');
export const addPatient = (patient: NewPatientDto): Promise<PatientDto> => json('POST', '/patients', patient);

/** Where a rendition of a photo lies. */
export function photoUrl(slug: string, id: string, size: 'thumb' | 'screen' | 'blurred' | 'original'): string {
  return `/api/patients/${encodeURIComponent(slug)}/media/${encodeURIComponent(id)}?size=${size}`;
}

/** Where a recording lies. */
export function recordingUrl(slug: string, id: string): string {
  return `/api/patients/${encodeURIComponent(slug)}/media/${encodeURIComponent(id)}?size=original`;
}

/** All that is asked about one patient. */
export class PatientApi {
  readonly slug: string;
  private readonly base: string;

  constructor(slug: string) {
    this.slug = slug;
    this.base = `/patients/${encodeURIComponent(slug)}`;
  }

  home = (): Promise<HomeDto> => json('GET', `${this.base}/home`);
  settings = (): Promise<SettingsDto> => json('GET', `${this.base}/settings`);
  putSettings = (settings: SettingsDto): Promise<SettingsDto> => json('PUT', `${this.base}/settings`, settings);

  /** Resumes the running session or starts one; says which. */
  async beginSession(): Promise<{ session: SessionDto; resumed: boolean }> {
    const response = await request('POST', `${this.base}/session`, {});
    return { session: (await response.json()) as SessionDto, resumed: response.status === 200 };
  }
  session = (): Promise<SessionDto> => json('GET', `${this.base}/session`);
  input = (input: InputDto): Promise<SessionDto> => json('POST', `${this.base}/session/input`, input);

  memories = (filter: MemoryFilter = {}): Promise<MemoryDto[]> =>
    json('GET', `${this.base}/memories${queryOf(filter)}`);
  memory = (id: string): Promise<MemoryDto> => json('GET', `${this.base}/memories/${encodeURIComponent(id)}`);
  addMemory = (memory: MemoryInputDto): Promise<MemoryDto> => json('POST', `${this.base}/memories`, memory);
  propose = (memory: MemoryInputDto): Promise<FactDto[]> => json('POST', `${this.base}/memories/propose`, memory);
  putMemory = (id: string, memory: MemoryInputDto): Promise<MemoryDto> =>
    json('PUT', `${this.base}/memories/${encodeURIComponent(id)}`, memory);
  binMemory = (id: string): Promise<void> => done('DELETE', `${this.base}/memories/${encodeURIComponent(id)}`);
  restoreMemory = (id: string): Promise<MemoryDto> =>
    json('POST', `${this.base}/memories/${encodeURIComponent(id)}/restore`);
  emptyBin = (): Promise<void> => done('POST', `${this.base}/bin/empty`);
  /** The person's own question never brings up what is marked sensitive; the carer's does. */
  search = (question: string, by: 'patient' | 'carer', rule: string | null = null): Promise<FoundDto> =>
    json('POST', `${this.base}/search`, { question, rule, by } satisfies QuestionDto);

  addPhoto(file: File): Promise<MediaDto> {
    const form = new FormData();
    form.append('file', file);
    return json('POST', `${this.base}/media`, form);
  }

  people = (): Promise<PersonDto[]> => json('GET', `${this.base}/people`);
  addPerson = (person: PersonDto): Promise<PersonDto> => json('POST', `${this.base}/people`, person);
  putPerson = (person: PersonDto): Promise<PersonDto> =>
    json('PUT', `${this.base}/people/${encodeURIComponent(person.id)}`, person);
  removePerson = (id: string): Promise<void> => done('DELETE', `${this.base}/people/${encodeURIComponent(id)}`);

  progress = (): Promise<ProgressDto> => json('GET', `${this.base}/progress`);
  trials = (session: string): Promise<TrialDto[]> =>
    json('GET', `${this.base}/sessions/${encodeURIComponent(session)}/trials`);
  plan = (): Promise<PlanDto> => json('GET', `${this.base}/plan`);
  putPlan = (plan: PlanDto): Promise<PlanDto> => json('PUT', `${this.base}/plan`, plan);
  sync = (): Promise<SyncDto> => json('GET', `${this.base}/sync`);
  pairClinic = (invitation: SyncPairDto): Promise<SyncDto> => json('POST', `${this.base}/sync/pair`, invitation);
  syncNow = (): Promise<SyncDto> => json('POST', `${this.base}/sync/now`, {});
  shareWithClinic = (kind: string, shared: boolean): Promise<SyncDto> => json('PUT', `${this.base}/sync/share`, { kind, shared });
  unpairClinic = (): Promise<SyncDto> => json('POST', `${this.base}/sync/unpair`, {});
  exportUrl = (): string => `/api${this.base}/export`;
  erase = (name: string): Promise<void> => done('POST', `${this.base}/erase`, { confirm: name } satisfies EraseDto);
}
