import type { OpenAPIObject } from '@nestjs/swagger';
import type { Response } from 'supertest';
import type { TestApp } from './test-app';

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;

interface Part {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly allOf?: readonly Part[];
  readonly oneOf?: readonly Part[];
}

interface Call {
  readonly method: (typeof METHODS)[number];
  readonly path: string;
  readonly parameters: readonly { readonly in: string; readonly name: string }[];
  readonly mediaType: string | null;
  readonly fields: readonly string[];
}

/** A call of every operation of a document, and what it takes. */
export function callsOf(document: OpenAPIObject): readonly Call[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      if (!operation) return [];
      const body =
        operation.requestBody && 'content' in operation.requestBody ? operation.requestBody.content : {};
      const [[mediaType, media] = [null, undefined]] = Object.entries(body);
      return [
        {
          method,
          path,
          parameters: (operation.parameters ?? []).map(
            (parameter) => resolve(document, parameter as Part) as { in: string; name: string },
          ),
          mediaType,
          fields: fieldsOf(document, media?.schema ?? {}),
        },
      ];
    }),
  );
}

/**
 * Makes a call whose parameters, fields and an unknown field all have the value. Follows no redirect.
 * @param overrides values of fields and parameters by their name
 */
export async function callWith(
  { http }: Pick<TestApp, 'http'>,
  { method, path, parameters, mediaType, fields }: Call,
  value: string,
  headers: Readonly<Record<string, string>>,
  overrides: Readonly<Record<string, unknown>> = {},
): Promise<Response> {
  const valueOf = (name: string): unknown => overrides[name] ?? value;
  const target = path.replaceAll(/\{([^}]+)\}/g, (_, name: string) =>
    encodeURIComponent(String(valueOf(name))),
  );
  const query = parameters
    .filter((parameter) => parameter.in === 'query')
    .map(({ name }) => `${name}=${encodeURIComponent(String(valueOf(name)))}`);
  const request = http[method](query.length > 0 ? `${target}?${query.join('&')}` : target)
    .set(headers)
    .redirects(0);
  if (mediaType === null) return request;
  const body = Object.fromEntries([...fields, 'unknown'].map((name) => [name, valueOf(name)]));
  return mediaType === 'application/x-www-form-urlencoded'
    ? request.type('form').send(body)
    : request.type('json').send(JSON.stringify(body));
}

function resolve(document: OpenAPIObject, part: Part): Part {
  if (part.$ref === undefined) return part;
  const [kind = '', name = ''] = part.$ref.split('/').slice(2);
  const components = document.components as Record<string, Record<string, Part>> | undefined;
  const found = components?.[kind]?.[name];
  if (!found) throw new Error(`the document has no ${part.$ref}`);
  return resolve(document, found);
}

function fieldsOf(document: OpenAPIObject, schema: Part): readonly string[] {
  const { properties = {}, allOf = [], oneOf = [] } = resolve(document, schema);
  const inherited = [...allOf, ...oneOf].flatMap((part) => fieldsOf(document, part));
  return [...new Set([...Object.keys(properties), ...inherited])];
}
