import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';

const { unityClasses } = jest.requireActual<{
  unityClasses(document: object, wanted: object): { models: string; operations: string };
}>('./lib/unity-package.mjs');

const JSLIB = join(__dirname, '../published/unity/Runtime/Plugins/WebGL/Countersign.jslib');

const reference = (kind: string, name: string): object => ({ $ref: `#/components/${kind}/${name}` });
const nullable = (name: string): object => ({ anyOf: [reference('schemas', name), { type: 'null' }] });
const parameter = (name: string, where: string, type = 'string'): object => ({
  name,
  in: where,
  description: `The ${name}.`,
  schema: { type },
});

function aDocument(properties: object, required: readonly string[] = []): object {
  return {
    paths: {
      '/v1/toys/{toyId}/parts': {
        get: {
          operationId: 'listParts',
          summary: 'List <parts> of a `toy`',
          parameters: [
            reference('parameters', 'toyId'),
            parameter('limit', 'query', 'integer'),
            parameter('X-Other', 'header'),
          ],
          responses: { 200: { content: { 'application/json': { schema: reference('schemas', 'Toy') } } } },
        },
        post: { operationId: 'addPart' },
      },
    },
    components: {
      parameters: { toyId: parameter('toyId', 'path') },
      schemas: {
        Toy: { type: 'object', properties, required },
        Colour: { type: 'string', enum: ['red'] },
        Part: {
          type: 'object',
          properties: { name: { type: 'string' } },
          allOf: [reference('schemas', 'Base')],
        },
        Base: { type: 'object', properties: { secret: { type: 'string' }, open: { type: 'string' } } },
      },
    },
  };
}

/** C# types by the names of properties. */
function typesOf(properties: object, required?: readonly string[]): Record<string, string> {
  const { models } = unityClasses(aDocument(properties, required), {
    operations: ['listParts'],
    classes: [],
  });
  const [, toy = ''] = /class Toy\n {4}\{([^]*?)\n {4}\}/.exec(models) ?? [];
  return Object.fromEntries(
    [...toy.matchAll(/public (\S+) (\w+) \{/g)].map(([, type, name]) => [name as string, type as string]),
  );
}

describe('the classes of the Unity package', () => {
  it('have values that can be null where the document says so, or does not require them', () => {
    const members = {
      score: { type: 'integer' },
      rank: { type: ['integer', 'null'] },
      premium: { type: 'boolean' },
      madeAt: { type: 'string', format: 'date-time' },
      endsAt: { type: ['string', 'null'], format: 'date-time' },
      name: { type: ['string', 'null'] },
      colour: { allOf: [reference('schemas', 'Colour')] },
      part: nullable('Part'),
      parts: { type: 'array', items: reference('schemas', 'Part') },
      rest: { type: 'object' },
    };

    expect(typesOf(members, ['score', 'rank', 'madeAt', 'endsAt'])).toEqual({
      Score: 'long',
      Rank: 'long?',
      Premium: 'bool?',
      MadeAt: 'DateTimeOffset',
      EndsAt: 'DateTimeOffset?',
      Name: 'string',
      Colour: 'string',
      Part: 'Part',
      Parts: 'List<Part>',
      Rest: 'JObject',
    });
  });

  it('have the calls that are wanted, without headers, with each part of the path as one segment', () => {
    const { operations } = unityClasses(aDocument({}), { operations: ['listParts'], classes: [] });

    expect(operations).toContain('/// <summary>List &lt;parts> of a <c>toy</c></summary>');
    expect(operations).toContain('public Task<Toy> ListParts(string toyId, long? limit = null)');
    expect(operations).toContain('Get<Toy>("/v1/toys/" + Segment(toyId) + "/parts", "limit", limit)');
    expect(operations).not.toMatch(/Other|AddPart/);
  });

  it('leave out what games must not see, and inherit', () => {
    const classes = [
      { name: 'Shown', schema: 'Base', without: ['secret'] },
      { name: 'Hidden', schema: 'Base', only: ['secret'], isInternal: true },
      { name: 'Part' },
    ];
    const { models } = unityClasses(aDocument({}), { operations: [], classes });

    expect(models).toMatch(/public class Shown\n {4}\{[^}]*"open"/);
    expect(models).toMatch(/internal class Hidden\n {4}\{[^}]*"secret"/);
    expect(models).toContain('public class Part : Base');
    expect(/class Shown\n {4}\{[^]*?\n {4}\}/.exec(models)?.[0]).not.toContain('secret');
  });

  it.each([
    ['a call that is no GET', {}, { operations: ['addPart'], classes: [] }, 'no GET addPart'],
    [
      'a union',
      { part: { anyOf: [reference('schemas', 'Part'), reference('schemas', 'Base')] } },
      {},
      'union',
    ],
    ['an unknown type', { part: { type: 'file' } }, {}, 'the type file'],
  ])('are refused for %s', (_, properties, wanted, message) => {
    const all = { operations: ['listParts'], classes: [], ...wanted };

    expect(() => unityClasses(aDocument(properties), all)).toThrow(message);
  });
});

describe('the plug-in of web builds', () => {
  /** A web page that is not in a frame. */
  const page = (more: object = {}): object => {
    const window = { location: { protocol: 'https:' }, Telegram: { WebApp: { initData: 'user=ë' } } };
    return Object.assign(window, { parent: window }, more);
  };

  /** Runs the plug-in as Unity's compiler merges it into the page. */
  function read(window: object): string {
    const library: Record<string, () => Buffer> = {};
    runInNewContext(readFileSync(JSLIB, 'utf8'), {
      window,
      LibraryManager: { library },
      mergeInto: Object.assign,
      lengthBytesUTF8: (text: string) => Buffer.byteLength(text),
      _malloc: (size: number) => Buffer.alloc(size, 'x'),
      stringToUTF8: (text: string, buffer: Buffer) => buffer.write(`${text}\0`),
    });
    const buffer = library['CountersignInitData']?.() ?? Buffer.alloc(0);
    return buffer.toString('utf8').replace(/\0$/, '');
  }

  it.each([
    ['in an app of Telegram', { TelegramWebviewProxy: {} }],
    ['in an older app of Telegram', { external: { notify: () => undefined } }],
    ['in a frame of Telegram Web', { parent: {} }],
  ])('reads init data unchanged %s', (_, more) => {
    expect(read(page(more))).toBe('user=ë');
  });

  it('reads none on a web page outside Telegram, where a link could bring that of its sender', () => {
    expect(read(page())).toBe('');
  });

  it('reads what a developer has given a page without TLS', () => {
    expect(read(page({ location: { protocol: 'http:' } }))).toBe('user=ë');
  });

  it.each([{ Telegram: undefined }, { Telegram: {} }, { Telegram: { WebApp: { initData: '' } } }])(
    'reads none with %j',
    (more) => {
      expect(read(page({ parent: {}, ...more }))).toBe('');
    },
  );
});
