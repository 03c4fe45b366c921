import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { BetterScore, BoardRule } from '../board-rules';
import type { Calendar } from '../seasons/calendar';

const asNumber = { from: (value: string | null) => value && Number(value), to: (value: unknown) => value };

@Entity('boards')
export class BoardEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ name: 'application_id', type: 'uuid' })
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
  @Column({ name: 'is_unverified', type: 'boolean', default: false })
  isUnverified: boolean;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt: Date;
}

@Entity('board_seasons')
export class BoardSeasonEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ name: 'board_id', type: 'uuid' })
  boardId: string;

  /** From 1. */
  @Column({ type: 'integer' })
  number: number;

  @Column({ name: 'starts_at', type: 'timestamptz' })
  startsAt: Date;

  /** `null` where it is closed by hand. */
  @Column({ name: 'ends_at', type: 'timestamptz', nullable: true })
  endsAt: Date | null;

  @Column({ name: 'closed_at', type: 'timestamptz', nullable: true })
  closedAt: Date | null;

  /** When it was last counted; `null` for a small one, which is counted as it is read. */
  @Column({ type: 'integer', nullable: true })
  people: number | null;

  /** The newest score by then. */
  @Column({ name: 'ranked_to', type: 'bigint', default: 0 })
  rankedTo: string;
}

/** A score as it was sent, and what counts of it. */
@Entity('board_scores')
export class BoardScoreEntity {
  @PrimaryColumn({ name: 'board_id', type: 'uuid' })
  boardId: string;

  /** The application's own id of the score. */
  @PrimaryColumn({ type: 'text' })
  id: string;

  @Column({ name: 'season_id', type: 'uuid' })
  seasonId: string;

  @Column({ name: 'user_id', type: 'uuid' })
  userId: string;

  @Column({ name: 'sent_score', type: 'bigint', transformer: asNumber })
  sentScore: number;

  /** What counts: another one after a correction, `null` after a withdrawal. */
  @Column({ type: 'bigint', nullable: true, transformer: asNumber })
  score: number | null;

  @Column({ type: 'bigint' })
  sequence: string;

  @Column({ name: 'accepted_at', type: 'timestamptz' })
  acceptedAt: Date;

  @Column({ name: 'corrected_at', type: 'timestamptz', nullable: true })
  correctedAt: Date | null;

  @Column({ name: 'correction_reason', type: 'text', nullable: true })
  correctionReason: string | null;
}

/** The standing of a person in a season, see `OrderedScore`. */
@Entity('board_entries')
export class BoardEntryEntity {
  @PrimaryColumn({ name: 'season_id', type: 'uuid' })
  seasonId: string;

  @PrimaryColumn({ name: 'sort_key', type: 'bigint' })
  sortKey: string;

  @PrimaryColumn({ type: 'bigint' })
  reached: string;

  /** `null` in a closed season after an erasure, or for the second entry of a merged account. */
  @Column({ name: 'user_id', type: 'uuid', nullable: true })
  userId: string | null;

  @Column({ name: 'reached_at', type: 'timestamptz' })
  reachedAt: Date;
}

/** How many people were before a position when the season was last counted. */
@Entity('board_buckets')
export class BoardBucketEntity {
  @PrimaryColumn({ name: 'season_id', type: 'uuid' })
  seasonId: string;

  @PrimaryColumn({ name: 'from_key', type: 'bigint' })
  fromKey: string;

  @PrimaryColumn({ name: 'from_reached', type: 'bigint' })
  fromReached: string;

  @Column({ type: 'integer' })
  before: number;
}
