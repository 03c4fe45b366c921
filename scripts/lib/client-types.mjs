import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { CLONE, inClone } from './clone.mjs';
import { contentHash } from './content-hash.mjs';
import { ensureInstalledIn } from './install.mjs';

/**
 * The types of `@countersign/client`: the calls that a page may make, and the schemas that they use.
 * They are made of a committed document, so that the client builds without the service.
 */

const DOCUMENT = 'docs/openapi/public.json';
const TYPES = 'published/client/src/generated/api-types.d.ts';
const HOME = inClone('scripts', 'client-types');
const SOURCES = [DOCUMENT, 'scripts/lib/client-types.mjs', 'scripts/client-types/package-lock.json'];

const PROBLEM = '#/components/schemas/ProblemResponse';
const ERROR_CODE = `
/** Why a call failed: \`code\` of its problem. Codes are added, never renamed: treat one that is not known here by its status. */
export type ErrorCode = components['schemas']['ErrorCode'];
`;
/** The client sends these itself. */
const OWN_HEADERS = ['DPoP', 'X-Countersign-Application'];

/** Writes the types, unless they were made of exactly this document. */
export async function ensureClientTypes() {
  const header = `// Generated from ${DOCUMENT}: ${contentHash(CLONE, SOURCES)}\n`;
  const file = inClone(TYPES);
  if (read(file).startsWith(header)) return;
  const types = await clientTypes(JSON.parse(read(inClone(DOCUMENT))));
  mkdirSync(dirname(file), { recursive: true });
  // In one step: another process may read it.
  writeFileSync(`${file}.${process.pid}`, header + types);
  renameSync(`${file}.${process.pid}`, file);
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return '';
    throw error;
  }
}

/**
 * @param {object} document the public API
 * @returns {Promise<string>}
 */
async function clientTypes(document) {
  await ensureInstalledIn(HOME, 'Installing what makes types of OpenAPI documents ...', ['--ignore-scripts']);
  const require = createRequire(join(HOME, 'package.json'));
  const { default: openapiTS, astToString } = require('openapi-typescript');
  const types = await openapiTS(callsOfPeople(document), {
    silent: true,
    defaultNonNullable: false,
    emptyObjectsUnknown: true,
  });
  return astToString(types) + ERROR_CODE;
}

/** The document with the calls of a person: those with a session, and those that open one. */
function callsOfPeople({ openapi, info, paths, components }) {
  const calls = Object.entries(paths).map(([path, item]) => [
    path,
    Object.fromEntries(
      Object.entries(item)
        .filter(([, operation]) => isOfPerson(path, operation))
        .map(([method, operation]) => [method, callOf(operation)]),
    ),
  ]);
  const called = Object.fromEntries(calls.filter(([, item]) => Object.keys(item).length > 0));
  return { openapi, info, paths: called, components: used(components, called) };
}

/** Addresses that a browser goes to are no calls. */
function isOfPerson(path, { security, responses }) {
  const isOfSession = security.some((scheme) => 'accessToken' in scheme);
  const opensSession = path.startsWith('/v1/auth/') && security.length === 0;
  return (isOfSession || opensSession) && !Object.keys(responses).some((status) => status.startsWith('3'));
}

/** Without what the client does itself: its own headers, and errors, which it throws. */
function callOf({ summary, parameters = [], requestBody, responses }) {
  return {
    summary,
    parameters: parameters.filter((each) => !OWN_HEADERS.includes(each.name)),
    requestBody,
    responses: Object.fromEntries(Object.entries(responses).filter(([status]) => status < 400)),
  };
}

/** The components that the calls and the problems refer to, and those that these refer to. */
function used(components, calls) {
  const found = new Map();
  const visit = (part) => {
    for (const [, reference, kind, name] of JSON.stringify(part).matchAll(
      /"(#\/components\/(\w+)\/([^"]+))"/g,
    )) {
      if (found.has(reference)) continue;
      found.set(reference, [kind, name]);
      visit(components[kind][name]);
    }
  };
  visit([calls, PROBLEM]);
  const result = {};
  for (const [kind, name] of found.values()) (result[kind] ??= {})[name] = components[kind][name];
  return result;
}
