import { schemaChanges } from './schema-changes.mjs';

/**
 * What a client of one OpenAPI document would miss in a later one, a line each. Generated clients count: the name of
 * an operation is theirs. Not compared: texts, examples, and error answers that a route no longer gives.
 */

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

export function apiChanges(before, after) {
  const documents = { before, after };
  return Object.entries(before.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).flatMap((method) => {
      const name = `${method.toUpperCase()} ${path}`;
      const later = after.paths[path]?.[method];
      if (!later) return [`${name} is gone`];
      const sides = {
        before: withDefaults(before, item, item[method]),
        after: withDefaults(after, after.paths[path], later),
      };
      return operationChanges(sides, documents).map((change) => `${name}: ${change}`);
    }),
  );
}

/** Codes of docs/errors.md with their status: they are added, never renamed. */
export function errorCodeChanges(before, after) {
  const later = errorCodes(after);
  return [...errorCodes(before)].flatMap(([code, status]) => {
    if (!later.has(code)) return [`error code ${code} is gone`];
    return later.get(code) === status
      ? []
      : [`error code ${code}: status ${status} became ${later.get(code)}`];
  });
}

export function errorCodes(page) {
  return new Map([...page.matchAll(/^\| `([^`]+)` \| (\d+) \|/gm)].map(([, code, status]) => [code, status]));
}

function withDefaults(document, item, operation) {
  const resolved = (part) => resolve(document, part);
  return {
    operationId: operation.operationId,
    parameters: [...(item.parameters ?? []), ...(operation.parameters ?? [])].map(resolved),
    requestBody: operation.requestBody && resolved(operation.requestBody),
    responses: Object.fromEntries(
      Object.entries(operation.responses ?? {}).map(([status, response]) => {
        const { headers = {}, ...rest } = resolved(response);
        return [status, { ...rest, headers: mapValues(headers, resolved) }];
      }),
    ),
    // No requirement at all is one that everybody meets.
    security: [operation.security ?? document.security ?? []].map((each) =>
      each.length > 0 ? each : [{}],
    )[0],
  };
}

function resolve(document, part) {
  if (!part.$ref) return part;
  const keys = part.$ref.slice(2).split('/');
  const target = keys.reduce(
    (node, key) => node?.[key.replaceAll('~1', '/').replaceAll('~0', '~')],
    document,
  );
  if (!target) throw new Error(`The document has no ${part.$ref}.`);
  return resolve(document, target);
}

function mapValues(object, change) {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
}

function operationChanges({ before, after }, documents) {
  return [
    ...(before.operationId === after.operationId
      ? []
      : [`operationId ${before.operationId} became ${after.operationId}`]),
    ...parameterChanges(before.parameters, after.parameters, documents),
    ...bodyChanges(before.requestBody, after.requestBody, documents),
    ...responseChanges(before.responses, after.responses, documents),
    ...(before.security.every((old) => after.security.some((now) => asksNoMore(now, old)))
      ? []
      : ['credentials that were enough no longer are']),
  ];
}

function parameterChanges(before, after, documents) {
  const named = (list) => new Map(list.map((each) => [`${each.in} parameter ${each.name}`, each]));
  const [old, now] = [named(before), named(after)];
  return [
    ...[...old].flatMap(([name, parameter]) => {
      const later = now.get(name);
      if (!later) return [`${name} is gone`];
      return [
        ...(later.required && !parameter.required ? [`${name} is now required`] : []),
        ...schemaChanges(parameter.schema ?? {}, later.schema ?? {}, { documents, side: 'request' }).map(
          (change) => `${name}${change}`,
        ),
      ];
    }),
    ...[...now]
      .filter(([name, { required }]) => required && !old.has(name))
      .map(([name]) => `${name} is new and required`),
  ];
}

function bodyChanges(before, after, documents) {
  if (!before) return after?.required ? ['a request body is now required'] : [];
  if (!after) return ['the request body is gone'];
  return [
    ...(after.required && !before.required ? ['the request body is now required'] : []),
    ...contentChanges(before.content, after.content, 'request', { documents, side: 'request' }),
  ];
}

function responseChanges(before, after, documents) {
  return Object.entries(before).flatMap(([status, response]) => {
    const later = after[status];
    if (!later) return /^[45]/.test(status) ? [] : [`response ${status} is gone`];
    const context = { documents, side: 'response' };
    const headers = Object.entries(response.headers ?? {}).flatMap(([name, header]) => {
      const kept = later.headers?.[name];
      if (!kept) return [`response ${status}: header ${name} is gone`];
      const changes = schemaChanges(header.schema ?? {}, kept.schema ?? {}, context);
      return changes.map((change) => `response ${status}: header ${name}${change}`);
    });
    return [
      ...headers,
      ...contentChanges(response.content ?? {}, later.content ?? {}, `response ${status}`, context),
    ];
  });
}

function contentChanges(before, after, name, context) {
  return Object.entries(before).flatMap(([type, { schema }]) => {
    if (!after[type]) return [`${name}: ${type} is gone`];
    return schemaChanges(schema ?? {}, after[type].schema ?? {}, context).map((change) => `${name}${change}`);
  });
}

/** Whether credentials that meet one requirement meet the other, too. */
function asksNoMore(now, old) {
  return Object.entries(now).every(
    ([scheme, scopes]) => scopes.every((scope) => old[scheme]?.includes(scope)) && scheme in old,
  );
}
