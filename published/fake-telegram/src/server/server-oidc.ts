import { request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import { FakeOidc, type FakeOidcOptions } from '../oidc/fake-oidc';

/** Listens on a port that only the server in front of it uses, and names that server as the issuer. */
export class FakeOidcBehind extends FakeOidc {
  constructor(
    options: FakeOidcOptions,
    private readonly front: () => string,
  ) {
    super(options);
  }

  override get issuer(): string {
    return this.front();
  }

  /** Passes a request on as it is, faults of the endpoint included. */
  forward(request: IncomingMessage, response: ServerResponse): void {
    const { hostname, port } = new URL(super.issuer);
    const { method = 'GET', url = '/', headers } = request;
    const onward = ask({ hostname, port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  }
}
