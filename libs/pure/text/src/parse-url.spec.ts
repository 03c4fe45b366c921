import { parseUrl } from './parse-url';

describe('parseUrl', () => {
  it.each([
    ['https://example.com/a?b', 'https://example.com/a?b'],
    ['https://müller.example', 'https://xn--mller-kva.example/'],
    ['https://example.com/%zz', 'https://example.com/%zz'],
  ])('reads %s', (text, href) => {
    expect(parseUrl(text)?.href).toBe(href);
  });

  it.each(['', '/path', 'example.com', 'https://', 'https://a b', 'https://[::1'])('refuses %j', (text) => {
    expect(parseUrl(text)).toBeNull();
  });

  it('reads letters beyond ASCII however often it was called', () => {
    const times = 20_000;
    let read = 0;
    for (let call = 0; call < times; call += 1) if (parseUrl('https://müller.example')) read += 1;

    expect(read).toBe(times);
  });
});
