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

  /** Pages send its scores, too: everyone can send any. */
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

  /** From 1. */
  @Column({ type: 'integer' })
  number: number;

  @Column({ type: 'timestamptz' })
  startsAt: Date;

  /** `null` where it is closed by hand. */
  @Column({ type: 'timestamptz', nullable: true })
  endsAt: Date | null;

  @Column({ type: 'timestamptz', nullable: true })
  closedAt: Date | null;

  /** When it was last counted; `null` for a small one, which is counted as it is read. */
  @Column({ type: 'integer', nullable: true })
  people: number | null;

  /** The newest score by then. */
  @Column({ type: 'bigint', default: 0 })
  rankedTo: string;
}

@Entity('board_scores')
export class BoardScoreEntity {
  @PrimaryColumn({ type: 'uuid' })
  boardId: string;

  /** The application's own id of the score. */
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

/** The standing of a person in a season, see `OrderedScore`. */
@Entity('board_entries')
export class BoardEntryEntity {
  @PrimaryColumn({ type: 'uuid' })
  seasonId: string;

  @PrimaryColumn({ type: 'bigint' })
  sortKey: string;

  @PrimaryColumn({ type: 'bigint' })
  reached: string;

  /** `null` in a closed season after an erasure, or for the second entry of a merged account. */
  @Column({ type: 'uuid', nullable: true })
  userId: string | null;

  @Column({ type: 'timestamptz' })
  reachedAt: Date;
}

/** How many people were before a position when the season was last counted. */
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
