import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inClone } from './clone.mjs';
import { Sentence } from './main.mjs';

/**
 * What is generated of the Unity package, published/unity: the C# classes of answers, the calls that have no body, its licence, and
 * the `.meta` files, without which Unity ignores the files of a package that it has fetched.
 */

const DOCUMENT = 'docs/openapi/public.json';
const PACKAGE = 'published/unity';
const GENERATED = `${PACKAGE}/Runtime/Generated`;
const HEADER = `// Generated from ${DOCUMENT} by scripts/lib/unity-package.mjs: do not edit it.\n`;

/** Operations of the client: each is a GET. */
const OPERATIONS = ['getMe', 'getBoard', 'listSeasons', 'listTop', 'listAround', 'getRank'];

/** Classes of schemas that no operation above names. The answer to a sign-in has two, so that games are given no token. */
const TOKENS = ['tokenType', 'accessToken', 'expiresIn', 'refreshToken', 'refreshExpiresIn'];
const CLASSES = [
  { name: 'SignedIn', schema: 'SignInResponse', without: TOKENS },
  { name: 'Tokens', schema: 'SignInResponse', only: TOKENS, isInternal: true },
  { name: 'InitDataSignIn', isInternal: true },
  { name: 'RefreshRequest', isInternal: true },
  { name: 'ProblemResponse', only: ['title', 'code', 'requestId'], isInternal: true },
];

/** @returns {Map<string, string>} what each generated file should have, by its path in the clone */
export function generatedFiles() {
  const { models, operations } = unityClasses(JSON.parse(readFileSync(inClone(DOCUMENT), 'utf8')));
  const files = new Map([
    // A package that is fetched alone has no other licence.
    [`${PACKAGE}/LICENSE`, readFileSync(inClone('LICENSE'), 'utf8')],
    [`${GENERATED}/Models.cs`, models],
    [`${GENERATED}/Operations.cs`, operations],
  ]);
  for (const path of new Set([...assets(), ...files.keys()])) {
    const meta = `${path}.meta`;
    // An identifier never changes, even if the file is renamed: projects refer to it.
    if (existsSync(inClone(meta))) files.set(meta, readFileSync(inClone(meta), 'utf8'));
    else files.set(meta, metaOf(path.slice(PACKAGE.length + 1)));
  }
  return files;
}

/** @returns {string[]} `.meta` files without an asset, and those of two assets with one identifier */
export function wrongMetas() {
  const known = new Set(assets().map((path) => `${path}.meta`));
  const guids = new Map();
  return entries(PACKAGE)
    .filter((path) => path.endsWith('.meta'))
    .filter((path) => {
      const [, guid] = /^guid: ([0-9a-f]{32})$/m.exec(readFileSync(inClone(path), 'utf8')) ?? [];
      const isWrong = !known.has(path) || !guid || guids.has(guid);
      guids.set(guid, path);
      return isWrong;
    });
}

function assets() {
  return entries(PACKAGE).filter((path) => !path.endsWith('.meta'));
}

/** Folders too. */
function entries(folder) {
  return readdirSync(inClone(folder), { recursive: true })
    .map((path) => join(folder, path))
    .toSorted();
}

function metaOf(path) {
  const guid = createHash('md5').update(`countersign/${path}`).digest('hex');
  return `fileFormatVersion: 2\nguid: ${guid}\n${importerOf(path)}`;
}

/** What Unity itself writes; it fills in the settings that are absent. */
function importerOf(path) {
  const rest = '  externalObjects: {}\n  userData:\n  assetBundleName:\n  assetBundleVariant:\n';
  if (path.endsWith('.cs')) return `MonoImporter:\n${rest}`;
  if (path.endsWith('.asmdef')) return `AssemblyDefinitionImporter:\n${rest}`;
  if (path === 'package.json') return `PackageManifestImporter:\n${rest}`;
  if (path.endsWith('.jslib')) {
    const platforms = [
      ['Any:', 0],
      ['Editor: Editor', 0],
      ['WebGL: WebGL', 1],
    ].map(
      ([name, enabled]) =>
        `  - first:\n      ${name}\n    second:\n      enabled: ${enabled}\n      settings: {}\n`,
    );
    return `PluginImporter:\n  serializedVersion: 2\n  platformData:\n${platforms.join('')}${rest}`;
  }
  if (path.endsWith('.md')) return `TextScriptImporter:\n${rest}`;
  const isFolder = !/\.\w+$/.test(path) && path !== 'LICENSE';
  return `${isFolder ? 'folderAsset: yes\n' : ''}DefaultImporter:\n${rest}`;
}

/**
 * @param {object} document the public API
 * @returns {{ models: string, operations: string }} two C# files
 */
