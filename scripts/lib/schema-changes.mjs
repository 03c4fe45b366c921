import { isDeepStrictEqual } from 'node:util';

/**
 * Compares two JSON schemas of OpenAPI 3.1. A request may only accept more than before, a response only say less than
 * it might have, and no property may disappear from either. A keyword that is not known here counts as a break when it
 * changes: silence would be a guess. An `enum` with `x-open-enum: true` announces that answers get more values later.
 */

const TEXTS = [
  'title',
  'description',
  'example',
  'examples',
  'default',
  'deprecated',
  'externalDocs',
  '$comment',
];
const LOWER_LIMITS = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];
const UPPER_LIMITS = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];
/** Restrict values when they are there; two different ones are not compared further. */
const RESTRICTIONS = [
  'format',
  'pattern',
  'multipleOf',
  'uniqueItems',
  'contentEncoding',
  'contentMediaType',
];
const COMPARED = [
  ...[
    'type',
    'enum',
    'const',
    'properties',
    'required',
    'additionalProperties',
    'items',
    'oneOf',
    'anyOf',
    'allOf',
    '$ref',
  ],
  ...LOWER_LIMITS,
  ...UPPER_LIMITS,
  ...RESTRICTIONS,
];

/**
 * @param {{ documents: { before: object, after: object }, side: 'request' | 'response' }} context
 * @returns {string[]} each a place below the schema and what happened there
 */
export function schemaChanges(before, after, { documents, side }) {
  return compare(before, after, { documents, side, seen: new Set() });
}

function compare(before, after, context) {
  const { documents, seen } = context;
  const pair = `${before.$ref} ${after.$ref}`;
  if (before.$ref && after.$ref) {
    if (seen.has(pair)) return [];
    context = { ...context, seen: new Set([...seen, pair]) };
  }
  const old = alternatives(before, documents.before);
  const now = alternatives(after, documents.after);
  if (old.length === 1 && now.length === 1) return compareOne(old[0], now[0], context);

  // What has to fit into what: all former requests into what is accepted, all answers into what was announced.
  const isRequest = context.side === 'request';
  return (isRequest ? old : now).flatMap((inner) => {
    const attempts = (isRequest ? now : old).map((outer) =>
      isRequest ? compareOne(inner, outer, context) : compareOne(outer, inner, context),
    );
    const best = attempts.toSorted((left, right) => left.length - right.length)[0];
    if (best.length === 0) return [];
    const hasSameType = (isRequest ? now : old).some(({ type }) => type === inner.type);
    if (hasSameType) return best;
    return [isRequest ? `: ${label(inner)} is no longer accepted` : `: ${label(inner)} is new in the answer`];
  });
}

function label({ type = 'a value', enum: values }) {
  return values ? `${type} ${JSON.stringify(values)}` : type;
}

/** A schema as a list of plain ones without references, `allOf`, `oneOf`, `anyOf` and lists of types. */
function alternatives(schema, document) {
  if (schema.$ref) {
    const { $ref, ...rest } = schema;
    const name = /^#\/components\/schemas\/([^/]+)$/.exec($ref)?.[1];
    const target = document.components?.schemas?.[name];
    if (!target) throw new Error(`The document has no schema ${$ref}.`);
    return alternatives(joined(target, rest), document);
  }
  const { allOf, oneOf, anyOf, ...plain } = schema;
  if (allOf) {
    return allOf
      .map((part) => alternatives(part, document))
      .reduce((lists, list) => lists.flatMap((left) => list.map((right) => joined(left, right))), [plain])
      .flatMap((each) =>
        alternatives({ ...each, ...(oneOf && { oneOf }), ...(anyOf && { anyOf }) }, document),
      );
  }
  if (oneOf)
    return oneOf.flatMap((part) =>
      alternatives(joined({ ...plain, ...(anyOf && { anyOf }) }, flat(part, document)), document),
    );
  if (anyOf) return anyOf.flatMap((part) => alternatives(joined(plain, flat(part, document)), document));
  if (Array.isArray(plain.type)) return plain.type.map((type) => ({ ...plain, type }));
  return [plain];
}

