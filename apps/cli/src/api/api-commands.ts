import { wholeNumber, type Call } from '../call';
import type { CommandDeclaration, GroupDeclaration, OptionDeclaration } from '../declaration';
import { CommandError, UsageError, exitCodes } from '../errors';
import { readOperations, type Field, type Operation } from './admin-document';
import { ApiClient } from './api-client';
import { commandNameOf, singular } from './command-name';
import { tableOfItems, textOfAnswer } from './api-output';

const PAGE_SIZE = 200;
const MAX_LIMIT = 10_000;
const SECRET = /(?:token|secret)$/i;

export function apiGroups(): readonly GroupDeclaration[] {
  const groups = new Map<string, { shortest: Operation; commands: Record<string, CommandDeclaration> }>();
  const operations = readOperations();
  const bots = operations.find(({ operationId }) => operationId === 'listBots');
  for (const operation of operations) {
    const [group, name] = commandNameOf(operation) ?? [];
    if (group === undefined || name === undefined) continue;
    const found = groups.get(group) ?? { shortest: operation, commands: {} };
    found.commands[name] = commandOf(operation, bots);
    // The shortest path describes the group. A longer one may have another subject, such as the teams of a person.
    if (operation.path.length < found.shortest.path.length) found.shortest = operation;
    groups.set(group, found);
  }
  return [...groups].map(([name, { shortest, commands }]) => ({
    name,
    description: lowerFirst(shortest.about),
    commands,
  }));
}

function commandOf(operation: Operation, bots: Operation | undefined): CommandDeclaration {
  const { method, ofPath, item, summary, details, isChange } = operation;
  const inputs = inputsOf(operation);
  const clearable = operation.ofBody.filter(
    (field) => isNullable(field) || (method === 'PATCH' && field.schema.items),
  );
  const paged = operation.ofQuery.some(({ name }) => name === 'cursor');
  return {
    description: lowerFirst(summary),
    details: details.replaceAll('`', ''),
    takes: {
      ...Object.fromEntries(ofPath.map((field) => [`<${argumentOf(field)}>`, sentenceOf(field)])),
      ...Object.fromEntries(inputs.map((input) => [input.flags, input.option])),
      ...(clearable.length > 0
        ? {
            '--clear <field>': {
              description: `remove the value of a field: ${namesOf(clearable)}`,
              isRepeated: true,
            },
          }
        : {}),
      ...(paged
        ? { '--limit <count>': { description: `how many at most, 1 to ${MAX_LIMIT}`, default: '100' } }
        : {}),
    },
    run: async (call) => {
      const query: Record<string, string> = {};
      const body: Record<string, unknown> = {};
      for (const { field, isOfBody, name } of inputs) {
        if (!call.has(name)) continue;
        const value = await valueOf(call, name, field);
        if (field.parent !== undefined)
          body[field.parent] = { ...(body[field.parent] ?? {}), [field.name]: value };
        else if (isOfBody) body[field.name] = value;
        else query[field.name] = String(value);
      }
      for (const name of clearable.length > 0 ? call.all('clear') : []) {
        const field = clearable.find((one) => nameOf(one) === name);
        if (!field) throw new UsageError(`--clear must be one of ${namesOf(clearable)}.`);
        body[field.name] = isNullable(field) ? null : [];
      }
      const ids = ofPath.map((field, index) => argumentValue(field, call.positionals[index] ?? ''));
      const api = await ApiClient.of(call.terminal);
      const values = await Promise.all(
        ids.map(async (id, index) => {
          const field = ofPath[index];
          return bots && field && isBot(field) && /^\d+$/.test(id) ? idOfBot(api, bots, id) : id;
        }),
      );
      const path = ofPath.reduce(
        (text, { name }, index) => text.replace(`{${name}}`, encodeURIComponent(values[index] ?? '')),
        operation.path,
      );
      const input = { path, query, body: operation.ofBody.length > 0 ? body : null };
      if (item) {
        const count = paged ? wholeNumber(call, 'limit', 1, MAX_LIMIT) : Infinity;
        const rows = await readItems(api, operation, input, count);
        return { json: rows, text: rows.length === 0 ? 'None' : tableOfItems(item, rows) };
      }
      const found = await api.call(operation, input);
      const named = Object.fromEntries(ofPath.map(({ name }, index) => [name, values[index]]));
      const answer = Object.keys(found).length === 0 ? named : found;
      return { json: answer, text: textOfAnswer(answer, isChange) };
    },
  };
}

interface Input {
  readonly field: Field;
  readonly isOfBody: boolean;
  readonly name: string;
  readonly flags: string;
  readonly option: OptionDeclaration;
}

function inputsOf({ method, ofQuery, ofBody }: Operation): readonly Input[] {
  const query = ofQuery.filter(({ name }) => name !== 'limit' && name !== 'cursor');
  return [...query, ...ofBody].map((field) => {
    const { schema } = field;
    const name = nameOf(field);
    const words = schema.enum ?? schema.items?.enum ?? (isSwitch(field, method) ? ['on', 'off'] : undefined);
    const isFlag = isStdin(field) || (schema.type === 'boolean' && !words);
    const value = singularOf(field);
    return {
      field,
      isOfBody: ofBody.includes(field),
      name,
      flags: isFlag ? `--${name}` : `--${name} <${words && schema.type === 'boolean' ? 'on|off' : value}>`,
      option: {
        description: isStdin(field) ? `read from standard input: ${sentenceOf(field)}` : sentenceOf(field),
        isNeeded: field.isRequired && !isNullable(field),
        isRepeated: schema.items !== undefined,
        ...(words ? { words } : {}),
      },
    };
  });
}

