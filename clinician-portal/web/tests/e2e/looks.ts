/** Every page in every state worth looking at, who sees it, and how to get there. */
import type { Page, Route } from 'playwright-core';
import type { Account } from './harness.ts';

/** The demo clinic's patients: one trains as planned, one less and less. */
export const PATIENTS = { frank: '019a7c00-0000-7000-8000-000000000021', gu: '019a7c00-0000-7000-8000-000000000022' } as const;

export interface Look {
  name: string;
  /** `null`: nobody is logged in. */
  account: Account | null;
  open: (page: Page) => Promise<void>;
}

const json = (route: Route, body: unknown, status = 200): Promise<void> =>
  route.fulfill({ status, contentType: 'application/json', body: JSON.stringify(body) });

const at = (name: string, account: Account | null, path: string, wait: string): Look => ({
  name,
  account,
  open: async (page) => {
    await page.goto(path);
    await page.locator(wait).first().waitFor();
  },
});

const onFrank = (tab: string, wait: string): Look => at(`patient-${tab || 'overview'}`, 'clinician', `/patients/${PATIENTS.frank}${tab && `/${tab}`}`, wait);

export const LOOKS: Look[] = [
  at('login', null, '/', '#email'),
  at('pair', null, '/pair#ABCD-2345', '.code'),
  at('invite-none', null, '/invite', 'main p'),
  {
    name: 'invite',
    account: null,
    open: async (page) => {
      await page.route('**/api/invites/open', (route) =>
        json(route, { name: 'Ann Lee', email: 'ann@demo.example', clinic: 'ReMe demo clinic', totp_secret: 'ABCDEFGH234567', totp_address: 'otpauth://totp/ReMe:ann%40demo.example?secret=ABCDEFGH234567&issuer=ReMe' }),
      );
      await page.goto('/invite#some-token');
      await page.locator('main svg[role="img"]').waitFor();
    },
  },
  at('patients', 'clinician', '/patients', '[data-patient]'),
  {
    name: 'patients-empty',
    account: 'clinician',
    open: async (page) => {
      await page.route('**/api/patients?q=', (route) => json(route, []));
      await page.goto('/patients');
      await page.locator('.empty').waitFor();
    },
  },
  {
    name: 'patients-trouble',
    account: 'clinician',
    open: async (page) => {
      await page.route('**/api/patients?q=', (route) => route.abort());
      await page.goto('/patients');
      await page.locator('.trouble').waitFor();
    },
  },
  at('patients-carer', 'carer', '/patients', '[data-patient]'),
  at('new-patient', 'clinician', '/patients/new', '#name'),
  onFrank('', '[data-domain] svg'),
  at('patient-less', 'clinician', `/patients/${PATIENTS.gu}`, '[data-domain] svg'),
  {
    name: 'patient-nothing-yet',
    account: 'clinician',
    open: async (page) => {
      await page.route('**/api/patients/*/trends*', (route) => json(route, { domains: [], rungs: [0, 0, 0, 0, 0, 0, 0, 0] }));
      await page.route('**/api/patients/*/adherence?*', (route) => json(route, []));
      await page.route('**/api/patients/*/plan', (route) => json(route, { versions: [], deliveries: [] }));
      await page.route('**/api/patients/*/devices', (route) => json(route, []));
      await page.goto(`/patients/${PATIENTS.frank}`);
      await page.locator('.empty').waitFor();
    },
  },
  onFrank('sessions', '[data-session]'),
  {
    name: 'patient-session',
    account: 'clinician',
    open: async (page) => {
      await page.goto(`/patients/${PATIENTS.frank}/sessions`);
      await page.locator('[data-session] a').first().click();
      await page.locator('[data-trial]').first().waitFor();
      await page.locator('[data-note]').click();
      await page.locator('[data-copy-state="copied"]').waitFor();
      await page.locator('[data-remove]').click();
    },
  },
  onFrank('plan', '[data-preview]'),
  {
    name: 'patient-plan-faults',
    account: 'clinician',
    open: async (page) => {
      await page.goto(`/patients/${PATIENTS.frank}/plan`);
      await page.locator('[data-game] input[type="number"]').first().fill('9');
      await page.fill('#session_minutes', '55');
      await page.fill('#starts_on', '2027-03-02');
      await page.fill('#ends_on', '2027-03-01');
      await page.locator('[data-save]').click();
      await page.locator('.trouble-text').first().waitFor();
    },
  },
  {
    name: 'patient-plan-delivered',
    account: 'clinician',
    open: async (page) => {
      // As the portal answers once the demo's simulated device, which nobody can speak for, has taken the plan.
      await page.route('**/api/patients/*/plan', async (route) => {
        const response = await route.fetch();
        const plans = (await response.json()) as { versions: { version: number; set_ms: number }[]; deliveries: unknown[] };
        const [device] = (await (await page.request.get(`/api/patients/${PATIENTS.frank}/devices`)).json()) as { id: string }[];
        const [version] = plans.versions;
        if (version && device) plans.deliveries.push({ device: device.id, version: version.version, sent_ms: version.set_ms, taken_ms: version.set_ms, heard_ms: version.set_ms });
        await json(route, plans);
      });
      await page.goto(`/patients/${PATIENTS.frank}/plan`);
      await page.locator('[data-arrival="in-force"]').waitFor();
    },
  },
  at('patient-plan-carer', 'carer', `/patients/${PATIENTS.frank}/plan`, '[data-preview]'),
  {
    name: 'patient-devices',
    account: 'clinician',
    open: async (page) => {
      await page.goto(`/patients/${PATIENTS.frank}/devices`);
      await page.locator('[data-device]').waitFor();
      await page.locator('[data-pair]').click();
      await page.locator('[data-code]').waitFor();
    },
  },
  onFrank('check-ins', '[data-check-in]'),
  at('patient-check-ins-carer', 'carer', `/patients/${PATIENTS.gu}/check-ins`, '[data-check-in]'),
  onFrank('notes', '#note'),
  onFrank('report', '[data-report] [data-domain] svg'),
  onFrank('audit', '[data-audit] tbody tr'),
  onFrank('data', '[data-csv]'),
  at('staff', 'clinician', '/staff', '[data-account]'),
  at('staff-admin', 'admin', '/staff', '#invite-name'),
  {
    name: 'audit',
    account: 'admin',
    open: async (page) => {
      await page.goto('/audit');
      await page.locator('[data-audit] tbody tr').first().waitFor();
      await page.locator('[data-chain]').click();
      await page.locator('[role="status"] .good').waitFor();
    },
  },
  at('account', 'clinician', '/account', '[data-my-sessions] tbody tr'),
  at('lost', 'clinician', '/nowhere', 'main a.button'),
  at('not-yours', 'carer', `/patients/${PATIENTS.frank}/data`, 'main p'),
];
