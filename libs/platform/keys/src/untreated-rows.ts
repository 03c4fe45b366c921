import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditSigner } from '@countersign/audit';
import type { KeyPurpose } from '@countersign/crypto';
import { extensionPoint } from '@countersign/runtime';

/** Rows that need a former key. `keys rewrap` cannot move them, because their values are not stored. */
export interface UntreatedRows {
  /** For example `device codes (openid_records)`. */
  readonly rows: string;
  /** An upper bound; `null` if the rows do not show their key. */
  readonly count: number | null;
  /** The end of the need: `until 2026-01-31T12:00:00.000Z`. */
  readonly lasts: string;
}

interface UntreatedRowsSource {
  /** Runs after the work of `index`, before digests under keys other than `keyId` are deleted. */
  untreatedRows(manager: EntityManager, keyId: string): Promise<UntreatedRows>;
}

export const NeedsFormerKey = extensionPoint<UntreatedRowsSource, { readonly purpose: KeyPurpose }>();

@Injectable()
@NeedsFormerKey({ purpose: 'index' })
export class SignedAuditBlocks {
  constructor(private readonly signer: AuditSigner) {}

  async untreatedRows(manager: EntityManager, keyId: string): Promise<UntreatedRows> {
    const count = await this.signer.countUnderOthers(manager, keyId);
    return {
      rows: 'blocks of the audit trail (audit_blocks)',
      count,
      lasts: 'permanently, for `audit verify`',
    };
  }
}
