import { MAX_LINE_BYTES, readLines } from './raw-lines';

async function linesIn(...chunks: readonly string[]): Promise<readonly (string | null)[]> {
  const found: (string | null)[] = [];
  const stream = (async function* () {
    for (const chunk of chunks) yield Promise.resolve(Buffer.from(chunk, 'latin1'));
  })();
  for await (const line of readLines(stream)) found.push(line?.toString('latin1') ?? null);
  return found;
}

const MARK = '\xef\xbb\xbf';
const LONGEST = 'x'.repeat(MAX_LINE_BYTES);

describe('lines of an import', () => {
  it.each([
    ['nothing', [''], []],
    ['a last line without an end', ['a\nb'], ['a', 'b']],
    ['a last line with one', ['a\nb\n'], ['a', 'b']],
    ['empty lines', ['\n\r\na\n'], ['', '', 'a']],
    ['CRLF over two chunks', ['a\r', '\nb\r\n'], ['a', 'b']],
    ['a line over many chunks', ['a', 'b', '', 'c\nd'], ['abc', 'd']],
    [
      'a byte order mark over two chunks',
      [MARK.slice(0, 1), `${MARK.slice(1)}a\n${MARK}b`],
      ['a', `${MARK}b`],
    ],
    ['the longest line', [`${LONGEST}\na`], [LONGEST, 'a']],
    ['a line that is longer', [`${LONGEST}x`, 'x\na'], [null, 'a']],
    ['a last line that is longer', [LONGEST, LONGEST], [null]],
  ])('are read: %s', async (_, chunks, expected) => {
    expect(await linesIn(...chunks)).toEqual(expected);
  });
});
