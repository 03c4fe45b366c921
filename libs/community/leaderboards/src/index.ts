import './leaderboards.feature';

export type { RankedPerson } from './dto/rank.dto';
export { BoardsService, type NewBoard } from './boards.service';
export { boardError } from './board.errors';
export { MAX_SCORE, type BetterScore } from './board-rules';
export { LeaderboardsModule } from './leaderboards.module';
export { RanksService } from './ranks/ranks.service';
export type { SentScoreRequest } from './dto/scores.dto';
export { ScoresService } from './scores/scores.service';
export { BoardSeasons } from './seasons/board-seasons';
export { RankUpkeep, ScoreUpkeep } from './board-upkeep';
