interface Comparison {
  apiChanges(before: unknown, after: unknown): string[];
  errorCodeChanges(before: string, after: string): string[];
}

const { apiChanges, errorCodeChanges } = jest.requireActual<Comparison>('./lib/api-changes.mjs');

const SCHEMAS = {
  Order: {
    type: 'object',
    properties: {
      id: { type: 'string', format: 'uuid' },
      status: { type: 'string', enum: ['open', 'paid'] },
      note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
      customer: { $ref: '#/components/schemas/Customer' },
      lines: { type: 'array', items: { $ref: '#/components/schemas/Line' } },
      labels: { type: 'object', additionalProperties: { type: 'string' } },
    },
    required: ['id', 'status', 'customer'],
  },
  Customer: {
    type: 'object',
    properties: {
      name: { type: 'string' },
      orders: { type: 'array', items: { $ref: '#/components/schemas/Order' } },
    },
    required: ['name'],
  },
  Line: { type: 'object', properties: { amount: { type: 'integer' } }, required: ['amount'] },
  Problem: {
    type: 'object',
    properties: {
      title: { type: 'string' },
      code: { type: 'string', enum: ['order.paid', 'order.lost'], 'x-open-enum': true },
    },
    required: ['title', 'code'],
  },
  NewOrder: {
    type: 'object',
    properties: {
      kind: { type: 'string', enum: ['gift', 'own'] },
      amount: { oneOf: [{ type: 'integer', minimum: 1 }, { type: 'string' }] },
      note: { type: 'string', maxLength: 100 },
    },
    required: ['kind'],
  },
};

const json = (name: string) => ({ 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } });

const DOCUMENT = {
  openapi: '3.1.0',
  paths: {
    '/orders': {
      get: {
        operationId: 'listOrders',
        parameters: [
          { name: 'limit', in: 'query', required: false, schema: { type: 'integer', maximum: 200 } },
          { name: 'state', in: 'query', required: false, schema: { type: 'string', enum: ['open', 'paid'] } },
        ],
        responses: {
          '200': {
            description: 'Done.',
            headers: { ETag: { schema: { type: 'string' } } },
            content: json('Order'),
          },
          '400': { description: 'Not valid.' },
          '429': { $ref: '#/components/responses/TooMany', description: 'More than 200 orders a minute.' },
        },
      },
      post: {
        operationId: 'createOrder',
        security: [{ bearer: ['write'] }, { key: [] }],
        requestBody: { required: false, content: json('NewOrder') },
        responses: { '201': { description: 'Done.', content: json('Order') } },
      },
    },
  },
  components: {
    schemas: SCHEMAS,
    responses: {
      TooMany: {
        description: 'Too many calls.',
        headers: { 'Retry-After': { $ref: '#/components/headers/Seconds' } },
        content: json('Problem'),
      },
    },
    headers: { Seconds: { schema: { type: 'integer' } } },
  },
};

type Changes = Record<string, unknown>;

/** What is found after some places of the document got another value; `undefined` removes one. */
function changesAfter(changes: Changes): string[] {
  const later = structuredClone(DOCUMENT);
  for (const [place, value] of Object.entries(changes)) {
    const keys = place.split('.');
    const last = keys.pop() ?? '';
    const parent = keys.reduce<Changes>((node, key) => node[key] as Changes, later);
    if (value === undefined) Reflect.deleteProperty(parent, last);
    else parent[last] = value;
  }
  return apiChanges(DOCUMENT, later);
}

const [LIST, CREATE] = ['paths./orders.get', 'paths./orders.post'];
const [ORDER, NEW_ORDER] = ['components.schemas.Order', 'components.schemas.NewOrder'];
const TOO_MANY = 'components.responses.TooMany';
const text = { type: 'string' };

