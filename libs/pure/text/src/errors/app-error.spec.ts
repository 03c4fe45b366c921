import type * as AppErrors from './app-error';
import type { ErrorDefinition } from './app-error';

/** Not the list that other test files of the worker see: the OpenAPI documents name every code in it. */
const { AppError, defineErrors, leaveOutErrors, listErrors } =
  jest.requireActual<typeof AppErrors>('./app-error');

const notFound: ErrorDefinition = {
  kind: 'not-found',
  title: 'No such bookmark',
  remedy: 'List them first.',
};
const conflict: ErrorDefinition = { kind: 'conflict', title: 'Bookmark limit reached' };
const bookmarkError = defineErrors({ 'bookmark.not_found': notFound, 'bookmark.limit_2': conflict });

describe('defined errors', () => {
  it('are made by their code', () => {
    const error = bookmarkError('bookmark.limit_2');

    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({
      name: 'AppError',
      code: 'bookmark.limit_2',
      message: 'bookmark.limit_2: Bookmark limit reached',
      kind: 'conflict',
      definition: conflict,
      options: {},
    });
    expect(error.cause).toBeUndefined();
  });

  it('carry what is said of the occurrence', () => {
    const cause = new Error('the cause');
    const options = { detail: 'The limit is 100.', retryAfterSeconds: 3, cause };

    const error = bookmarkError('bookmark.limit_2', options);

    expect(error.options).toBe(options);
    expect(error.cause).toBe(cause);
  });

  it('are listed by code', () => {
    defineErrors({ 'bookmark.a': conflict, 'zebra.z': conflict, 'bookmark.m': conflict });

    const listed = listErrors().filter(({ code }) => /^(bookmark|zebra)\./.test(code));
    expect(listed).toEqual([
      { code: 'bookmark.a', ...conflict },
      { code: 'bookmark.limit_2', ...conflict },
      { code: 'bookmark.m', ...conflict },
      { code: 'bookmark.not_found', ...notFound },
      { code: 'zebra.z', ...conflict },
    ]);
  });

  it('are not listed if their feature is left out', () => {
    leaveOutErrors(['bookmark']);
    expect(listErrors().filter(({ code }) => code.startsWith('bookmark.'))).toEqual([]);

    leaveOutErrors([]);
    expect(listErrors().some(({ code }) => code.startsWith('bookmark.'))).toBe(true);
  });

  it('cannot be defined anew', () => {
    expect(() => defineErrors({ 'bookmark.not_found': { ...notFound } })).toThrow(
      'error code bookmark.not_found is defined twice',
    );
  });

  it.each(['bookmark', 'Bookmark.not_found', 'bookmark.not-found', ' bookmark.not_found'])(
    'cannot have the code %j',
    (code) => {
      expect(() => defineErrors({ [code]: conflict })).toThrow(
        `error code ${code} is not feature.snake_case`,
      );
    },
  );
});
