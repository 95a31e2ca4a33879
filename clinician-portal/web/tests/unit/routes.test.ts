import { expect, test } from 'vitest';
import { patientPath, routeOf, TABS, type Route } from '../../src/lib/routes.ts';

const patient = (tab: string, session: string | null = null): Route => ({ name: 'patient', id: 'p1', tab, session }) as Route;

test.each<[string, Route]>([
  ['/', { name: 'start' }],
  ['/patients', { name: 'patients' }],
  ['/patients/', { name: 'patients' }],
  ['/patients/new', { name: 'new-patient' }],
  ['/patients/new/plan', { name: 'lost' }],
  ['/patients/p1', patient('overview')],
  ['/patients/p1/overview', { name: 'lost' }],
  ['/patients/p1/plan', patient('plan')],
  ['/patients/p1/sessions/s1', patient('sessions', 's1')],
  ['/patients/p1/plan/s1', { name: 'lost' }],
  ['/patients/p1/sessions/s1/more', { name: 'lost' }],
  ['/staff', { name: 'staff' }],
  ['/staff/x', { name: 'lost' }],
  ['/invite', { name: 'invite' }],
  ['/patients/%E0%A4%A', { name: 'lost' }],
])('%s', (path, route) => {
  expect(routeOf(path)).toEqual(route);
});

test('every tab has an address that leads back to it', () => {
  for (const tab of TABS) expect(routeOf(patientPath('a/b', tab))).toEqual({ name: 'patient', id: 'a/b', tab, session: null });
  expect(routeOf(patientPath('p', 'sessions', 's'))).toMatchObject({ session: 's' });
});
