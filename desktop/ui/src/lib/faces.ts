/** Groups of faces as the people page shows them. Pure. */
import type { PersonDto } from './dto.ts';
import type { FaceGroupDto } from './dto.ts';

/** Who is still to be named, the one seen most often first; and who has a name, in the order of the people. */
export function byName(groups: FaceGroupDto[]): { unnamed: FaceGroupDto[]; named: FaceGroupDto[] } {
  const unnamed = groups.filter((group) => group.name === null).sort((a, b) => b.count - a.count);
  const named = groups.filter((group) => group.name !== null).sort((a, b) => (a.name ?? '').localeCompare(b.name ?? ''));
  return { unnamed, named };
}

/** The person whose name or other name was written, however it was spelled in capitals. */
export function personCalled(people: PersonDto[], name: string): PersonDto | null {
  const wanted = name.trim().toLowerCase();
  if (wanted === '') return null;
  return people.find((person) => [person.name, ...person.aliases].some((known) => known.trim().toLowerCase() === wanted)) ?? null;
}
