import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { BetterScore, BoardRule } from '../board-rules';
import type { Calendar } from '../seasons/board-seasons';

@Entity('boards')
export class BoardEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  applicationId: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  rule: BoardRule;

  @Column({ type: 'text' })
  better: BetterScore;

  @Column({ type: 'text' })
  calendar: Calendar;

  /** Pages may send its scores, so everybody can send any score. */
  @Column({ type: 'boolean', default: false })
  isUnverified: boolean;

  @Column({ type: 'timestamptz' })
  createdAt: Date;

  @Column({ type: 'timestamptz' })
  updatedAt: Date;
}

@Entity('board_seasons')
export class BoardSeasonEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  boardId: string;

  /** It starts from 1. */
  @Column({ type: 'integer' })
  number: number;

  @Column({ type: 'timestamptz' })
  startsAt: Date;

  @Column({ type: 'timestamptz', nullable: true })
  endsAt: Date | null;

  @Column({ type: 'timestamptz', nullable: true })
  closedAt: Date | null;

  /** The number of people at the last count. It is `null` for a small season, which each read counts. */
  @Column({ type: 'integer', nullable: true })
  people: number | null;

  /** The newest score at the last count. */
  @Column({ type: 'bigint', default: 0 })
  rankedTo: string;
}

@Entity('board_scores')
export class BoardScoreEntity {
  @PrimaryColumn({ type: 'uuid' })
  boardId: string;

  /** The application chooses the id of the score. */
  @PrimaryColumn({ type: 'text' })
  id: string;

  @Column({ type: 'uuid' })
  seasonId: string;

  @Column({ type: 'uuid' })
  userId: string;

  @Column({ type: 'bigint' })
  score: string;

  @Column({ type: 'bigint' })
  sequence: string;

  @Column({ type: 'timestamptz' })
  acceptedAt: Date;
}

@Entity('board_entries')
export class BoardEntryEntity {
  @PrimaryColumn({ type: 'uuid' })
  seasonId: string;

  @PrimaryColumn({ type: 'bigint' })
  sortKey: string;

  @PrimaryColumn({ type: 'bigint' })
  reached: string;

  /** It is `null` in a closed season after an erasure, or for the second entry of a merged account. */
  @Column({ type: 'uuid', nullable: true })
  userId: string | null;

  @Column({ type: 'timestamptz' })
  reachedAt: Date;
}

/** The number of people before a position at the last count of the season. */
@Entity('board_buckets')
export class BoardBucketEntity {
  @PrimaryColumn({ type: 'uuid' })
  seasonId: string;

  @PrimaryColumn({ type: 'bigint' })
  fromKey: string;

  @PrimaryColumn({ type: 'bigint' })
  fromReached: string;

  @Column({ type: 'integer' })
  before: number;
}
