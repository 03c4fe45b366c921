import { useTestApp } from '../support/use-test-app';

describe('the API page', () => {
  const app = useTestApp();

  it.each(['/docs', '/docs/'])(
    'loads at %s with everything that it names, under its content policy',
    async (path) => {
      const page = await app.http.get(path);
      const named = [...page.text.matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, url = '']) => url);

      expect(page.status).toBe(200);
      expect(page.headers['content-type']).toMatch(/^text\/html/);
      expect(page.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self';");
      expect(named).toHaveLength(6);
      for (const url of named) {
        const { pathname, origin } = new URL(url, `http://localhost${path}`);
        expect(origin).toBe('http://localhost');
        const file = await app.http.get(pathname);
        expect({ pathname, status: file.status }).toEqual({ pathname, status: 200 });
        expect(file.headers['content-type']).toMatch(
          /^(text\/css|application\/javascript|text\/javascript|image\/png)/,
        );
      }
    },
  );

  it('has no inline script, which its content policy would stop', async () => {
    const { text } = await app.http.get('/docs');

    expect(text).not.toMatch(/<script(?![^>]*\bsrc=)/);
    expect(text).not.toMatch(/\son[a-z]+=/);
  });

  it('leads back from the page that Swagger UI cannot serve', async () => {
    const answer = await app.http.get('/docs/index.html');

    expect(answer.status).toBe(302);
    expect(answer.headers['location']).toBe('/docs');
  });
});
