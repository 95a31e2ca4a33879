/**
 * The one way to the portal: the generated contract, every failure as a `Trouble` a screen can show, and word to whoever
 * listens when the session has ended. Never keeps anything of a patient's.
 */
import createClient, { type Middleware } from 'openapi-fetch';
import { Trouble } from '$shared/lib/api.ts';
import type { paths } from './schema.ts';
import type { CheckInInput, Invite, PatientInput, PlanInput } from './types.ts';

/** What `ErrorBody` carries that a screen needs. */
interface Told {
  code: string;
  field?: string | null;
  message: string;
}

const isTold = (value: unknown): value is Told =>
  typeof value === 'object' && value !== null && 'code' in value && 'message' in value;

let requestToken = '';
let tellEnded: () => void = () => undefined;

/** Keeps the token that every changing request repeats; it comes with `Me`. */
export function useToken(token: string): void {
  requestToken = token;
}

/** Called when the portal says that nobody is logged in any more. */
export function whenEnded(listener: () => void): void {
  tellEnded = listener;
}

const manners: Middleware = {
  onRequest({ request }) {
    request.headers.set('Accept-Language', document.documentElement.lang || 'en');
    if (request.method !== 'GET') request.headers.set('X-CSRF', requestToken);
  },
  async onResponse({ response }) {
    if (response.ok) return;
    let told: unknown = null;
    try {
      told = await response.json();
    } catch {
      // A body that is no JSON is not the portal's; the status says what can be said.
    }
    if (isTold(told)) {
      if (told.code === 'logged-out') tellEnded();
      throw new Trouble(told.code, told.field ?? null, told.message, response.status);
    }
    const isGone = [502, 503, 504].includes(response.status);
    throw new Trouble(isGone ? 'offline' : 'internal', null, '', response.status);
  },
  onError() {
    return new Trouble('offline', null, '', 0);
  },
};

const http = createClient<paths>({ baseUrl: location.origin, cache: 'no-store', credentials: 'same-origin' });
http.use(manners);

async function body<T>(asked: Promise<{ data?: T }>): Promise<T> {
  const { data } = await asked;
  if (data === undefined) throw new Trouble('internal', null, '', 0);
  return data;
}

async function done(asked: Promise<unknown>): Promise<void> {
  await asked;
}

export const account = {
  logIn: (email: string, password: string, code: string) => body(http.POST('/api/login', { body: { email, password, code } })),
  logOut: () => done(http.POST('/api/logout')),
  me: () => body(http.GET('/api/me')),
  speak: (language: string) => done(http.PUT('/api/me/language', { body: { language } })),
  changePassword: (old: string, wanted: string) => done(http.PUT('/api/me/password', { body: { old, new: wanted } })),
  sessions: () => body(http.GET('/api/me/sessions')),
  endSession: (session: string) => done(http.DELETE('/api/me/sessions/{session}', { params: { path: { session } } })),
  openInvite: (token: string) => body(http.POST('/api/invites/open', { body: { token } })),
  takeUpInvite: (token: string, password: string, code: string) =>
    done(http.POST('/api/invites/take-up', { body: { token, password, code } })),
};

export const clinic = {
  patients: (q = '') => body(http.GET('/api/patients', { params: { query: { q } } })),
  addPatient: (patient: PatientInput) => body(http.POST('/api/patients', { body: patient })),
  games: () => body(http.GET('/api/games')),
  staff: () => body(http.GET('/api/staff')),
  invite: (invite: Invite) => body(http.POST('/api/staff', { body: invite })),
  disable: (id: string) => done(http.POST('/api/staff/{account}/disable', { params: { path: { account: id } } })),
  enable: (id: string) => done(http.POST('/api/staff/{account}/enable', { params: { path: { account: id } } })),
  audit: (before: number | null) => body(http.GET('/api/audit', { params: { query: { before } } })),
  chain: () => body(http.GET('/api/audit/chain')),
};

/** Where the meaning of the CSV's columns lies. */
export const DICTIONARY = '/api/data-dictionary.csv';

/** All that is asked about one patient. */
export class PatientApi {
  readonly id: string;
  private readonly path: { patient: string };

  constructor(id: string) {
    this.id = id;
    this.path = { patient: id };
  }

  get = () => body(http.GET('/api/patients/{patient}', { params: { path: this.path } }));
  put = (patient: PatientInput) => done(http.PUT('/api/patients/{patient}', { params: { path: this.path }, body: patient }));
  erase = (name: string) => done(http.POST('/api/patients/{patient}/erase', { params: { path: this.path }, body: { name } }));
  linkCarer = (id: string) =>
    done(http.PUT('/api/patients/{patient}/carers/{account}', { params: { path: { ...this.path, account: id } } }));
  unlinkCarer = (id: string) =>
    done(http.DELETE('/api/patients/{patient}/carers/{account}', { params: { path: { ...this.path, account: id } } }));

  adherence = (from: string, to: string) =>
    body(http.GET('/api/patients/{patient}/adherence', { params: { path: this.path, query: { from, to } } }));
  trends = (from: string | null = null, to: string | null = null) =>
    body(http.GET('/api/patients/{patient}/trends', { params: { path: this.path, query: { from, to } } }));
  sessions = (before_ms: number | null = null) =>
    body(http.GET('/api/patients/{patient}/sessions', { params: { path: this.path, query: { before_ms } } }));
  session = (session: string) =>
    body(http.GET('/api/patients/{patient}/sessions/{session}', { params: { path: { ...this.path, session } } }));
  sessionNote = (session: string) =>
    body(http.GET('/api/patients/{patient}/sessions/{session}/note', { params: { path: { ...this.path, session } } }));
  removeSession = (session: string) =>
    done(http.DELETE('/api/patients/{patient}/sessions/{session}', { params: { path: { ...this.path, session } } }));
  removeTrial = (trial: string) =>
    done(http.DELETE('/api/patients/{patient}/trials/{trial}', { params: { path: { ...this.path, trial } } }));

  notes = () => body(http.GET('/api/patients/{patient}/notes', { params: { path: this.path } }));
  addNote = (text: string) => body(http.POST('/api/patients/{patient}/notes', { params: { path: this.path }, body: { text } }));

  checkIns = () => body(http.GET('/api/patients/{patient}/check-ins', { params: { path: this.path } }));
  addCheckIn = (given: CheckInInput) =>
    body(http.POST('/api/patients/{patient}/check-ins', { params: { path: this.path }, body: given }));

  plan = () => body(http.GET('/api/patients/{patient}/plan', { params: { path: this.path } }));
  putPlan = (plan: PlanInput) => body(http.PUT('/api/patients/{patient}/plan', { params: { path: this.path }, body: plan }));
  undoPlan = (version: number) =>
    body(http.POST('/api/patients/{patient}/plan/undo', { params: { path: this.path }, body: { version } }));

  devices = () => body(http.GET('/api/patients/{patient}/devices', { params: { path: this.path } }));
  pairingCode = () => body(http.POST('/api/patients/{patient}/pairing-codes', { params: { path: this.path } }));
  unpair = (device: string) =>
    done(http.DELETE('/api/patients/{patient}/devices/{device}', { params: { path: { ...this.path, device } } }));

  audit = (before: number | null) =>
    body(http.GET('/api/patients/{patient}/audit', { params: { path: this.path, query: { before } } }));

  readonly csvUrl = (): string => `/api/patients/${encodeURIComponent(this.id)}/trials.csv`;
  readonly fhirUrl = (): string => `/api/patients/${encodeURIComponent(this.id)}/fhir`;
}
