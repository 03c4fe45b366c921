import { ValidateBy } from 'class-validator';
import { readText, type TextRefusal } from '@countersign/text';
import type { FieldOptions } from './field';
import { Text } from './kinds';

export const textRefusals: Readonly<Record<TextRefusal, string>> = {
  bidirectional: 'must not have characters that change the direction of text',
  control_character: 'must not have control, invisible or unassigned characters',
  empty: 'must have something to see',
  mixed_scripts: 'must not mix scripts within a word',
  too_long: 'must not be longer',
};

interface NameOptions extends FieldOptions {
  /** The maximum number of characters. */
  readonly max: number;
  readonly pattern?: RegExp;
  readonly message?: string;
}

/** A name for people. It is stored as typed. The only hidden characters are those that its script or emoji need. */
export function Name(description: string, example: string, options: NameOptions): PropertyDecorator {
  const text = Text(description, example, {
    ...{ pattern: /^\S(?:.*\S)?$/u, message: 'must not begin or end with a space' },
    ...options,
  });
  if (options.input === undefined) return text;
  const bounds = { maxGraphemes: options.max, maxBytes: 4 * options.max };
  const rules = Object.entries(textRefusals).map(([name, defaultMessage]) => {
    const isRefused = (value: string): boolean => {
      const read = readText(value, bounds);
      return !read.ok && read.code === name;
    };
    const validate = (value: unknown): boolean => typeof value !== 'string' || !isRefused(value);
    return ValidateBy({ name, validator: { validate, defaultMessage: () => defaultMessage } });
  });
  return (target, property) => {
    for (const rule of rules) rule(target, property);
    text(target, property);
  };
}
