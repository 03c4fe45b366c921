import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Scope } from '../scopes';

export const principalStatuses = ['active', 'disabled'] as const;
export type PrincipalStatus = (typeof principalStatuses)[number];

/** The company's OpenID provider as `createdBy`: where its claims name scopes, it makes principals of its people. */
export const PROVIDER = 'provider';

/** A person of the company's provider, or a machine with secrets, that may call the administration API. */
@Entity('principals')
export class PrincipalEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  /** Chosen by operators, unique; also in the audit trail. */
  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  status: PrincipalStatus;

  @Column({ type: 'text', array: true })
  scopes: Scope[];

  /** Issuer and subject of a person who signs in at the company's OpenID provider; null for one with secrets. */
  @Column({ type: 'text', nullable: true })
  providerSubject: string | null;

  /** As the audit trail names it; null for one from before this was stored. */
  @Column({ type: 'text', nullable: true })
  createdBy: string | null;

  @Column({ type: 'timestamptz' })
  createdAt: Date;

  @Column({ type: 'timestamptz' })
  updatedAt: Date;
}
