/** The patient whose screens are open. Loaded once per slug, shared by all of that patient's screens. */
import { api } from './api';
import type { PatientDto, SummaryDto } from './dto';
import { setLook } from './look.svelte';

export const current = $state<{ slug: string | null; patient: PatientDto | null; summary: (SummaryDto & { state: string }) | null; talking: boolean }>({
  slug: null,
  patient: null,
  summary: null,
  talking: false,
});

/** Loads name and settings, and dresses the page in them. */
export async function openPatient(slug: string): Promise<void> {
  if (current.slug === slug && current.patient) return;
  const [patients, settings] = await Promise.all([api.patients(), api.settings(slug)]);
  current.slug = slug;
  current.patient = patients.find((one) => one.slug === slug) ?? null;
  current.summary = null;
  current.talking = false;
  setLook(settings);
}

export function forgetPatient(): void {
  current.slug = null;
  current.patient = null;
  current.summary = null;
  current.talking = false;
}
