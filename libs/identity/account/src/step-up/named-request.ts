import { openUnder, sealUnder, type SealedBytes } from '@countersign/crypto';
import { ObjectOf, Text } from '@countersign/http';

const PURPOSE = 'step-up-request';

/** What exactly a step-up is for, where the act alone does not say it. */
export interface NamedRequest {
  /** The grant is good with this digest only: see `Granted`. */
  readonly digest: Buffer;
  /** For the person, a sentence each. */
  readonly lines: readonly string[];
  /** For the page that makes the call. */
  readonly call: Readonly<Record<string, unknown>>;
}

/** In the answer of a sign-in whose code names more than an act. */
export class NamedRequestResponse {
  @Text('What exactly is done: show each line to the person.', ['It sends on: eip155:1.'], { list: {} })
  lines: readonly string[];

  @ObjectOf(true, 'What the call names in its path and body. Another call is refused.', {
    walletId: '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11',
    limits: { chains: ['eip155:1'] },
  })
  call: Readonly<Record<string, unknown>>;
}

/** Under the code, which is not stored: the row opens with the launch that carries it. */
export function sealRequest(code: string, id: string, request: NamedRequest): SealedBytes {
  const text = JSON.stringify({ ...request, digest: request.digest.toString('hex') });
  return sealUnder(Buffer.from(code), PURPOSE, Buffer.from(text), id);
}

/** As `sealRequest` sealed it. Throws as `openUnder`. */
export function openRequest(code: string, id: string, sealed: SealedBytes): NamedRequest {
  const text = openUnder(Buffer.from(code), PURPOSE, sealed, id).toString();
  const { digest, ...rest } = JSON.parse(text) as Omit<NamedRequest, 'digest'> & { readonly digest: string };
  return { ...rest, digest: Buffer.from(digest, 'hex') };
}
