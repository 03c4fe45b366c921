import type { IncomingMessage } from 'node:http';
import { readBody } from '../local-server';

/** The server was sent invalid input; the message says what is valid. */
export class FakeTelegramInputError extends Error {
  override readonly name = 'FakeTelegramInputError';
}

type Members = Readonly<Record<string, unknown>>;

/** @throws FakeTelegramInputError when it is not JSON, RangeError when it is larger than 64 KiB */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const text = await readBody(request);
  try {
    return JSON.parse(text);
  } catch {
    throw new FakeTelegramInputError('the body must be JSON');
  }
}

/** The members of a body. Others are an error: a misspelt one would be ignored silently. */
export class BodyReader {
  private constructor(
    private readonly members: Members,
    private readonly subject: string,
  ) {}

  static of(body: unknown, known: readonly string[], subject = 'the body'): BodyReader {
    if (!isObject(body)) throw new FakeTelegramInputError(`${subject} must be an object`);
    const unknown = Object.keys(body).find((name) => !known.includes(name));
    if (unknown !== undefined)
      throw new FakeTelegramInputError(
        `${subject} has no ${JSON.stringify(unknown)}: it takes ${known.join(', ')}`,
      );
    return new BodyReader(body, subject);
  }

  /** What `read` says of a member that is there. */
  optional<T>(name: string, read: (name: string) => T): T | undefined {
    return this.members[name] === undefined ? undefined : read.call(this, name);
  }

  text(name: string): string {
    const value = this.members[name];
    if (typeof value !== 'string' || value === '') throw this.refusal(name, 'a text');
    return value;
  }

  number(name: string): number {
    const value = this.members[name];
    if (!Number.isSafeInteger(value)) throw this.refusal(name, 'a whole number');
    return Number(value);
  }

  flag(name: string): boolean {
    const value = this.members[name];
    if (typeof value !== 'boolean') throw this.refusal(name, 'true or false');
    return value;
  }

  texts(name: string): readonly string[] {
    const value = this.members[name];
    if (!Array.isArray(value) || !value.every((item) => typeof item === 'string'))
      throw this.refusal(name, 'a list of texts');
    return value;
  }

  /** Members of any name, each a text. */
  textMembers(name: string): Readonly<Record<string, string>> {
    const value = this.object(name);
    if (!Object.values(value).every((item) => typeof item === 'string'))
      throw this.refusal(name, 'an object of texts');
    return value as Record<string, string>;
  }

  object(name: string): Members {
    const value = this.members[name];
    if (!isObject(value)) throw this.refusal(name, 'an object');
    return value;
  }

  date(name: string): Date {
    const date = new Date(this.text(name));
    if (Number.isNaN(date.getTime())) throw this.refusal(name, 'an instant, such as 2026-01-31T12:00:00Z');
    return date;
  }

  private refusal(name: string, wanted: string): FakeTelegramInputError {
    return new FakeTelegramInputError(`${name} of ${this.subject} must be ${wanted}`);
  }
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
