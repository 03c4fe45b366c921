import { useTestApp } from '../support/use-test-app';
import { openPage } from '../system/support/chromium';

describe('the API page', () => {
  const app = useTestApp();

  it('shows every operation in a real browser, from this server alone', async () => {
    const { body } = await app.http.get('/openapi/public.json');
    const { paths } = body as { paths: Record<string, object> };

    const page = await openPage(`http://127.0.0.1:${app.port}/docs`);

    const shown = new Set([...page.dom.matchAll(/data-path="([^"]+)"/g)].map(([, path]) => path));
    expect(Object.keys(paths)).toContain('/v1/auth/telegram/init-data');
    expect([...shown].sort()).toEqual(Object.keys(paths).sort());
    expect(page.dom.match(/class="opblock opblock-\w+"/g)).toHaveLength(
      Object.values(paths).flatMap((methods) => Object.keys(methods)).length,
    );
    expect(page.console).toEqual([]);
  });

  it('shows the error codes of an operation, and links what they mean', async () => {
    const page = await openPage(`http://127.0.0.1:${app.port}/docs#/Sign%20in/signInWithTelegramInitData`);

    expect(page.dom).toContain('<code>init_data.too_long</code>');
    expect(page.dom).toContain('href="/docs/errors.md"');
    expect(page.console).toEqual([]);
  });
});
