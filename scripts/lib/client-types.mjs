import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';
import { namedCodes, codesSchema } from './client-type-codes.mjs';

/**
 * The types of `@countersign/client`: `paths` with the calls that a page may make, and the schemas they name. The shape
 * is that of openapi-typescript, without what such calls do not have, and with the `codes` of each call: it makes the
 * types of a document without paths, in which the paths are one more schema.
 */

export const DOCUMENT = 'docs/openapi/public.json';
export const TYPES = 'published/client/src/api-types.d.ts';

const HEADER = `// Generated from docs/openapi/public.json by "npm run build:client-types": do not edit it.
import type { ErrorCode } from './codes.js';

`;
const PATHS = 'paths';
const JSON_TYPE = 'application/json';
const PROBLEM = 'ProblemResponse';
/** These names have no schema here: one is a type of TypeScript, the other is imported. */
const NEVER = 'never';
const ERROR_CODE = 'ErrorCode';
const KEPT_KEYWORDS = [
  ...['$ref', 'type', 'enum', 'const', 'properties', 'required', 'items', 'additionalProperties'],
  ...['anyOf', 'oneOf', 'allOf', 'description'],
];
/** The client sends these itself. */
const OWN_HEADERS = ['DPoP', 'X-Countersign-Application'];

/**
 * @param {object} document
 * @returns {Promise<string>}
 */
export async function clientTypes({ info, paths, components }) {
  const calls = callsOf(paths);
  const named = namedCodes(calls.map(({ operation }) => operation['x-error-codes']));
  const items = new Map(calls.map(({ path }) => [path, {}]));
  for (const { path, method, operation } of calls)
    items.get(path)[method] = callSchema(operation, named, components.parameters);
  const schemas = {
    ...components.schemas,
    [ERROR_CODE]: {},
    [NEVER]: {},
    ...Object.fromEntries([...named.values()].map(({ name, codes }) => [name, { enum: codes }])),
    [PATHS]: objectOf(Object.fromEntries([...items].map(([path, item]) => [path, objectOf(item)]))),
  };
  const used = reachable(schemas, [PATHS, PROBLEM]).map((name) => [name, onlyTypes(schemas[name])]);
  const made = await openapiTS(
    { openapi: '3.1.0', info, paths: {}, components: { schemas: Object.fromEntries(used) } },
    { silent: true, emptyObjectsUnknown: true },
  );
  const types = declarations(made);
  const names = [ERROR_CODE, ...types.map(({ name }) => name.text).filter((name) => name !== PATHS)];
  return [HEADER, tidied(astToString(types)), ...byName(names)].join('');
}

/** Calls of a person: those with a session, and those that open one. Places that a browser goes to are none. */
function callsOf(paths) {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([, { security, responses }]) => {
        const isOfSession = security.some((scheme) => 'accessToken' in scheme);
        const opensSession = path.startsWith('/v1/auth/') && security.length === 0;
        return (isOfSession || opensSession) && successes(responses).every(({ status }) => status < 300);
      })
      .map(([method, operation]) => ({ path, method, operation })),
  );
}

function callSchema(operation, named, shared = {}) {
  const { parameters = [], requestBody, responses, summary } = operation;
  const given = parameters.map((each) => (each.$ref ? shared[each.$ref.split('/').at(-1)] : each));
  return {
    ...objectOf({
      ...parametersOf(given.filter(({ name }) => !OWN_HEADERS.includes(name))),
      ...(requestBody && { requestBody: contentSchema(requestBody) }),
      responses: objectOf(
        Object.fromEntries(
          successes(responses).map(({ status, ...response }) => [status, contentSchema(response)]),
        ),
      ),
      codes: codesSchema(operation['x-error-codes'], named),
    }),
    description: summary,
  };
}

function successes(responses) {
  return Object.entries(responses)
    .map(([status, response]) => ({ ...response, status: Number(status) }))
    .filter(({ status }) => status < 400);
}

/** A place whose parameters may all be left out may be left out too. */
function parametersOf(parameters) {
  if (parameters.length === 0) return {};
  const places = [...new Set(parameters.map((each) => each.in))];
  const properties = places.map((place) => {
    const here = parameters.filter((each) => each.in === place);
    const schemas = here.map(({ name, schema, description }) => [name, { ...schema, description }]);
    return [place, { ...objectOf(Object.fromEntries(schemas)), required: namesOfRequired(here) }];
  });
  const needed = properties.filter(([, { required }]) => required.length > 0);
  const required = needed.map(([place]) => place);
  return { parameters: { ...objectOf(Object.fromEntries(properties)), required } };
}

function namesOfRequired(parameters) {
  return parameters.filter(({ required }) => required).map(({ name }) => name);
}

/** The client writes and reads JSON alone. */
function contentSchema({ content }) {
  if (content) return objectOf({ content: objectOf({ [JSON_TYPE]: content[JSON_TYPE].schema }) });
  return { ...objectOf({ content: { $ref: `#/components/schemas/${NEVER}` } }), required: [] };
}

function objectOf(properties) {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

/** Names of these schemas and of those that they refer to, in the order of the document. */
function reachable(schemas, first) {
  const found = new Set(first);
  for (const name of found)
    for (const [, other] of JSON.stringify(schemas[name]).matchAll(/"#\/components\/schemas\/([^"]+)"/g))
      found.add(other);
  return Object.keys(schemas).filter((name) => found.has(name));
}

function onlyTypes(schema) {
  if (Array.isArray(schema)) return schema.map((each) => onlyTypes(each));
  if (schema === null || typeof schema !== 'object') return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => KEPT_KEYWORDS.includes(key))
      .map(([key, value]) => [
        key,
        key === 'properties'
          ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, onlyTypes(each)]))
          : onlyTypes(value),
      ]),
  );
}

/** Each schema as a type of its own, in the place of one type with all of them. */
function declarations(nodes) {
  const components = nodes.find((node) => node.name?.text === 'components');
  const schemas = components.members.find(({ name }) => name.text === 'schemas');
  const exported = [ts.factory.createModifier(ts.SyntaxKind.ExportKeyword)];
  return schemas.type.members
    .filter(({ name }) => ![ERROR_CODE, NEVER].includes(name.text))
    .map((member) => {
      const { name, type } = member;
      const declaration = ts.isTypeLiteralNode(type)
        ? ts.factory.createInterfaceDeclaration(exported, name, undefined, undefined, type.members)
        : ts.factory.createTypeAliasDeclaration(exported, name, undefined, type);
      return ts.setSyntheticLeadingComments(declaration, ts.getSyntheticLeadingComments(member));
    });
}

function tidied(source) {
  return source
    .replaceAll(/components\["schemas"\]\["(\w+)"\]/g, '$1')
    .replaceAll(/^( *) \* @enum .*\n/gm, '')
    .replaceAll(/\/\*\*\n *\* (?:@description )?([^\n]*)\n *\*\//g, '/** $1 */')
    .replaceAll('@description ', '')
    .replaceAll(/\/\*\* @enum \{\w+\} \*\/\s*/g, '')
    .replaceAll(/^ +/gm, (indent) => ' '.repeat(indent.length / 2));
}

/** The same types, to be found by a name that is a type itself. */
function byName(names) {
  return [
    'export interface components {\n  schemas: {\n',
    ...names.map((name) => `    ${name}: ${name};\n`),
    '  };\n}\n',
  ];
}
