import type { Type } from '@nestjs/common';
import { Integer, Nested, Text } from '@countersign/http';

/** What every answer is in. */
export interface Envelope<T> {
  readonly status: 200;
  readonly message: string;
  readonly data: T;
}

export type Answer<T> = Promise<Envelope<T>>;

export function enveloped<T>(message: string, data: T): Envelope<T> {
  return { status: 200, message, data };
}

/** The document of an answer. */
export function Enveloped<T>(type: Type<T>): Type<Envelope<T>> {
  class Answer {
    @Integer('As the status of HTTP.', 200)
    status: 200;

    @Text('One sentence.', 'ok')
    message: string;

    @Nested(type, 'The answer.')
    data: T;
  }
  Object.defineProperty(Answer, 'name', { value: `${type.name}Envelope` });
  return Answer;
}
