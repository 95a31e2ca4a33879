// @vitest-environment node
/**
 * The types of the API are those of the server's snapshot. `npm run schema` writes them anew; otherwise a difference fails.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { expect, test } from 'vitest';

const WEB = resolve(import.meta.dirname, '../..');
const HEADER = '/** Types of the portal’s API, written by `npm run schema` from clinician-portal/api/openapi.json. Not changed by hand. */\n\n';

test('the types are those of the API description', async () => {
  const description = readFileSync(resolve(WEB, '../api/openapi.json'), 'utf8');
  const types = HEADER + astToString(await openapiTS(JSON.parse(description) as OpenAPI3));
  await expect(types).toMatchFileSnapshot(resolve(WEB, 'src/api/schema.ts'));
});
