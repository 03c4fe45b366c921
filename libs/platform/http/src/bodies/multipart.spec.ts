import { parseMultipart } from './multipart';

const TYPE = 'multipart/form-data; boundary=X';
const part = (disposition: string, content: string) =>
  `--X\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${content}\r\n`;
const parse = (text: string | Buffer, type = TYPE) => parseMultipart(type, Buffer.from(text));

describe('a form with files', () => {
  it('has its fields by their names', () => {
    const text = part('name="file"; filename="a.xellar"', 'ABC') + part('name="__proto__"', '1');
    const form = parse(`${text}--X--\r\n`);
    expect([...form]).toEqual([
      ['file', { name: 'a.xellar', text: 'ABC' }],
      ['__proto__', '1'],
    ]);
  });

  it.each([
    ['', TYPE],
    ['junk', TYPE],
    [part('name="pin"', '1'), TYPE],
    ['--X\r\n\r\n--X--', TYPE],
    [`${part('', '1')}--X--`, TYPE],
    [`${part('name="pin"', '1')}--X--`, 'multipart/form-data'],
    [`${part('name="pin"', '1')}--X--`, 'multipart/form-data; boundary=Y'],
  ])('is refused where it is %j of %s', (text, type) => {
    expect(() => parse(text, type)).toThrow(/^request.malformed_form/);
  });

  it('is refused with one name twice, and with a file that is no text', () => {
    const twice = `${part('name="pin"', '1')}${part('name="pin"', '2')}--X--`;
    expect(() => parse(twice)).toThrow(/^request.invalid/);
    const [before, after] = [part('name="file"; filename="a"', 'X').slice(0, -3), '\r\n--X--'];
    const binary = Buffer.concat([Buffer.from(before), Buffer.from([0xff, 0xfe]), Buffer.from(after)]);
    expect(() => parse(binary)).toThrow(/^request.malformed_form/);
  });
});