export function unityClasses(document, wanted = { operations: OPERATIONS, classes: CLASSES }) {
  const calls = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method, { operationId }]) => method === 'get' && wanted.operations.includes(operationId))
      .map(([, operation]) => callOf(document, path, operation)),
  );
  const missing = wanted.operations.find((id) => !calls.some((call) => call.id === id));
  if (missing) throw new Sentence(`${DOCUMENT} has no GET ${missing}.`);

  const written = new Map();
  const names = [...wanted.classes, ...calls.map(({ answer }) => ({ name: answer }))];
  for (const each of names) addClass(document, each, written);
  const models = [...written.values()].toSorted((one, other) => (one.name < other.name ? -1 : 1));
  return {
    models: fileOf(models.map(({ text }) => text).join('\n'), [
      'System',
      'System.Collections.Generic',
      'Newtonsoft.Json',
      'Newtonsoft.Json.Linq',
    ]),
    operations: fileOf(
      `    public sealed partial class CountersignClient\n    {\n${calls.map(({ text }) => text).join('\n')}    }\n`,
      ['System.Threading.Tasks'],
    ),
  };
}

function fileOf(text, namespaces) {
  return `${HEADER}\n${namespaces.map((name) => `using ${name};\n`).join('')}\nnamespace Countersign\n{\n${text}}\n`;
}

function callOf({ components }, path, { operationId, summary, parameters = [], responses }) {
  const known = parameters
    .map((each) => (each.$ref ? components.parameters[nameOf(each)] : each))
    // The client sends headers itself.
    .filter((each) => each.in !== 'header');
  const ofPath = known.filter((each) => each.in === 'path');
  const ofQuery = known.filter((each) => each.in === 'query');
  const answer = nameOf(responses[200].content['application/json'].schema);
  const declared = [
    ...ofPath.map(({ name }) => `string ${name}`),
    ...ofQuery.map(({ name, schema }) => `${schema.type === 'integer' ? 'long?' : 'string'} ${name} = null`),
  ];
  const address = `"${path.replace(/{(\w+)}/g, '" + Segment($1) + "')}"`.replace(/ \+ ""$/, '');
  const sent = [address, ...ofQuery.map(({ name }) => `"${name}", ${name}`)];
  const text = [
    summaryOf(summary, 8),
    ...known.map(
      ({ name, description }) => `        /// <param name="${name}">${xml(description)}</param>\n`,
    ),
    `        public Task<${answer}> ${pascal(operationId)}(${declared.join(', ')})\n        {\n`,
    `            return Get<${answer}>(${sent.join(', ')});\n        }\n`,
  ].join('');
  return { id: operationId, answer, text };
}

/** Adds the class of a schema, and those that it refers to. */
function addClass(document, { name, schema = name, only, without = [], isInternal }, written) {
  if (written.has(name)) return;
  written.set(name, { name, text: '' });
  const { description, properties = {}, allOf = [], required = [] } = document.components.schemas[schema];
  const inherited = allOf[0] && nameOf(allOf[0]);
  if (inherited) addClass(document, { name: inherited }, written);
  const members = Object.entries(properties)
    .filter(([key]) => (only ? only.includes(key) : !without.includes(key)))
    .map(([key, property]) => {
      const { type, description: meaning } = typeOf(document, property, required.includes(key), written);
      return `${summaryOf(property.description ?? meaning, 8)}        [Preserve, JsonProperty("${key}")]\n        public ${type} ${pascal(key)} { get; set; }\n`;
    });
  const heading = `    [Preserve]\n    ${isInternal ? 'internal' : 'public'} class ${name}${inherited ? ` : ${inherited}` : ''}\n`;
  written.get(name).text = `${summaryOf(description, 4)}${heading}    {\n${members.join('\n')}    }\n`;
}

/** The C# type of a property. Values that may be absent or null are null. */
function typeOf(document, property, isRequired, written) {
  const { allOf, anyOf, $ref } = property;
  if (allOf ?? anyOf ?? $ref) {
    const [target, ...others] = (allOf ?? anyOf ?? [property]).filter(({ type }) => type !== 'null');
    if (others.length > 0 || !target.$ref) throw new Sentence(`${DOCUMENT} has a union of two types.`);
    const name = nameOf(target);
    const schema = document.components.schemas[name];
    // A named list of values.
    if (schema.type !== 'object') return typeOf(document, schema, isRequired && !anyOf, written);
    addClass(document, { name }, written);
    return { type: name };
  }
  const types = [property.type].flat();
  const type = types.find((each) => each !== 'null');
  const canBeNull = !isRequired || types.includes('null');
  const { description } = property;
  if (type === 'array')
    return { description, type: `List<${typeOf(document, property.items, true, written).type}>` };
  if (type === 'object') return { description, type: 'JObject' };
  if (type === 'string' && property.format !== 'date-time') return { description, type: 'string' };
  const value = { string: 'DateTimeOffset', integer: 'long', number: 'double', boolean: 'bool' }[type];
  if (!value) throw new Sentence(`${DOCUMENT} has the type ${type}, which has no C# type yet.`);
  return { description, type: canBeNull ? `${value}?` : value };
}

function nameOf({ $ref }) {
  return $ref.split('/').at(-1);
}

function pascal(name) {
  return name[0].toUpperCase() + name.slice(1);
}

function summaryOf(text, indent) {
  return text ? `${' '.repeat(indent)}/// <summary>${xml(text)}</summary>\n` : '';
}

function xml(text) {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/`([^`]+)`/g, '<c>$1</c>');
}
