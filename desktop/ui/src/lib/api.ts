/** The one door to `reme serve`. Every request carries the CSRF header and the language; nothing is cached or logged here. */
import type * as D from './dto';
import { lang, t } from './i18n/index.svelte';

/** What a screen shows when a request fails. `network` = nothing came back at all. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly field: string | null = null,
  ) {
    super(message);
  }
  get network(): boolean {
    return this.code === 'network';
  }
}

/** The sentence for any thrown thing. */
export function messageOf(error: unknown): string {
  return error instanceof ApiError ? error.message : t('error.unknown');
}

async function request(method: string, path: string, body?: unknown): Promise<Response> {
  const raw = body instanceof Blob;
  const headers: Record<string, string> = { 'X-ReMe': '1', 'Accept-Language': lang() };
  if (body !== undefined) headers['Content-Type'] = raw ? body.type || 'application/octet-stream' : 'application/json';
  let response: Response;
  try {
    response = await fetch(`/api${path}`, {
      method,
      headers,
      cache: 'no-store',
      ...(body !== undefined ? { body: raw ? body : JSON.stringify(body) } : {}),
    });
  } catch {
    throw new ApiError(0, 'network', t('error.network'));
  }
  if (response.ok) return response;
  const told = (await response.json().catch(() => null)) as D.ErrorDto | null;
  throw new ApiError(response.status, told?.code ?? 'internal', told?.message || t('error.unknown'), told?.field ?? null);
}

async function json<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await request(method, path, body);
  const text = await response.text().catch(() => {
    throw new ApiError(0, 'network', t('error.network'));
  });
  return (text ? JSON.parse(text) : null) as T;
}

const at = (slug: string, rest: string) => `/patients/${encodeURIComponent(slug)}${rest}`;
const id = encodeURIComponent;

/** What the memory list can be narrowed by; empty values are left out of the query. */
export type MemoryFilter = { q?: string; from?: string; to?: string; person?: string; place?: string; tag?: string; deleted?: boolean };

export function query(filter: MemoryFilter): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(filter)) if (value !== undefined && value !== '') params.set(key, String(value));
  const text = params.toString();
  return text ? `?${text}` : '';
}

export const api = {
  health: () => json<D.HealthDto>('GET', '/health'),
  patients: () => json<D.PatientDto[]>('GET', '/patients'),
  addPatient: (body: D.NewPatientDto) => json<D.PatientDto>('POST', '/patients', body),
  settings: (slug: string) => json<D.SettingsDto>('GET', at(slug, '/settings')),
  saveSettings: (slug: string, body: D.SettingsDto) => json<D.SettingsDto>('PUT', at(slug, '/settings'), body),
  home: (slug: string) => json<D.HomeDto>('GET', at(slug, '/home')),
  startSession: (slug: string) => json<D.SessionDto>('POST', at(slug, '/session'), {}),
  session: (slug: string) => json<D.SessionDto>('GET', at(slug, '/session')),
  input: (slug: string, body: D.InputDto) => json<D.SessionDto>('POST', at(slug, '/session/input'), body),
  memories: (slug: string, filter: MemoryFilter) => json<D.MemoryDto[]>('GET', at(slug, `/memories${query(filter)}`)),
  memory: (slug: string, memory: string) => json<D.MemoryDto>('GET', at(slug, `/memories/${id(memory)}`)),
  addMemory: (slug: string, body: D.MemoryInputDto) => json<D.MemoryDto>('POST', at(slug, '/memories'), body),
  saveMemory: (slug: string, memory: string, body: D.MemoryInputDto) =>
    json<D.MemoryDto>('PUT', at(slug, `/memories/${id(memory)}`), body),
  deleteMemory: (slug: string, memory: string) => json<unknown>('DELETE', at(slug, `/memories/${id(memory)}`)),
  restoreMemory: (slug: string, memory: string) => json<D.MemoryDto>('POST', at(slug, `/memories/${id(memory)}/restore`), {}),
  proposeFacts: (slug: string, body: { text: string; people: string[]; place: string | null; happened_at: string | null }) =>
    json<D.FactDto[]>('POST', at(slug, '/facts/propose'), body),
  addMedia: (slug: string, photo: Blob) => json<D.MediaDto>('POST', at(slug, '/media'), photo),
  mediaUrl: (slug: string, media: string, size: 'thumb' | 'screen') => `/api${at(slug, `/media/${id(media)}?size=${size}`)}`,
  people: (slug: string) => json<D.PersonDto[]>('GET', at(slug, '/people')),
  addPerson: (slug: string, body: D.PersonDto) => json<D.PersonDto>('POST', at(slug, '/people'), body),
  savePerson: (slug: string, body: D.PersonDto) => json<D.PersonDto>('PUT', at(slug, `/people/${id(body.id)}`), body),
  deletePerson: (slug: string, person: string) => json<unknown>('DELETE', at(slug, `/people/${id(person)}`)),
  progress: (slug: string) => json<D.ProgressDto>('GET', at(slug, '/progress')),
  trials: (slug: string, session: string) => json<D.TrialDto[]>('GET', at(slug, `/sessions/${id(session)}/trials`)),
  plan: (slug: string) => json<D.PlanDto>('GET', at(slug, '/plan')),
  savePlan: (slug: string, body: D.PlanDto) => json<D.PlanDto>('PUT', at(slug, '/plan'), body),
  exportZip: async (slug: string) => (await request('GET', at(slug, '/export'))).blob(),
  erase: (slug: string, confirm: string) => json<unknown>('POST', at(slug, '/erase'), { confirm }),
};
