import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { BetterScore, BoardRule } from '../board-rules';
import type { Calendar } from '../seasons/calendar';

const asNumber = { from: (value: string | null) => value && Number(value), to: (value: unknown) => value };

@Entity('boards')
@Check('chk_boards_rule', `rule IN ('best', 'last', 'sum')`)
@Check('chk_boards_better', `better IN ('higher', 'lower')`)
@Check('chk_boards_calendar', `calendar IN ('daily', 'weekly', 'monthly', 'by-hand')`)
@Index('ix_boards_application', ['applicationId', 'id'])
export class BoardEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_boards' })
  id: string;

  @ForeignKey('ApplicationEntity', { name: 'fk_boards_application' })
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
@Check('chk_board_seasons_number', 'number > 0')
@Check('chk_board_seasons_order', 'starts_at < ends_at')
@Unique('uq_board_seasons_number', ['boardId', 'number'])
@Unique('uq_board_seasons_end', ['boardId', 'endsAt'])
@Index('uq_board_seasons_without_end', ['boardId'], {
  unique: true,
  where: 'ends_at IS NULL AND closed_at IS NULL',
})
@Index('ix_board_seasons_open', ['endsAt'], { where: 'closed_at IS NULL' })
@Index('ix_board_seasons_closed', ['closedAt'])
export class BoardSeasonEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_board_seasons' })
  id: string;

  @ForeignKey(() => BoardEntity, { name: 'fk_board_seasons_board' })
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
@Check('chk_board_scores_id', `id ~ '^[A-Za-z0-9._:-]{1,64}$'`)
@Check(
  'chk_board_scores_range',
  'score BETWEEN -9007199254740991 AND 9007199254740991 AND sent_score BETWEEN -9007199254740991 AND 9007199254740991',
)
@Check('chk_board_scores_corrected', '(corrected_at IS NULL) = (correction_reason IS NULL)')
@Index('ix_board_scores_user', ['userId', 'seasonId', 'sequence'])
@Index('ix_board_scores_season', ['seasonId', 'sequence'])
export class BoardScoreEntity {
  @PrimaryColumn({ name: 'board_id', type: 'uuid', primaryKeyConstraintName: 'pk_board_scores' })
  boardId: string;

  /** The application's own id of the score. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_board_scores' })
  id: string;

  @ForeignKey(() => BoardSeasonEntity, { name: 'fk_board_scores_season' })
  @Column({ name: 'season_id', type: 'uuid' })
  seasonId: string;

  @ForeignKey('UserEntity', { name: 'fk_board_scores_user' })
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
@Check('chk_board_entries_range', 'sort_key BETWEEN -9007199254740991 AND 9007199254740991')
@Index('uq_board_entries_user', ['userId', 'seasonId'], { unique: true })
export class BoardEntryEntity {
  @ForeignKey(() => BoardSeasonEntity, { name: 'fk_board_entries_season' })
  @PrimaryColumn({ name: 'season_id', type: 'uuid', primaryKeyConstraintName: 'pk_board_entries' })
  seasonId: string;

  @PrimaryColumn({ name: 'sort_key', type: 'bigint', primaryKeyConstraintName: 'pk_board_entries' })
  sortKey: string;

  @PrimaryColumn({ type: 'bigint', primaryKeyConstraintName: 'pk_board_entries' })
  reached: string;

  /** `null` in a closed season after an erasure, or for the second entry of a merged account. */
  @ForeignKey('UserEntity', { name: 'fk_board_entries_user', onDelete: 'SET NULL' })
  @Column({ name: 'user_id', type: 'uuid', nullable: true })
  userId: string | null;

  @Column({ name: 'reached_at', type: 'timestamptz' })
  reachedAt: Date;
}

/** How many people were before a position when the season was last counted. */
@Entity('board_buckets')
export class BoardBucketEntity {
  @ForeignKey(() => BoardSeasonEntity, { name: 'fk_board_buckets_season' })
  @PrimaryColumn({ name: 'season_id', type: 'uuid', primaryKeyConstraintName: 'pk_board_buckets' })
  seasonId: string;

  @PrimaryColumn({ name: 'from_key', type: 'bigint', primaryKeyConstraintName: 'pk_board_buckets' })
  fromKey: string;

  @PrimaryColumn({ name: 'from_reached', type: 'bigint', primaryKeyConstraintName: 'pk_board_buckets' })
  fromReached: string;

  @Column({ type: 'integer' })
  before: number;
}
