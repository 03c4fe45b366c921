import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** What operators can do a number of times only. Reveals have a table of their own. */
export type CountedAct = 'export' | 'lookup';

/** How often an operator did something, in the last period in which the operator did. */
@Entity('operator_counts')
@Check('chk_operator_counts_act', `act IN ('export', 'lookup')`)
export class OperatorCountEntity {
  /** As the audit trail names the operator. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_operator_counts' })
  actor: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_operator_counts' })
  act: CountedAct;

  /** When the period began. */
  @Column({ type: 'timestamptz' })
  since: Date;

  @Column({ type: 'integer' })
  count: number;
}
