import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Item {
  readonly plaintext?: string;
  readonly ciphertext?: string;
  readonly associated_data?: string;
}

/**
 * The Transit engine's encrypt and decrypt, with `batch_input`, as the API documentation of Vault describes them. Not a
 * real Vault: its own failures beyond these are not here.
 */
export class FakeTransit {
  readonly token = `hvs.${randomBytes(12).toString('hex')}`;
  /** Paths, in the order of the calls. */
  readonly calls: string[] = [];
  private readonly key = randomBytes(32);
  private isSealed = false;
  private address: AddressInfo | undefined;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<FakeTransit> {
    const server = createServer();
    const fake = new FakeTransit(server);
    server.on('request', (request, response) => {
      void fake.answer(request).then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    fake.address = server.address() as AddressInfo;
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${this.address?.port ?? 0}`;
  }

  get environment(): Record<string, string> {
    return { KMS_URL: this.url, KMS_KEY: 'countersign', KMS_TOKEN: this.token };
  }

  /** Answers 503 from now on, as a sealed Vault does. */
  seal(): void {
    this.isSealed = true;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  private async answer(request: IncomingMessage): Promise<{ status: number; body: object }> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    this.calls.push(request.url ?? '');
    if (this.isSealed) return { status: 503, body: { errors: ['Vault is sealed'] } };
    if (request.headers['x-vault-token'] !== this.token)
      return { status: 403, body: { errors: ['permission denied'] } };
    const { batch_input: batch } = JSON.parse(Buffer.concat(chunks).toString()) as { batch_input: Item[] };
    if (request.url === '/v1/transit/encrypt/countersign')
      return this.batch(batch, (item) => this.encrypt(item));
    if (request.url === '/v1/transit/decrypt/countersign')
      return this.batch(batch, (item) => this.decrypt(item));
    return { status: 404, body: { errors: ['no handler for route'] } };
  }

  /** 400 with the results when one of them failed. */
  private batch(items: readonly Item[], each: (item: Item) => object): { status: number; body: object } {
    const results = items.map((item) => {
      try {
        return each(item);
      } catch {
        return { error: 'cipher: message authentication failed' };
      }
    });
    const status = results.some((result) => 'error' in result) ? 400 : 200;
    return { status, body: { data: { batch_results: results } } };
  }

  private encrypt({ plaintext = '', associated_data: data = '' }: Item): object {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce).setAAD(Buffer.from(data, 'base64'));
    const body = Buffer.concat([cipher.update(Buffer.from(plaintext, 'base64')), cipher.final()]);
    const box = Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64');
    return { ciphertext: `vault:v1:${box}`, key_version: 1 };
  }

  private decrypt({ ciphertext = '', associated_data: data = '' }: Item): object {
    const box = Buffer.from(ciphertext.replace(/^vault:v1:/, ''), 'base64');
    const opened = createDecipheriv('aes-256-gcm', this.key, box.subarray(0, 12))
      .setAAD(Buffer.from(data, 'base64'))
      .setAuthTag(box.subarray(-16));
    const plain = Buffer.concat([opened.update(box.subarray(12, -16)), opened.final()]);
    return { plaintext: plain.toString('base64') };
  }
}