describe('what breaks clients', () => {
  it.each<[string, Changes, string]>([
    ['a path is gone', { 'paths./orders': undefined }, 'GET /orders is gone'],
    ['a method is gone', { [CREATE]: undefined }, 'POST /orders is gone'],
    [
      'an operation is renamed',
      { [`${LIST}.operationId`]: 'orders' },
      'GET /orders: operationId listOrders became orders',
    ],
    ['a parameter is gone', { [`${LIST}.parameters`]: [] }, 'GET /orders: query parameter state is gone'],
    [
      'a parameter is new and required',
      { [`${LIST}.parameters.2`]: { name: 'X-Shop', in: 'header', required: true } },
      'GET /orders: header parameter X-Shop is new and required',
    ],
    [
      'a parameter is now required',
      { [`${LIST}.parameters.0.required`]: true },
      'GET /orders: query parameter limit is now required',
    ],
    [
      'a limit is lower',
      { [`${LIST}.parameters.0.schema.maximum`]: 10 },
      'GET /orders: query parameter limit: maximum 200 became 10',
    ],
    [
      'a parameter takes one value less',
      { [`${LIST}.parameters.1.schema.enum`]: ['open'] },
      'GET /orders: query parameter state: enum ["open","paid"] became ["open"]',
    ],
    ['a success is gone', { [`${LIST}.responses.200`]: undefined }, 'GET /orders: response 200 is gone'],
    [
      'a response header is gone',
      { [`${LIST}.responses.200.headers`]: {} },
      'GET /orders: response 200: header ETag is gone',
    ],
    [
      'a shared response lacks a header',
      { [`${TOO_MANY}.headers`]: {} },
      'GET /orders: response 429: header Retry-After is gone',
    ],
    [
      'a shared header has another type',
      { 'components.headers.Seconds.schema.type': 'string' },
      'GET /orders: response 429: header Retry-After: type "integer" became "string"',
    ],
    [
      'a shared response has another media type',
      { [`${TOO_MANY}.content`]: { 'text/plain': {} } },
      'GET /orders: response 429: application/json is gone',
    ],
    [
      'a shared response has another schema',
      { 'components.schemas.Problem.properties': { code: SCHEMAS.Problem.properties.code } },
      'GET /orders: response 429.title is gone',
    ],
    [
      'an open list of values is gone',
      { 'components.schemas.Problem.properties.code': text },
      'GET /orders: response 429.code: enum ["order.paid","order.lost"] became (none)',
    ],
    [
      'a media type is gone',
      { [`${LIST}.responses.200.content`]: {} },
      'GET /orders: response 200: application/json is gone',
    ],
    [
      'a request body is gone',
      { [`${CREATE}.requestBody`]: undefined },
      'POST /orders: the request body is gone',
    ],
    [
      'a request body is now required',
      { [`${CREATE}.requestBody.required`]: true },
      'POST /orders: the request body is now required',
    ],
    [
      'other credentials are wanted',
      { [`${CREATE}.security`]: [{ bearer: ['write'] }] },
      'POST /orders: credentials that were enough no longer are',
    ],
    [
      'a scope is wanted',
      { [`${CREATE}.security.0.bearer`]: ['write', 'admin'] },
      'POST /orders: credentials that were enough no longer are',
    ],
    [
      'an open route wants credentials',
      { [`${LIST}.security`]: [{ key: [] }] },
      'GET /orders: credentials that were enough no longer are',
    ],
    [
      'a response property is gone',
      { [`${ORDER}.properties.note`]: undefined },
      'GET /orders: response 200.note is gone',
    ],
    [
      'a nested one is gone',
      { 'components.schemas.Line.properties': {} },
      'GET /orders: response 200.lines[].amount is gone',
    ],
    [
      'a response property may be missing',
      { [`${ORDER}.required`]: ['status', 'customer'] },
      'GET /orders: response 200.id is no longer always there',
    ],
    [
      'a response property has another type',
      { [`${ORDER}.properties.id.type`]: 'integer' },
      'GET /orders: response 200.id: type "string" became "integer"',
    ],
    [
      'a response property may be null',
      { [`${ORDER}.properties.id.type`]: ['string', 'null'] },
      'GET /orders: response 200.id: null is new in the answer',
    ],
    [
      'an answer has a new value',
      { [`${ORDER}.properties.status.enum`]: ['open', 'paid', 'lost'] },
      'GET /orders: response 200.status: enum ["open","paid"] became ["open","paid","lost"]',
    ],
    [
      'a format is gone',
      { [`${ORDER}.properties.id.format`]: undefined },
      'GET /orders: response 200.id: format "uuid" became (none)',
    ],
    [
      'a map has other values',
      { [`${ORDER}.properties.labels.additionalProperties`]: { type: 'number' } },
      'GET /orders: response 200.labels{}: type "string" became "number"',
    ],
    [
      'a request property is new and required',
      { [`${NEW_ORDER}.properties.shop`]: text, [`${NEW_ORDER}.required`]: ['kind', 'shop'] },
      'POST /orders: request.shop is new and required',
    ],
    [
      'a request property is now required',
      { [`${NEW_ORDER}.required`]: ['kind', 'note'] },
      'POST /orders: request.note is now required',
    ],
    [
      'a request property is gone',
      { [`${NEW_ORDER}.properties.note`]: undefined },
      'POST /orders: request.note is gone',
    ],
    [
      'a request takes one value less',
      { [`${NEW_ORDER}.properties.kind.enum`]: ['gift'] },
      'POST /orders: request.kind: enum ["gift","own"] became ["gift"]',
    ],
    [
      'a request takes one type less',
      { [`${NEW_ORDER}.properties.amount.oneOf`]: [{ type: 'integer', minimum: 1 }] },
      'POST /orders: request.amount: string is no longer accepted',
    ],
    [
      'a request type is narrower',
      { [`${NEW_ORDER}.properties.note.type`]: 'integer' },
      'POST /orders: request.note: type "string" became "integer"',
    ],
    [
      'a request takes fewer characters',
      { [`${NEW_ORDER}.properties.note.maxLength`]: 10 },
      'POST /orders: request.note: maxLength 100 became 10',
    ],
    [
      'a pattern is new',
      { [`${NEW_ORDER}.properties.note.pattern`]: '^a' },
      'POST /orders: request.note: pattern (none) became "^a"',
    ],
    [
      'unknown properties are refused',
      { [`${NEW_ORDER}.additionalProperties`]: false },
      'POST /orders: request: additionalProperties true became false',
    ],
    [
      'a keyword changes that is not known',
      { [`${NEW_ORDER}.not`]: {} },
      'POST /orders: request: not (none) became {}',
    ],
  ])('%s', (_, changes, expected) => {
    expect(changesAfter(changes)).toContain(expected);
  });
});

