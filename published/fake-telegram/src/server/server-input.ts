import type { IncomingMessage } from 'node:http';
import { readBody } from '../local-server';

/** The input is invalid. The message says what is valid. */
export class FakeTelegramInputError extends Error {
  override readonly name = 'FakeTelegramInputError';
}

/** @throws FakeTelegramInputError if it is not JSON, RangeError if it is larger than 64 KiB */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const text = await readBody(request);
  try {
    return JSON.parse(text);
  } catch {
    throw new FakeTelegramInputError('the body must be JSON');
  }
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const kinds = {
  text: [isText, 'a text'],
  number: [Number.isSafeInteger, 'a whole number'],
  flag: [(value: unknown) => typeof value === 'boolean', 'true or false'],
  texts: [(value: unknown) => Array.isArray(value) && value.every(isText), 'a list of texts'],
  object: [isObject, 'an object'],
  instant: [
    (value: unknown) => isText(value) && !Number.isNaN(Date.parse(value as string)),
    'an instant, such as 2026-01-31T12:00:00Z',
  ],
} as const;

type Kind = keyof typeof kinds;
/** The members with their kinds. A `?` after the kind makes a member optional. */
export type Shape = Readonly<Record<string, Kind | `${Kind}?`>>;

/** Refuses unknown members, so that a misspelt one is not ignored. @throws FakeTelegramInputError */
export function membersOf(body: unknown, shape: Shape, subject = 'the body'): object {
  if (!isObject(body)) throw new FakeTelegramInputError(`${subject} must be an object`);
  const members = body as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(members).find((name) => !(name in shape));
  if (unknown !== undefined)
    throw new FakeTelegramInputError(
      `${subject} has no ${JSON.stringify(unknown)}: it takes ${Object.keys(shape).join(', ')}`,
    );
  for (const [name, wanted] of Object.entries(shape)) {
    const [isKind, sentence] = kinds[wanted.replace('?', '') as Kind];
    const isAbsent = members[name] === undefined && wanted.endsWith('?');
    if (!isAbsent && !isKind(members[name]))
      throw new FakeTelegramInputError(`${name} of ${subject} must be ${sentence}`);
  }
  return members;
}
