import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A product's own server: its page, with a Content-Security-Policy, and pages that frame it. */
export class PageServer {
  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  /** @param api origin of the service @param script of the page */
  static async start(api: string, script: string): Promise<PageServer> {
    const server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://page');
      if (pathname === '/page.js') {
        response.setHeader('content-type', 'text/javascript').end(script);
        return;
      }
      response.setHeader('content-type', 'text/html; charset=utf-8');
      if (pathname === '/') {
        response.setHeader(
          'content-security-policy',
          `default-src 'none'; script-src 'self'; connect-src ${api}; base-uri 'none'; form-action 'none'`,
        );
        response.end(
          '<!doctype html><html lang="en"><title>Page</title><script defer src="/page.js"></script>',
        );
      } else if (pathname === '/frame') {
        const [sandbox, src] = ['sandbox', 'src'].map((name) => quoted(searchParams.get(name) ?? ''));
        response.end(
          `<!doctype html><html lang="en"><title>Frame</title>` +
            `<iframe title="Page" ${sandbox === '""' ? '' : `sandbox=${sandbox}`} src=${src}></iframe>`,
        );
      } else response.writeHead(404).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new PageServer(server, (server.address() as AddressInfo).port);
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The same server as another site. */
  get otherOrigin(): string {
    return `http://localhost:${this.port}`;
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }
}

function quoted(value: string): string {
  return `"${value.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`;
}