describe('what breaks no client', () => {
  it.each<[string, Changes]>([
    ['nothing changes', {}],
    ['a path is new', { 'paths./new': DOCUMENT.paths['/orders'] }],
    ['a parameter is new', { [`${LIST}.parameters.2`]: { name: 'q', in: 'query', schema: {} } }],
    ['an optional property of a request is new', { [`${NEW_ORDER}.properties.shop`]: text }],
    ['a property of a request is no longer required', { [`${NEW_ORDER}.required`]: [] }],
    ['a request takes one value more', { [`${NEW_ORDER}.properties.kind.enum`]: ['gift', 'own', 'other'] }],
    ['a request takes one type more', { [`${NEW_ORDER}.properties.amount.oneOf.2`]: { type: 'null' } }],
    ['a request takes null', { [`${NEW_ORDER}.properties.note.type`]: ['string', 'null'] }],
    ['a request takes longer texts', { [`${NEW_ORDER}.properties.note.maxLength`]: 1000 }],
    ['a limit is gone', { [`${LIST}.parameters.0.schema.maximum`]: undefined }],
    ['a property of a response is new', { [`${ORDER}.properties.shop`]: text }],
    [
      'a property of a response is always there',
      { [`${ORDER}.required`]: ['id', 'status', 'customer', 'note'] },
    ],
    ['an answer has one value less', { [`${ORDER}.properties.status.enum`]: ['open'] }],
    ['an answer is no longer null', { [`${ORDER}.properties.note`]: text }],
    [
      'a list of values of an answer is new',
      { [`${ORDER}.properties.note.anyOf.0.enum`]: ['fragile', 'urgent'] },
    ],
    [
      'an open list of values has one more',
      { 'components.schemas.Problem.properties.code.enum': ['order.paid', 'order.lost', 'order.gone'] },
    ],
    [
      'a shared response is written in its place',
      {
        [`${LIST}.responses.429`]: {
          description: 'Too many calls.',
          headers: { 'Retry-After': { schema: { type: 'integer' } } },
          content: json('Problem'),
        },
      },
    ],
    ['a shared response has another header', { [`${TOO_MANY}.headers.RateLimit`]: { schema: text } }],
    ['a refusal is new', { [`${LIST}.responses.403`]: { description: 'No.' } }],
    ['a refusal is gone', { [`${LIST}.responses.400`]: undefined }],
    ['other credentials do as well', { [`${CREATE}.security.2`]: { cookie: [] } }],
    ['a route is open', { [`${CREATE}.security`]: [] }],
    ['texts differ', { [`${ORDER}.properties.id.description`]: 'Other.' }],
    [
      'a schema has another name',
      { 'components.schemas.Draft': SCHEMAS.NewOrder, [`${CREATE}.requestBody.content`]: json('Draft') },
    ],
    [
      'a schema is written in its place',
      { [`${CREATE}.requestBody.content`]: { 'application/json': { schema: SCHEMAS.NewOrder } } },
    ],
  ])('%s', (_, changes) => {
    expect(changesAfter(changes)).toEqual([]);
  });
});

describe('error codes', () => {
  const page =
    '| code | status | title |\n|---|---|---|\n| `order.gone` | 410 | Gone |\n| `order.paid` | 409 | Paid |\n';

  it('may only be added', () => {
    expect(errorCodeChanges(page, `${page}| \`order.new\` | 400 | New |\n`)).toEqual([]);
    expect(errorCodeChanges(page, page.replace('order.paid', 'order.is_paid'))).toEqual([
      'error code order.paid is gone',
    ]);
  });

  it('keep their status', () => {
    expect(errorCodeChanges(page, page.replace('410', '404'))).toEqual([
      'error code order.gone: status 410 became 404',
    ]);
  });
});