async function valueOf(call: Call, name: string, { schema, name: fieldName }: Field): Promise<unknown> {
  if (name.endsWith('-stdin')) {
    const text = (await call.terminal.readInput()).trim();
    return SECRET.test(fieldName) ? text : parsedJson(text);
  }
  if (schema.items) return call.all(name).map((text) => scalarOf(text, schema.items ?? {}));
  const text = call.optional(name);
  return text === undefined ? true : scalarOf(text, schema);
}

/** A text that is no number is sent unchanged, and the service says what is wrong with it. */
function scalarOf(text: string, { type }: Field['schema']): unknown {
  const types = [type].flat();
  if (types.includes('boolean')) return text === 'on';
  return types.includes('integer') && /^-?\d{1,15}$/.test(text) ? Number(text) : text;
}

/** URL parsers resolve dots in a path, also escaped dots. */
function argumentValue(field: Field, text: string): string {
  if (!/^\.{0,2}$/.test(text)) return text;
  throw new UsageError(`<${argumentOf(field)}> must not be empty, "." or "..".`);
}

/** People know the number of a bot at its platform, so a command accepts this number too. */
async function idOfBot(api: ApiClient, bots: Operation, botId: string): Promise<string> {
  const found = await readItems(api, bots, { path: bots.path, query: { botId }, body: null }, 2);
  const [bot, another] = found as readonly { readonly id: string }[];
  if (!bot) throw new CommandError(`No bot has the number ${botId}.`, exitCodes.notFound);
  if (another)
    throw new UsageError(
      `Several bots have the number ${botId}: name one by its id, as "bot list" shows it.`,
    );
  return bot.id;
}

async function readItems(
  api: ApiClient,
  operation: Operation,
  input: Parameters<ApiClient['call']>[1],
  count: number,
): Promise<readonly object[]> {
  const items: object[] = [];
  const cursors = new Set<string | null>();
  let cursor: string | null = null;
  do {
    const page: Record<string, string> =
      count === Infinity ? {} : { limit: String(Math.min(count - items.length, PAGE_SIZE)) };
    if (cursor !== null) page['cursor'] = cursor;
    const answer = await api.call(operation, { ...input, query: { ...input.query, ...page } });
    const { items: more, nextCursor = null } = answer as { items?: unknown; nextCursor?: unknown };
    const isPage = Array.isArray(more) && more.every((each) => typeof each === 'object' && each !== null);
    const hasNext = nextCursor === null || (typeof nextCursor === 'string' && !cursors.has(nextCursor));
    if (!isPage || !hasNext || (nextCursor !== null && more.length === 0))
      throw new CommandError('The administration API answered no page of a list.', exitCodes.failed);
    items.push(...(more as object[]));
    cursor = nextCursor;
    cursors.add(cursor);
  } while (cursor !== null && items.length < count);
  return items;
}

/** `applicationIds` is `--application`, `isUnverified` is `--unverified`, `token` is `--token-stdin`. */
function nameOf(field: Field): string {
  const name = singularOf(field);
  const { format } = field.schema.items ?? field.schema;
  const plain = format === 'uuid' ? name.replace(/Id$/, '') : name.replace(/^is(?=[A-Z])/, '');
  const words = plain.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replace(/^-/, '');
  return isStdin(field) ? `${words}-stdin` : words;
}

function singularOf({ name, schema }: Field): string {
  return schema.items ? singular(name) : name;
}

function argumentOf(field: Field): string {
  return isBot(field) ? 'bot' : field.name;
}

function isBot({ name }: Field): boolean {
  return name === 'id';
}

/** Secrets and objects come by standard input. A command line would show secrets to other users of the machine. */
function isStdin({ name, schema }: Field): boolean {
  return SECRET.test(name) || schema.type === 'object';
}

function isSwitch({ schema }: Field, method: string): boolean {
  return schema.type === 'boolean' && method === 'PATCH';
}

function isNullable({ schema }: Field): boolean {
  return [schema.type].flat().includes('null');
}

function namesOf(fields: readonly Field[]): string {
  return fields.map(nameOf).join(', ');
}

function sentenceOf({ description, name, schema }: Field): string {
  const [sentence = ''] = description.replaceAll('`', '').split(/\.(?:\s|$)/, 1);
  const text = sentence === '' ? name : sentence;
  const byDefault = typeof schema.default === 'string' ? ` (default: ${schema.default})` : '';
  return schema.items ? `${text}; may be repeated` : text + byDefault;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError('Standard input is not JSON.');
  }
}

function lowerFirst(sentence: string): string {
  return `${sentence.charAt(0).toLowerCase()}${sentence.slice(1).replace(/\.$/, '')}`;
}
