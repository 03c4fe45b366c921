import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';
import { namedCodes, codesSchema } from './client-type-codes.mjs';

/**
 * The types of `@countersign/client`: the calls that a page may make, by method and path, and the schemas they name.
 * openapi-typescript makes them of a document without paths, in which the calls are one more schema.
 */

export const DOCUMENT = 'docs/openapi/public.json';
export const TYPES = 'libs/client/src/api-types.d.ts';

const HEADER = `// Generated from docs/openapi/public.json by "npm run build:client-types": do not edit it.
import type { ErrorCode } from './codes.js';

`;
const CALLS = 'Calls';
const PROBLEM = 'ProblemResponse';
/** These names have no schema here: one is a type of TypeScript, the other is imported. */
const NOTHING = 'undefined';
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
  const schemas = {
    ...components.schemas,
    [ERROR_CODE]: {},
    [NOTHING]: {},
    ...Object.fromEntries([...named.values()].map(({ name, codes }) => [name, { enum: codes }])),
    [CALLS]: objectOf(
      Object.fromEntries(
        calls.map(({ name, operation }) => [name, callSchema(operation, named, components.parameters)]),
      ),
    ),
  };
  const used = reachable(schemas, [CALLS, PROBLEM]).map((name) => [name, onlyTypes(schemas[name])]);
  const made = await openapiTS(
    { openapi: '3.1.0', info, paths: {}, components: { schemas: Object.fromEntries(used) } },
    { silent: true, emptyObjectsUnknown: true },
  );
  return HEADER + tidied(astToString(declarations(made)));
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
      .map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
  );
}

function callSchema(operation, named, shared = {}) {
  const { parameters = [], requestBody, responses, summary } = operation;
  const given = parameters.map((each) => (each.$ref ? shared[each.$ref.split('/').at(-1)] : each));
  const headers = given.filter((each) => each.in === 'header' && !OWN_HEADERS.includes(each.name));
  const places = {
    path: parametersSchema(given.filter((each) => each.in === 'path')),
    query: parametersSchema(given.filter((each) => each.in === 'query')),
    headers: parametersSchema(headers),
  };
  const properties = {
    ...Object.fromEntries(Object.entries(places).filter(([, schema]) => schema)),
    ...(requestBody && { body: Object.values(requestBody.content)[0].schema }),
    answer: oneOrAny(
      successes(responses).map(({ content }) => content?.['application/json'].schema ?? referenceTo(NOTHING)),
    ),
    code: codesSchema(operation['x-error-codes'], named),
  };
  const schema = objectOf(properties);
  const isOptional = (name) => name in places && properties[name].required.length === 0;
  return {
    ...schema,
    required: schema.required.filter((name) => !isOptional(name)),
    description: summary,
  };
}

function successes(responses) {
  return Object.entries(responses)
    .map(([status, response]) => ({ ...response, status: Number(status) }))
    .filter(({ status }) => status < 400);
}

function parametersSchema(parameters) {
  if (parameters.length === 0) return undefined;
  const properties = parameters.map(({ name, schema, description }) => [name, { ...schema, description }]);
  return {
    ...objectOf(Object.fromEntries(properties)),
    required: parameters.filter(({ required }) => required).map(({ name }) => name),
  };
}

function objectOf(properties) {
  return { type: 'object', properties, required: Object.keys(properties) };
}

function oneOrAny(schemas) {
  const different = [...new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values()];
  return different.length === 1 ? different[0] : { anyOf: different };
}

function referenceTo(name) {
  return { $ref: `#/components/schemas/${name}` };
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
    .filter(({ name }) => ![ERROR_CODE, NOTHING].includes(name.text))
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
