import { AppError } from '@countersign/text';
import { parseForm } from './form';

function outcomeOf(text: string): unknown {
  try {
    return Object.fromEntries(parseForm(text));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return {
      code: error.code,
      ...(error.options.fields ? { paths: error.options.fields.map(({ path }) => path) } : {}),
    };
  }
}

describe('parseForm', () => {
  it.each<[string, Record<string, string>]>([
    ['', {}],
    ['&&', {}],
    ['token=abc', { token: 'abc' }],
    ['token=a%20b+c%2Bd', { token: 'a b c+d' }],
    ['token=a=b==', { token: 'a=b==' }],
    ['to%6ben=%C3%A9', { token: 'é' }],
    ['token', { token: '' }],
    ['a;b=c', { 'a;b': 'c' }],
    ['a=1&b=2', { a: '1', b: '2' }],
    ['a=1&A=2', { a: '1', A: '2' }],
    ['token=%00', { token: '\0' }],
  ])('reads %j', (text, form) => {
    expect(outcomeOf(text)).toEqual(form);
  });

  it.each([
    ['token=a&token=b', 'token'],
    ['token=a&token=a', 'token'],
    ['token=a&t%6fken=b', 'token'],
    ['token=&token=b', 'token'],
    ['token=a&other=1&other=2', 'other'],
    ['cs_at_k1_AAAA&cs_at_k1_AAAA', ''],
  ])('refuses a parameter that occurs twice: %j', (text, path) => {
    expect(outcomeOf(text)).toEqual({ code: 'request.invalid', paths: [path] });
  });
});
