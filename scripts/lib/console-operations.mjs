import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ADMIN_API = 'docs/openapi/admin.json';
const SUCCESS = /^2/;

/**
 * The operations that the sources of the console name, as it uses them: the whole document would be the most of the page.
 * @param {string} root the folder of `apps`
 * @param {string} sources the folder of the sources, in it
 */
export function operationsOf(root, sources) {
  const { paths, components } = JSON.parse(readFileSync(join(root, ADMIN_API), 'utf8'));
  const named = textsIn(join(root, sources));
  const at = (of, { $ref }) => components[of][$ref.split('/').at(-1)];
  const schemaOf = ({ $ref, allOf = [], ...own }) =>
    Object.assign({}, $ref && schemaOf(at('schemas', { $ref })), ...allOf.map(schemaOf), own);
  const fieldOf = (name, given, isOptional, description) => {
    const { items, ...schema } = schemaOf(given);
    const types = [schema.type].flat();
    const { enum: options } = items ? schemaOf(items) : schema;
    return {
      name,
      hint: plain(description ?? schema.description ?? ''),
      kind: kindOf(name, types, schema.format, options),
      isOptional: isOptional || types.includes('null'),
      isNullable: types.includes('null'),
      ...{ options, pattern: schema.pattern },
      byDefault: schema.default,
    };
  };
  const bodyOf = (method, operation) => {
    const [media] = Object.values(operation.requestBody?.content ?? {});
    const { properties = {}, required = [] } = media ? schemaOf(media.schema) : {};
    return (
      Object.entries(properties)
        .filter(([name]) => name !== 'cursor')
        // The form of a patch shows what there is: of that only a list can be empty.
        .map(([name, each]) =>
          fieldOf(name, each, method === 'patch' ? each.type === 'array' : !required.includes(name)),
        )
        .filter(({ kind }) => kind !== null)
    );
  };
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  return Object.fromEntries(
    operations
      .filter(({ operation: { operationId } }) => named.includes(`'${operationId}'`))
      .map(({ path, method, operation }) => {
        const { operationId, summary, description = '', responses, parameters = [] } = operation;
        const query = parameters.filter((each) => each.in === 'query');
        const words = {
          label: labelOf(summary, method, nounsOf(path, paths)),
          text:
            method === 'get'
              ? ''
              : plain(`${summary.replace(' by a JSON merge patch', '')}. ${description}`.trim()),
        };
        return [
          operationId,
          {
            ...{ method: method.toUpperCase(), path, ...words },
            scope: operation.security?.[0]?.adminToken?.[0] ?? null,
            isCreation: Object.keys(responses).find((status) => SUCCESS.test(status)) === '201',
            isPaged: query.some(({ name }) => name === 'cursor'),
            fields: bodyOf(method, operation),
            filters: query
              .map(({ name, schema }) => fieldOf(name, schema, true, ''))
              .filter(({ name }) => name !== 'limit' && name !== 'cursor'),
          },
        ];
      }),
  );
}

/** @returns null for what no form has: an object */
function kindOf(name, types, format, options) {
  if (types.includes('array')) return options ? 'choices' : 'lines';
  if (types.includes('object')) return null;
  if (options) return 'choice';
  if (types.includes('boolean')) return 'flag';
  if (types.includes('integer')) return 'number';
  if (/^(?:token|secret)$|Secret$/.test(name)) return 'secret';
  return { uuid: 'id', 'date-time': 'instant' }[format] ?? 'text';
}

/** What the path is about, such as "webhook endpoint" and "endpoint" for `/v1/admin/webhooks/{endpointId}/test`. */
function nounsOf(path, paths) {
  const parts = path.split('/');
  return parts.flatMap((part, index) => {
    if (!part.startsWith('{')) return [];
    const noun = paths[parts.slice(0, index + 1).join('/')]?.get?.summary.replace(
      /^Read (?:an?|the) | with .*$/g,
      '',
    );
    const segment = parts[index - 1].replaceAll('-', ' ').replace(/s$/, '');
    return [...(noun ? [noun, noun.split(' ').at(-1)] : []), segment];
  });
}

/**
 * A summary in the words of a button or a title: "Disable" for "Disable a webhook endpoint",
 * and "Deliveries" for "List the deliveries to an endpoint, newest first".
 */
function labelOf(summary, method, nouns) {
  const [clause] = summary.split(/[;,]| with | by a JSON /);
  const one = `(?:an?|the) (?:\\w+ )?(?:${nouns.join('|')})$`;
  const words = clause
    .replace(/ (?:of|in) all \w+$/, '')
    .replace(method === 'get' ? /^(?:List|Read) (?:an? |the )?/ : '', '')
    .replace(new RegExp(nouns.length === 0 ? '$^' : ` (?:of|to|from) ${one}`), '')
    .replace(new RegExp(nouns.length === 0 || method === 'get' ? '$^' : `^(\\w+) ${one}`), '$1');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function plain(markdown) {
  return markdown.replaceAll('`null`', 'empty').replaceAll('`', '');
}

function textsIn(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
}
