import { KeyManagementError, type KeyManagement, type Wrapping } from './key-management';

const TIMEOUT_MS = 5_000;
const MAX_ANSWER_BYTES = 1_048_576;

interface VaultTransitOptions {
  /** `https://vault.example.com:8200`, without a slash at the end. */
  readonly url: string;
  /** Where the secrets engine is mounted. */
  readonly mount: string;
  readonly key: string;
  readonly token: string;
}

/**
 * The Transit secrets engine of HashiCorp Vault and OpenBao: `POST /v1/<mount>/encrypt|decrypt/<key>` with
 * `batch_input`. Source: Vault API documentation, "Transit secrets engine", encrypt and decrypt data.
 */
export class VaultTransit implements KeyManagement {
  constructor(private readonly options: VaultTransitOptions) {}

  async wrap(plain: readonly Wrapping[]): Promise<readonly string[]> {
    const batch = plain.map(({ text, context }) => ({
      plaintext: Buffer.from(text, 'base64url').toString('base64'),
      associated_data: base64(context),
    }));
    return this.call('encrypt', batch, 'ciphertext');
  }

  async unwrap(wrapped: readonly Wrapping[]): Promise<readonly string[]> {
    const batch = wrapped.map(({ text: ciphertext, context }) => ({
      ciphertext,
      associated_data: base64(context),
    }));
    const opened = await this.call('decrypt', batch, 'plaintext');
    return opened.map((text) => Buffer.from(text, 'base64').toString('base64url'));
  }

  private async call(
    operation: 'encrypt' | 'decrypt',
    batch: readonly object[],
    field: 'ciphertext' | 'plaintext',
  ): Promise<readonly string[]> {
    const { mount, key } = this.options;
    const answer = await this.post(`/v1/${mount}/${operation}/${key}`, { batch_input: batch });
    const { data } = (answer ?? {}) as { data?: { batch_results?: unknown } };
    const results = Array.isArray(data?.batch_results) ? (data.batch_results as unknown[]) : [];
    const texts = results.map((result) => (result as Record<string, unknown> | null)?.[field]);
    if (texts.length !== batch.length || !texts.every((text) => typeof text === 'string' && text !== ''))
      throw this.failure(`could not ${operation} every key`);
    return texts as string[];
  }

  private async post(path: string, body: object): Promise<unknown> {
    const { url, token } = this.options;
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    try {
      const answer = await fetch(`${url}${path}`, {
        method: 'POST',
        redirect: 'error',
        headers: { 'content-type': 'application/json', 'x-vault-token': token, 'x-vault-request': 'true' },
        body: JSON.stringify(body),
        signal,
      });
      const text = await boundedText(answer);
      if (!answer.ok) throw this.failure(`answers with status ${answer.status}`);
      return JSON.parse(text) as unknown;
    } catch (error) {
      if (error instanceof KeyManagementError) throw error;
      // Not kept as a cause: the message of a SyntaxError quotes the answer.
      throw this.failure(
        signal.aborted ? `does not answer within ${TIMEOUT_MS / 1_000} s` : 'cannot be reached',
      );
    }
  }

  private failure(what: string): KeyManagementError {
    return new KeyManagementError(
      `The key management service of KMS_URL ${what}: the key ring stays closed. Running replicas are not affected.`,
    );
  }
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

/** @throws Error for an answer above 1 MiB. */
async function boundedText(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of answer.body ?? []) {
    length += (chunk as Uint8Array).length;
    if (length > MAX_ANSWER_BYTES) throw new Error('the answer is too long');
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks).toString('utf8');
}