function flat(schema, document) {
  const parts = alternatives(schema, document);
  return parts.length === 1 ? parts[0] : { anyOf: parts };
}

function joined(left, right) {
  return {
    ...left,
    ...right,
    ...((left.properties ?? right.properties) && { properties: { ...left.properties, ...right.properties } }),
    ...((left.required ?? right.required) && {
      required: [...(left.required ?? []), ...(right.required ?? [])],
    }),
  };
}

function compareOne(before, after, context) {
  const isRequest = context.side === 'request';
  const [inner, outer] = isRequest ? [before, after] : [after, before];
  const changed = (key) =>
    `: ${key} ${JSON.stringify(before[key]) ?? '(none)'} became ${JSON.stringify(after[key]) ?? '(none)'}`;
  const restricts = [
    ...(typeFits(inner.type, outer.type) ? [] : ['type']),
    ...(enumFits(inner, outer) || isOpenEnum(before, after, isRequest) ? [] : ['enum']),
    ...LOWER_LIMITS.filter((key) => key in outer && !(inner[key] >= outer[key])),
    ...UPPER_LIMITS.filter((key) => key in outer && !(inner[key] <= outer[key])),
    ...RESTRICTIONS.filter((key) => key in outer && !isDeepStrictEqual(inner[key], outer[key])),
    ...[...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
      (key) =>
        !COMPARED.includes(key) &&
        !TEXTS.includes(key) &&
        !key.startsWith('x-') &&
        !isDeepStrictEqual(before[key], after[key]),
    ),
  ];
  return [
    ...restricts.map(changed),
    ...requiredChanges(before, after, isRequest),
    ...propertyChanges(before, after, context),
    ...innerSchemaChanges(before, after, context),
  ];
}

function typeFits(inner, outer) {
  return outer === undefined || inner === outer || (inner === 'integer' && outer === 'number');
}

function valuesOf(schema) {
  return 'const' in schema ? [schema.const] : schema.enum;
}

function enumFits(inner, outer) {
  const [values, allowed] = [inner, outer].map(valuesOf);
  // `null` has one value, so a list of values that lacks it restricts another alternative.
  if (!allowed || (inner.type === 'null' && outer.type === 'null')) return true;
  return values?.every((value) => allowed.includes(value)) ?? false;
}

/** Whether an answer got more values of a list that announced it. */
function isOpenEnum(before, after, isRequest) {
  return !isRequest && before['x-open-enum'] === true && valuesOf(after) !== undefined;
}

function requiredChanges(before, after, isRequest) {
  const [old, now] = [before.required ?? [], after.required ?? []];
  return isRequest
    ? now
        .filter((name) => !old.includes(name))
        .map((name) => `.${name} is ${before.properties?.[name] ? 'now' : 'new and'} required`)
    : old
        .filter((name) => !now.includes(name) && after.properties?.[name])
        .map((name) => `.${name} is no longer always there`);
}

function propertyChanges(before, after, context) {
  return Object.entries(before.properties ?? {}).flatMap(([name, property]) => {
    const later = after.properties?.[name];
    if (!later) return [`.${name} is gone`];
    return compare(property, later, context).map((change) => `.${name}${change}`);
  });
}

/** The elements of an array, and the values of a map. */
function innerSchemaChanges(before, after, context) {
  return [
    ['items', '[]'],
    ['additionalProperties', '{}'],
  ].flatMap(([key, place]) => {
    const [old, now] = [asSchema(before[key]), asSchema(after[key])];
    if (isDeepStrictEqual(old, now) && !JSON.stringify(old).includes('"$ref"')) return [];
    if (old === 'never' || now === 'never') {
      const isWider = context.side === 'request' ? old === 'never' : now === 'never';
      return isWider ? [] : [`: ${key} ${describe(old)} became ${describe(now)}`];
    }
    return compare(old, now, context).map((change) => `${place}${change}`);
  });
}

function asSchema(value) {
  if (value === false) return 'never';
  return value === true || value === undefined ? {} : value;
}

function describe(schema) {
  return schema === 'never' ? 'false' : 'true';
}
